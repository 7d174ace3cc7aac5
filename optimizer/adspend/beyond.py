"""Beyond the optimum: what a shop nets that spends more than it would of its own, as an agency's rebate may want.

Notation: N(b) the most that the shop nets when it spends b, concave as the bound has it; r what a yuan spent brings
back, were it paid from the first yuan on; B the most it may spend.

    D(r) = max_{b <= B} [N(b) + r b],   so   N(b) <= D(r) - r b  for every r,  and equal where the shop spends b at r

D(r) is the problem's own dual with r more for every yuan in the objective. The least of these lines, for a few r, is
concave and at least N: the same kind of bound as the frontier's, which it continues where that is level. Two
neighbouring lines, of rates r and r', meet at b = (D(r') - D(r)) / (r' - r), between what the shop spends at r and at
r'; there the line exceeds N by at most a quarter of r' - r on each yuan between the two. From the last of these
budgets on a yuan is taken to be lost.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adspend.measures import Floats, Grid, grid
from adspend.money import floor_to_step
from adspend.pinned import pinned
from adspend.plan import FrontierPoint
from adspend.problem import MICRO_PER_FEN, Problem
from adspend.solver.dual import minimise_dual

RETURNS = np.array([0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1])  # r: fine where rebates are


def beyond_optimum(problem: Problem, most_fen: int) -> tuple[FrontierPoint, ...]:
    """Net value at spends from where the shop stops of its own (or ``most_fen``) to where a yuan more is lost.

    They lie on the step grid. Nothing where no cell is open.

    Args:
        problem: one that has a plan, with a budget among its limits.
        most_fen: the most it may spend, in place of the day's budget.
    """
    arrays = grid(pinned(problem))
    if not arrays.points.any():
        return ()
    duals = _duals(arrays, [limit.key for limit in problem.limits].index("budget"), most_fen)
    meetings = (np.diff(duals) / np.diff(RETURNS)).clip(0, most_fen)
    budgets = {floor_to_step(round(meeting), problem.step_fen) for meeting in meetings.tolist()}
    return tuple(
        FrontierPoint(budget_fen=budget, net_fen=round(float((duals - RETURNS * budget).min())))
        for budget in sorted(budgets - {0})
    )


def _duals(arrays: Grid, row: int, most_fen: int) -> Floats:
    """D(r) for every rate, fen; ``row`` is the budget's."""
    objective, rhs = arrays.columns["objective"], arrays.rhs.copy()
    rhs[row] = most_fen
    spend = arrays.rows["spend"][row][:, None] * arrays.spend * MICRO_PER_FEN
    bounds, prices = [], None
    for rate in RETURNS:
        paid = replace(arrays, columns={**arrays.columns, "objective": objective + rate * spend}, rhs=rhs)
        dual = minimise_dual(paid, prices)
        bounds.append(dual.bound / MICRO_PER_FEN)
        prices = dual.prices
    return np.array(bounds)
