"""The allocator on problems no shop has: tables of any shape, limits of any sign. Brute force is the judge.

Real shops come near these corners one at a time: a curve file whose GMV does not follow its value, a floor beside a
lock, a cell that only pays at one spend.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adspend.problem import Limit, Problem, Table
from adspend.solve import allocate
from adspend_datasets.errors import NoPlanError
from oracles.brute_force import best_plan, feasible, objective
from oracles.hand_problems import ints, problem, row, table
from oracles.random_problems import small_problems

LARGER = 10**4  # a solver sees six digits: amounts of single fen and micro-yuan would be its noise


def shop_sized(small: Problem) -> Problem:
    """The same problem in amounts of a shop: 1 fen becomes 100 yuan, 1 micro-yuan of objective 1 yuan."""

    def grown(it: Table) -> Table:
        return Table(
            spend=it.spend * LARGER,
            objective=it.objective * LARGER * 100,
            value=it.value * LARGER * 100,
            orders=it.orders * LARGER,
            gmv=it.gmv * LARGER,
        )

    def scaled(limit: Limit) -> Limit:
        active = None if limit.active is None else limit.active * LARGER
        return replace(limit, rhs=limit.rhs * LARGER, active=active)

    return replace(
        small,
        tables=tuple(None if it is None else grown(it) for it in small.tables),
        limits=tuple(scaled(limit) for limit in small.limits),
        step_fen=small.step_fen * LARGER,
        fixed=np.where(small.fixed > 0, small.fixed * LARGER, small.fixed),
    )


def assert_equals_brute_force(made: Problem) -> None:
    best = best_plan(made)
    if best is None:
        with pytest.raises(NoPlanError):
            allocate(made)
        return
    spend = allocate(made).spend
    assert feasible(made, spend) == []
    assert objective(made, spend) == best.objective, f"got {spend}, want {best.spend}"


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.builds(shop_sized, small_problems()))
def test_odd_problems_equal_brute_force(made: Problem) -> None:
    """The same objective to the micro-yuan, or no plan for both."""
    assert_equals_brute_force(made)


@pytest.mark.gate
@settings(max_examples=20_000, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.builds(shop_sized, small_problems()))
def test_twenty_thousand_odd_problems(made: Problem) -> None:
    assert_equals_brute_force(made)


def test_a_floor_is_not_met_by_segments_filled_out_of_order() -> None:
    """Net value is concave, GMV is not: the late segment's GMV costs the whole way there.

    By hand, budget 200 yuan in steps of 100, GMV at least twice the spend. Both cells at 100 bring GMV 400 for 200 and
    net 80 + 90 = 170. A model free to fill B's second segment (GMV +500, net +20) without the first believes in more.
    """
    a = table([100, 200], [80, 110], gmv_yuan=[400, 900])
    b = table([100, 200, 300], [90, 110, 110], gmv_yuan=[0, 500, 0])
    floor = row("roi_floor", 0, spend=ints(20_000, 20_000), gmv=ints(-1, -1))
    made = problem([a, b], budget_yuan=200, limits=[floor], step_yuan=100)
    assert allocate(made).spend == (10_000, 10_000)
    assert_equals_brute_force(made)


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_a_floor_on_results_that_do_not_follow_value(first: int) -> None:
    """200 shops of two given curves whose GMV goes its own way, under a budget and an ROI floor."""
    for seed in range(first, first + 50):
        rng = np.random.default_rng(seed)
        tables = [_given_curve(rng) for _ in range(2)]
        floor = row("roi_floor", 0, spend=ints(20_000, 20_000), gmv=ints(-1, -1))
        assert_equals_brute_force(
            problem(tables, budget_yuan=100 * int(rng.integers(1, 5)), limits=[floor], step_yuan=100)
        )


def _given_curve(rng: np.random.Generator) -> Table:
    """Concave in net value, any GMV."""
    points = int(rng.integers(2, 4))
    net = np.cumsum(np.sort(rng.integers(0, 10, points))[::-1] * 10).tolist()
    return table([100 * (k + 1) for k in range(points)], net, gmv_yuan=(rng.integers(0, 10, points) * 100).tolist())


def test_a_point_below_the_hull_may_be_the_only_feasible_one() -> None:
    """The relaxation starts from hull points; where they alone break a limit, the others must still be tried.

    A must bring at least 5 orders and does so at 200 yuan only, which lies under the chord from 100 to 300.
    """
    a = table([100, 200, 300], [100, 20, 150], orders=[1, 6, 2])
    least = row("least orders", -5_000_000, orders=ints(-1))
    made = problem([a], budget_yuan=300, limits=[least], step_yuan=100)
    assert allocate(made).spend == (20_000,)
