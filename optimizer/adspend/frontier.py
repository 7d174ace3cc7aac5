"""The budget frontier: what other daily budgets would earn under the same limits, and where a shop stops spending."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adspend.lagrangian import best_choices, chosen_spend
from adspend.measures import Grid, grid
from adspend.money import floor_to_step
from adspend.pinned import pinned
from adspend.plan import FrontierPoint
from adspend.problem import MICRO_PER_FEN, Problem
from adspend.solver.dual import TOLERANCE, Dual, minimise_dual

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)  # of the day's budget
MOST_STEPS = 6  # of Newton's method; two or three are usual


def budget_frontier(problem: Problem, budget_fen: int) -> tuple[FrontierPoint, ...]:
    """Net value at budgets around the day's, by the dual (an upper bound, tight to a plan's gap at one price vector).

    They lie on the step grid, since a plan leaves the rest of any other. Among them is the budget beyond which the shop
    would leave money unspent, where it lies between two of the others. One that cannot meet the limits is left out.
    """
    arrays = grid(pinned(problem))
    if budget_fen == 0 or not arrays.points.any():
        return ()
    row = [limit.key for limit in problem.limits].index("budget")
    duals: dict[int, Dual] = {}
    near: Dual | None = None
    budgets = {floor_to_step(round(budget_fen * share), problem.step_fen) for share in SHARES}
    for budget in sorted(budgets - {0}):
        dual = _at(arrays, row, budget, near)
        if dual.possible:
            duals[budget] = near = dual
    if near is not None:
        duals |= _last_spent(arrays, row, duals)
    return tuple(
        FrontierPoint(budget_fen=budget, net_fen=round(duals[budget].bound / MICRO_PER_FEN)) for budget in sorted(duals)
    )


def least_budget(problem: Problem, budget_fen: int) -> FrontierPoint | None:
    """The least budget that locks and floors can be met with, and its net value.

    None where nothing need be spent, or no budget that is tried will do. Locks alone are told to the fen, floors on the
    frontier's next budget.
    """
    arrays, row = grid(pinned(problem)), [limit.key for limit in problem.limits].index("budget")
    locked = int(np.maximum(problem.fixed[: len(problem.cells)], 0).sum())
    shares = sorted(floor_to_step(round(budget_fen * share), problem.step_fen) for share in SHARES)
    for budget in (0, locked, *(share for share in shares if share > locked)):
        dual = _at(arrays, row, budget, None)
        if dual.possible:
            return FrontierPoint(budget_fen=budget, net_fen=round(dual.bound / MICRO_PER_FEN)) if budget else None
    return None


def _last_spent(arrays: Grid, row: int, duals: dict[int, Dual]) -> dict[int, Dual]:
    """The least budget that nets as much as the largest one, by Newton's method from the last that nets less.

    The frontier is concave and the budget's price its slope: a tangent lies above it and reaches the greatest net value
    too early, never too late, and on a piecewise linear frontier the steps end there.
    """
    most = max(dual.bound for dual in duals.values())
    enough = most - TOLERANCE * abs(most)
    rising = [budget for budget, dual in duals.items() if dual.bound < enough]
    if not rising:
        asked, dual = _all_asked(arrays, row, next(reversed(duals.values())))
        return {asked: dual} if dual.possible and dual.bound >= enough else {}
    budget, dual = rising[-1], duals[rising[-1]]
    for _ in range(MOST_STEPS):
        slope = dual.prices[row]
        if slope <= 0:
            break
        budget += max(round((most - dual.bound) / slope), 1)
        dual = _at(arrays, row, budget, dual)
        if dual.bound >= enough:
            return {budget: dual}
    return {}


def _all_asked(arrays: Grid, row: int, ample: Dual) -> tuple[int, Dual]:
    """What cells choose where the budget is ample: fixed cells, mostly, that no smaller budget could pay for."""
    asked = round(float(chosen_spend(arrays, best_choices(arrays, ample.prices).point).sum()))
    return asked, _at(arrays, row, asked, ample)


def _at(arrays: Grid, row: int, budget: int, near: Dual | None) -> Dual:
    """The dual at a budget (fen), from the prices of a near one."""
    rhs = arrays.rhs.copy()
    rhs[row] = budget
    return minimise_dual(replace(arrays, rhs=rhs), None if near is None else near.prices)
