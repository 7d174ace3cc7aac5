"""Beyond the optimum: what a shop nets that spends more than it would of its own, as an agency's rebate may want.

Notation: N(b) the most that the shop nets when it spends b, concave as the bound has it; r what a yuan spent brings
back, were it paid from the first yuan on; B the most it may spend.

    D(r) = max_{b <= B} [N(b) + r b],   so   N(b) <= D(r) - r b  for every r,  and equal where the shop spends b at r

D(r) is the problem's own dual with r more for every yuan in the objective. The least of these lines, for a few r, is
concave and at least N: the same kind of bound as the frontier's, which it continues where that is level. It is read at
what the cells choose to spend at each r. With no limit but the budget that is a plan, and the line is N there. Other
limits may forbid the choice, but what is spent at r lies between the two meetings of its line with its neighbours',

    (D(r') - D(r)) / (r' - r)   for the next r' on either side,

and so does what is read. The last line has but one neighbour and serves for that alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adspend.lagrangian import best_choices, chosen_spend
from adspend.measures import Floats, Grid, grid
from adspend.money import floor_to_step
from adspend.pinned import pinned
from adspend.plan import FrontierPoint
from adspend.problem import MICRO_PER_FEN, Problem
from adspend.solver.dual import minimise_dual

# r: fine where rebates are, and from the second on at most twice the one before (``AgencySplit.own_rebate``)
RETURNS = np.array([0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.4, 0.7, 1])


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
    worth, chosen = _lines(arrays, [limit.key for limit in problem.limits].index("budget"), most_fen)
    meetings = np.diff(worth) / np.diff(RETURNS)
    spends = chosen[:-1].clip(np.concatenate([[0.0], meetings[:-1]]), meetings)
    budgets = {floor_to_step(min(round(spend), most_fen), problem.step_fen) for spend in spends.tolist()}
    return tuple(
        FrontierPoint(budget_fen=budget, net_fen=round(float((worth - RETURNS * budget).min())))
        for budget in sorted(budgets - {0})
    )


def _lines(arrays: Grid, row: int, most_fen: int) -> tuple[Floats, Floats]:
    """D(r) and what the cells choose to spend at every r, both in fen; ``row`` is the budget's."""
    objective, rhs, counted = arrays.columns["objective"], arrays.rhs.copy(), arrays.rows["spend"][row]
    rhs[row] = most_fen
    spend = counted[:, None] * arrays.spend * MICRO_PER_FEN
    worth, chosen, prices = [], [], None
    for rate in RETURNS.tolist():
        paid = replace(arrays, columns={**arrays.columns, "objective": objective + rate * spend}, rhs=rhs)
        dual = minimise_dual(paid, prices)
        worth.append(dual.bound / MICRO_PER_FEN)
        chosen.append(counted @ chosen_spend(paid, best_choices(paid, dual.prices).point))
        prices = dual.prices
    return np.array(worth), np.array(chosen)
