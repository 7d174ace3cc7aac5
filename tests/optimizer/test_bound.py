"""The bound: any prices bound every plan, the relaxation's prices bound best, and prices are what a yuan is worth."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adspend.bound import PRICE_DENOMINATOR, lagrangian_bound, price
from adspend.branch import as_prices
from adspend.certificate import certify
from adspend.core import core_model
from adspend.frontier import budget_frontier, least_budget
from adspend.measures import grid
from adspend.pinned import pinned
from adspend.problem import MICRO, Problem
from adspend.solve import allocate
from adspend.solver.dual import minimise_dual
from oracles.brute_force import best_plan
from oracles.hand_problems import ints, problem, row, table
from oracles.pulp_relaxation import Relaxation, relax
from oracles.random_problems import random_problem, small_problems


def relaxation_of(made: Problem) -> Relaxation:
    found = relax(made)
    assert found is not None
    return found


def shop(seed: int) -> Problem:
    rng = np.random.default_rng([5, seed])
    return random_problem(rng, int(rng.integers(1, 41)), points=12, locks=False)


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(small_problems(), st.lists(st.fractions(0, 50, max_denominator=97), min_size=3, max_size=3))
def test_no_plan_beats_the_bound_at_any_prices(made: Problem, prices: list[Fraction]) -> None:
    """Weak duality against the exact optimum, on problems of any shape."""
    best = best_plan(made)
    if best is not None:
        assert best.objective <= lagrangian_bound(made, prices[: len(made.limits)])


def test_the_bound_by_hand() -> None:
    """Two cells (net 50 at 100, 80 at 200; 30 at 100), 200 to spend.

    At a price of 0.3 a yuan: 60 + max(0, 50 - 30, 80 - 60) + max(0, 30 - 30) = 80; both plans that spend 200 earn 80.
    """
    made = problem([table([100, 200], [50, 80]), table([100], [30])], budget_yuan=200, step_yuan=100)
    per_fen = Fraction(3, 10) * MICRO / 100
    assert lagrangian_bound(made, [per_fen]) == 80 * MICRO
    assert lagrangian_bound(made, [Fraction(0)]) == 110 * MICRO  # a budget that costs nothing forbids nothing
    certificate = certify(made, allocate(made))
    assert (certificate.value_micro, certificate.gap) == (80 * MICRO, 0)


@pytest.mark.parametrize("seed", range(40))
def test_the_relaxation_s_prices_give_its_own_value(seed: int) -> None:
    """Strong duality: the LP's optimum and the Lagrangian bound at its prices are one number, to a millionth."""
    made = shop(seed)
    found = relaxation_of(made)
    bound = float(lagrangian_bound(made, found.prices)) / MICRO
    assert bound == pytest.approx(found.objective, rel=1e-6, abs=1e-4)


@pytest.mark.parametrize("seed", range(20))
def test_no_other_prices_bound_better(seed: int) -> None:
    """The prices are the Lagrangian's minimum: shaking them never lowers the bound."""
    made = shop(seed)
    found = relaxation_of(made)
    best = lagrangian_bound(made, found.prices)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        shaken = [price(float(p) * rng.uniform(0.8, 1.25) + rng.uniform(0, 0.02) * 1e4) for p in found.prices]
        assert lagrangian_bound(made, shaken) >= best * (1 - Fraction(1, 10**6))


@pytest.mark.parametrize("seed", range(30))
def test_the_budget_s_price_is_what_a_little_more_of_it_earns(seed: int) -> None:
    """The price lies between the relaxation's right and left derivative in the budget, each by a re-solve."""
    made = shop(seed)
    found = relaxation_of(made)
    r = next(r for r, limit in enumerate(made.limits) if limit.key == "budget")
    budget, little = made.limits[r].rhs, max(made.limits[r].rhs // 10_000, 1)
    low, now, high = (value(made, budget + change) for change in (-little, 0, little))
    noise = 1e-6 * max(abs(now), 1.0)
    assert (high - now - noise) / little * MICRO <= float(found.prices[r]) <= (now - low + noise) / little * MICRO


def value(made: Problem, budget: int) -> float:
    limits = tuple(replace(limit, rhs=budget) if limit.key == "budget" else limit for limit in made.limits)
    return relaxation_of(replace(made, limits=limits)).objective


@pytest.mark.parametrize("seed", range(40))
def test_the_array_model_is_the_pulp_model(seed: int) -> None:
    """The hot loop's LP over all points, its prices and the vectorised dual all reach the readable model's optimum."""
    made = pinned(shop(seed))
    arrays = grid(made)
    found = relaxation_of(made)
    model = core_model(arrays, np.zeros(arrays.rhs.size), 10**9)
    answer = model.solve()
    assert answer is not None
    gain = float((answer.weight * arrays.columns["objective"][model.cells, model.points]).sum()) / MICRO
    assert gain == pytest.approx(found.objective, rel=1e-6, abs=1e-4)
    for prices in (answer.prices, minimise_dual(arrays).prices):
        bound = float(lagrangian_bound(made, as_prices(prices))) / MICRO
        assert bound == pytest.approx(found.objective, rel=2e-6, abs=1e-4)


@pytest.mark.parametrize("seed", range(10))
def test_the_frontier_is_the_relaxation_at_each_budget(seed: int) -> None:
    rng = np.random.default_rng([6, seed])
    made = random_problem(rng, 12, limits=("budget", "share", "stock"), locks=False)
    budget = next(limit.rhs for limit in made.limits if limit.key == "budget")
    for point in budget_frontier(made, budget):
        assert point.net_fen / 100 == pytest.approx(value(made, point.budget_fen), rel=1e-5, abs=0.01)


@pytest.mark.parametrize("seed", range(10))
def test_the_frontier_shows_where_a_shop_stops_spending(seed: int) -> None:
    """Its first point of the greatest net value: no budget nets more, and a hundredth less nets less."""
    rng = np.random.default_rng([8, seed])
    made = random_problem(rng, 12, limits=("budget", "share", "stock"), locks=False)
    budget = 4 * next(limit.rhs for limit in made.limits if limit.key == "budget")
    found = budget_frontier(made, budget)
    most = max(point.net_fen for point in found)
    last = next(point.budget_fen for point in found if point.net_fen >= most - 1)
    assert last < 2 * budget, "the case is one in which money is left"
    assert value(made, last) == pytest.approx(value(made, 2 * budget), rel=2e-6, abs=0.01)
    assert value(made, last * 99 // 100) < value(made, last) - 0.01


def test_the_frontiers_budgets_are_on_the_step_grid() -> None:
    """Of 250 yuan in steps of 100 a plan spends 200, and of a quarter more 300."""
    made = problem([table([100, 300], [50, 80])], budget_yuan=250, step_yuan=100)
    found = budget_frontier(made, 25_000)
    points = [(point.budget_fen, point.net_fen) for point in found]
    assert points == [(10_000, 5_000), (20_000, 6_500), (30_000, 8_000), (50_000, 8_000)]


def test_what_is_fixed_is_all_that_is_spent() -> None:
    """A cell fixed at 250 yuan: no budget of the grid below 300 pays for it, and 250 is the frontier's first point."""
    made = problem([table([100, 250], [50, 80])], budget_yuan=300, step_yuan=10, fixed=[25_000])
    found = budget_frontier(made, 30_000)
    assert (found[0].budget_fen, found[0].net_fen) == (25_000, 80_00)
    assert [point.budget_fen for point in found[1:3]] == [27_000, 30_000]


def test_a_budget_without_a_plan_is_no_point_of_the_frontier() -> None:
    made = problem([table([100, 200], [50, 80])], budget_yuan=200, step_yuan=10, fixed=[20_000])
    found = budget_frontier(made, 20_000)
    assert [(point.budget_fen, point.net_fen) for point in found] == [
        (20_000 * k // 100, 80_00) for k in (100, 110, 125, 150, 200)
    ]


def test_the_least_budget_is_what_locks_and_floors_take() -> None:
    """A lock at 200 yuan takes it to the fen; a floor of 450 is told at half of the budget.

    There the other cell gets 250, on the line from (100, 10) to (300, -20).
    """
    cells = [table([100, 200], [50, 80]), table([100, 300, 500], [10, -20, -90])]
    locked = problem(cells, budget_yuan=1000, step_yuan=100, fixed=[200_00, -1])
    least = least_budget(locked, 1000_00)
    assert least is not None
    assert (least.budget_fen, least.net_fen) == (200_00, 80_00)
    assert least_budget(problem(cells, budget_yuan=1000, step_yuan=100), 1000_00) is None
    floor = row("floor", -450_00, spend=ints(-1, -1))
    held = least_budget(locked.with_limits((*locked.limits, floor)), 1000_00)
    assert held is not None
    assert (held.budget_fen, held.net_fen) == (500_00, 67_50)


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_prices_are_short_and_never_negative(value: float) -> None:
    short = price(value)
    assert short >= 0
    assert PRICE_DENOMINATOR % short.denominator == 0
    assert abs(float(short) - max(value, 0.0)) <= 1 / PRICE_DENOMINATOR + 1e-15 * abs(value)


def test_a_limit_that_does_not_bind_has_no_price() -> None:
    """Complementary slackness: the second limit leaves room, so the certificate does not mention it."""
    loose = row("loose", 10**9, spend=np.array([1, 1]))
    made = problem([table([100, 200], [50, 80]), table([100], [30])], budget_yuan=100, limits=[loose], step_yuan=100)
    assert [key for key, _ in certify(made, allocate(made)).multipliers] == ["budget"]
