"""What a shop nets at other budgets, for the split of an agency's: its tests grow and shrink with its budget.

Notation, in fen: B the day's budget, T what the day's tests spend and n what they net; G(c) the most that the other
cells net when c is spent on them. A policy gives tests a share of the money, so a budget b has tests of min(b / B, 1) T
(beyond B they are what they are), and

    N(b) = G(b - t T) + t n,   t = min(b / B, 1)

which is read at c = b - t T, for the frontier's c. The plan's own frontier keeps the day's tests as they are: right
near B, and too low where a smaller budget would have smaller tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adspend.beyond import beyond_optimum
from adspend.frontier import budget_frontier, least_budget
from adspend.money import floor_to_step
from adspend.objectives import in_net_profit
from adspend.plan import Action, FrontierPoint, Plan
from adspend.problem import Problem

Points = tuple[tuple[int, int], ...]  # (budget, net value), fen


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFrontier:
    """See ``record.Figures``."""

    frontier: Points
    least: tuple[int, int]
    beyond: Points


def shop_frontier(plan: Plan) -> ShopFrontier:
    """The shop's net value at budgets around the plan's, at the least it may spend, and past its optimum."""
    tests = [i for i, cell in enumerate(plan.cells) if cell.action is Action.TEST]
    spent = sum(plan.cells[i].budget_fen for i in tests)
    net = sum(plan.cells[i].expected_net_fen for i in tests)
    others = _without(in_net_profit(plan.problem), tests)
    grown = _Tests(budget=plan.budget_fen, spent=min(spent, plan.budget_fen), net=net, step=plan.problem.step_fen)
    frontier = budget_frontier(others, grown.budget - grown.spent)
    least = least_budget(others, plan.budget_fen)
    most = max((point.budget_fen for point in frontier), default=0)
    return ShopFrontier(
        frontier=grown.on(frontier) or grown.alone(),
        least=(0, 0) if least is None else (least.budget_fen, least.net_fen),
        beyond=grown.on(beyond_optimum(others, most)) if most else (),
    )


def _without(problem: Problem, tests: Sequence[int]) -> Problem:
    """The problem in which the tests' cells get nothing."""
    fixed = problem.fixed.copy()
    fixed[list(tests)] = 0
    return replace(problem, fixed=fixed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tests:
    """B, T and n."""

    budget: int
    spent: int
    net: int
    step: int

    def on(self, points: Sequence[FrontierPoint]) -> Points:
        """The points of G as points of N."""
        return tuple(map(self._on, points))

    def alone(self) -> Points:
        """N where there are no other cells."""
        return ((self.budget, self.net),) if self.spent else ()

    def _on(self, point: FrontierPoint) -> tuple[int, int]:
        within = point.budget_fen * self.budget // (self.budget - self.spent)
        if within >= self.budget:
            return point.budget_fen + self.spent, point.net_fen + self.net
        return floor_to_step(within, self.step), point.net_fen + round(self.net * within / self.budget)
