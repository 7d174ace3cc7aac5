"""Beyond the optimum: against every plan that spends at least so much, against the LP at every return, and by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from adspend.beyond import RETURNS, beyond_optimum
from adspend.frontier import budget_frontier
from adspend.problem import MICRO_PER_FEN, Option, Problem
from adspend_datasets.text import same
from oracles.brute_force import best_plan
from oracles.hand_problems import ints, problem, row, table
from oracles.pulp_relaxation import relax
from oracles.random_problems import random_problem

CELL = table([100, 200, 300], [50, 48, 30])  # loses 0.02 a yuan past 100 yuan, and 0.18 past 200


def points(made: Problem, most_fen: int) -> list[tuple[int, int]]:
    return [(point.budget_fen, point.net_fen) for point in beyond_optimum(made, most_fen)]


def at_most(made: Problem, most_fen: int) -> Problem:
    """The problem on another budget."""
    return made.with_limits(
        tuple(replace(limit, rhs=most_fen) if limit.key == "budget" else limit for limit in made.limits)
    )


def at_least(made: Problem, spend_fen: int) -> Problem:
    """The problem with so much to spend."""
    all_cells = ints(*[-1] * len(made.cells), *[0] * len(made.options))
    return made.with_limits((*made.limits, row("least", -spend_fen, spend=all_cells)))


def paid(made: Problem, rate: float) -> Problem:
    """The problem in which every yuan spent brings ``rate`` back."""
    more = [
        None if t is None else replace(t, objective=t.objective + np.rint(rate * t.spend * MICRO_PER_FEN).astype(int))
        for t in made.tables
    ]
    return replace(made, tables=tuple(more))


def best(made: Problem) -> float:
    """The relaxation's optimum, fen."""
    found = relax(made)
    assert found is not None
    return found.objective * 100


def test_where_a_cell_goes_when_spend_is_paid_by_hand() -> None:
    """At a return of 0.02 it stays, at 0.03 it takes the second hundred yuan, and the third from 0.18 on."""
    made = problem([CELL], budget_yuan=100, step_yuan=100)
    assert points(made, 300_00) == [(100_00, 50_00), (200_00, 48_00), (300_00, 30_00)]
    assert points(made, 200_00) == [(100_00, 50_00), (200_00, 48_00)]


def test_what_is_fixed_is_spent_and_nothing_is_spent_where_no_cell_is_open() -> None:
    made = problem([CELL, CELL], budget_yuan=300, step_yuan=100, fixed=[200_00, -1])
    assert points(made, 600_00) == [(300_00, 98_00), (400_00, 96_00), (500_00, 78_00)]
    assert points(problem([None], budget_yuan=100), 200_00) == []


def test_an_options_level_is_no_spend() -> None:
    """A decision worth 7 yuan at a level of 100 yuan, which no budget pays, raises every point by its worth."""
    made = problem([CELL], budget_yuan=100, step_yuan=100)
    both = Problem(
        cells=made.cells,
        tables=(CELL, table([100], [7])),
        limits=(row("budget", 100_00, spend=ints(1, 0)),),
        step_fen=100_00,
        fixed=ints(-1, -1),
        options=(Option(key="fee", name=same("fee")),),
    )
    assert points(both, 300_00) == [(100_00, 57_00), (200_00, 55_00), (300_00, 37_00)]


@pytest.mark.parametrize("seed", range(12))
def test_every_point_is_the_best_plan_that_spends_so_much(seed: int) -> None:
    """With no limit but the budget: a plan attains it, and of all plans on the grid none that spends more nets more."""
    made = random_problem(np.random.default_rng([20, seed]), 4, most_steps=12, limits=("budget",), locks=False)
    most = sum(known.maximum for known in made.tables if known is not None)
    wide = at_most(made, most)
    own = best_plan(wide)
    assert own is not None
    found = points(made, most)
    assert found[0][1] == round(own.objective / MICRO_PER_FEN)
    for spend, net in found:
        plan = best_plan(at_least(wide, spend))
        assert plan is not None
        assert net == pytest.approx(float(plan.objective / MICRO_PER_FEN), abs=1)
        assert sum(plan.spend) == spend


def shop(seed: int) -> tuple[Problem, int]:
    """Twelve cells with several limits, and twice what they would spend of their own."""
    rng = np.random.default_rng([21, seed])
    made = random_problem(rng, 12, limits=("budget", "share", "stock", "active"), locks=seed % 2 == 1)
    return made, 3 * next(limit.rhs for limit in made.limits if limit.key == "budget")


@pytest.mark.parametrize("seed", range(10))
def test_every_point_is_on_the_least_of_the_lines(seed: int) -> None:
    """The LP of each return gives its line; none that spends so much beats the points, and these come close."""
    made, most = shop(seed)
    wide = at_most(made, most)
    if relax(wide) is None:
        pytest.skip("locks that no plan can keep")
    worth = [best(paid(wide, rate)) for rate in RETURNS]
    found = points(made, most)
    for spend, net in found:
        least = min(value - rate * spend for value, rate in zip(worth, RETURNS, strict=True))
        assert net == pytest.approx(least, rel=1e-5, abs=1)
        exact = best(at_least(wide, spend))
        assert net >= exact - 1
        assert net <= exact + 0.002 * spend


@pytest.mark.parametrize("seed", range(10))
def test_it_goes_on_where_the_frontier_is_level(seed: int) -> None:
    """From the frontier's greatest net value down, ever steeper, on the step grid, within what may be spent."""
    made, _ = shop(seed)
    budget = 2 * next(limit.rhs for limit in made.limits if limit.key == "budget")
    frontier = budget_frontier(made, budget)
    if not frontier:
        pytest.skip("locks that no plan can keep")
    most = frontier[-1].budget_fen
    found = points(made, most)
    top = max(point.net_fen for point in frontier)
    assert found[0][1] == pytest.approx(top, rel=2e-6, abs=1)
    assert all(spend % made.step_fen == 0 and spend <= most for spend, _ in found)
    slopes = [(right[1] - left[1]) / (right[0] - left[0]) for left, right in pairwise(found)]
    noise = 2 * (1e-6 * top + 1) / made.step_fen
    assert all(-1 - noise <= slope <= noise for slope in slopes)
    assert all(later <= slope + noise for slope, later in pairwise(slopes))
