"""A shop's net value at other budgets: tests grow and shrink with the budget, the other cells are the frontier's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adspend.batch.shop_frontier import shop_frontier
from adspend.frontier import budget_frontier
from adspend.objectives import in_net_profit
from adspend.plan import Action, Plan
from oracles.sample_plan import sample_plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan()


def at(points: tuple[tuple[int, int], ...], budget: int) -> float:
    return float(np.interp(budget, *zip(*points, strict=True)))


def without_tests(plan: Plan) -> Plan:
    """The same plan, whose tests are locks."""
    cells = tuple(replace(c, action=Action.HOLD) if c.action is Action.TEST else c for c in plan.cells)
    return replace(plan, cells=cells)


def test_at_the_day_s_budget_it_is_the_plan_s_own_frontier(plan: Plan) -> None:
    own = budget_frontier(in_net_profit(plan.problem), plan.budget_fen)
    here = next(point.net_fen for point in own if point.budget_fen == plan.budget_fen)
    assert at(shop_frontier(plan).frontier, plan.budget_fen) == pytest.approx(here, abs=200)


def test_half_the_budget_has_half_the_tests(plan: Plan) -> None:
    """By the formula: the other cells' frontier at what half the tests leave, and half of what tests net."""
    tests = [i for i, cell in enumerate(plan.cells) if cell.action is Action.TEST]
    assert tests
    spent, net = (sum(getattr(plan.cells[i], name) for i in tests) for name in ("budget_fen", "expected_net_fen"))
    fixed = plan.problem.fixed.copy()
    fixed[tests] = 0
    rest = plan.budget_fen // 2 - spent // 2
    others = budget_frontier(in_net_profit(replace(plan.problem, fixed=fixed)), rest)
    step = plan.problem.step_fen
    there = next(point.net_fen for point in others if point.budget_fen == rest // step * step)
    found = at(shop_frontier(plan).frontier, plan.budget_fen // 2)
    assert found == pytest.approx(there + net / 2, rel=0.01)


def test_without_tests_it_is_the_frontier(plan: Plan) -> None:
    locked = without_tests(plan)
    own = budget_frontier(in_net_profit(plan.problem), plan.budget_fen)
    found = shop_frontier(locked)
    assert found.frontier == tuple((point.budget_fen, point.net_fen) for point in own)
    assert found.least[0] == sum(int(spend) for spend in plan.problem.fixed if spend > 0)
    assert shop_frontier(plan).least == (0, 0)


def test_a_day_of_tests_alone_is_its_own_point(plan: Plan) -> None:
    """No other cell may get anything."""
    problem = plan.problem
    tests = [cell.action is Action.TEST for cell in plan.cells]
    tables = tuple(table if test else None for table, test in zip(problem.tables, tests, strict=True))
    alone = shop_frontier(replace(plan, problem=replace(problem, tables=tables)))
    net = sum(cell.expected_net_fen for cell in plan.cells if cell.action is Action.TEST)
    assert (alone.frontier, alone.beyond) == (((plan.budget_fen, net),), ())
