"""The budget frontier: what other daily budgets would earn under the same limits."""

from __future__ import annotations

from dataclasses import replace

from adspend.measures import Floats, grid
from adspend.pinned import pinned
from adspend.plan import FrontierPoint
from adspend.problem import MICRO_PER_FEN, Problem
from adspend.solver.dual import minimise_dual

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)  # of the day's budget


def budget_frontier(problem: Problem, budget_fen: int) -> tuple[FrontierPoint, ...]:
    """Net value at budgets around the day's, by the dual (an upper bound, tight to a plan's gap at one price vector).

    A budget that cannot meet the other limits is left out.
    """
    arrays = grid(pinned(problem))
    if budget_fen == 0 or not arrays.points.any():
        return ()
    row = [limit.key for limit in problem.limits].index("budget")
    points: list[FrontierPoint] = []
    prices: Floats | None = None
    for budget in (round(budget_fen * share) for share in SHARES):
        rhs = arrays.rhs.copy()
        rhs[row] = budget
        dual = minimise_dual(replace(arrays, rhs=rhs), prices)
        if dual.possible:
            prices = dual.prices
            points.append(FrontierPoint(budget_fen=budget, net_fen=round(dual.bound / MICRO_PER_FEN)))
    return tuple(points)
