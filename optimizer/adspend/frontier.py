"""The budget frontier: what other daily budgets would earn under the same limits."""

from __future__ import annotations

from adspend.measures import grid
from adspend.plan import FrontierPoint
from adspend.problem import Problem
from adspend.solver.relaxation import relax
from adspend.solver.warm import objectives_at_budgets

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)  # of the day's budget


def budget_frontier(problem: Problem, budget_fen: int, *, time_limit: float = 20.0) -> tuple[FrontierPoint, ...]:
    """Net value at budgets around the day's, by the relaxation (an upper bound, tight to a plan's certified gap)."""
    relaxation = relax(problem, grid(problem), time_limit=time_limit)
    if relaxation is None or budget_fen == 0:
        return ()
    budgets = [round(budget_fen * share) for share in SHARES]
    nets = objectives_at_budgets(problem, relaxation, budgets)
    return tuple(
        FrontierPoint(budget_fen=budget, net_fen=round(net * 100))
        for budget, net in zip(budgets, nets, strict=True)
        if net is not None
    )
