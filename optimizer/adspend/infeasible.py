"""Why no plan exists, and the smallest change that would allow one.

First by arithmetic (locked budgets against the day's budget), then by the nearest plan: every limit may be overstepped
at a cost, each counted as a share of its own size, and the plan that oversteps them least names the conflict. It stands
on the step grid, so raising the limits by what it oversteps is enough, in exact arithmetic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from adspend.measures import Grid, usage
from adspend.money import yuan_text
from adspend.problem import Limit, Problem
from adspend.repair import snap
from adspend.solver.highs import Outcome
from adspend.solver.whole import solve_nearest
from adspend_datasets.errors import Fault, NoPlanError, Place
from adspend_datasets.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The nearest plan (fen) and by how much each limit must give for it, in whole units of its right-hand side.

    ``smallest`` says whether no smaller change would do; where time ran out, the change is enough and no more is known.
    """

    spend: tuple[int, ...]
    changes: tuple[tuple[Limit, int], ...]
    smallest: bool


def conflict(problem: Problem, grid: Grid, *, time_limit: float) -> Conflict:
    """The nearest plan to a problem that seems to have none; ``changes`` is empty where it has one after all."""
    answer = solve_nearest(problem, grid, time_limit=time_limit)
    near = np.zeros(problem.size) if answer is None else answer.spend
    spend = tuple(round(x) for x in snap(problem, grid, near).tolist())
    left = usage(problem, spend)
    excess = [(limit, math.ceil(use - limit.rhs)) for limit, use in zip(problem.limits, left, strict=True)]
    return Conflict(
        spend=spend,
        changes=tuple((limit, amount) for limit, amount in excess if amount > 0),
        smallest=answer is not None and answer.outcome is Outcome.OPTIMAL,
    )


def explain_infeasible(problem: Problem, found: Conflict) -> NoPlanError:
    """The error to raise for a problem without a plan."""
    locked = int(problem.fixed[problem.fixed > 0].sum())
    budget = next((limit for limit in problem.limits if limit.key == "budget"), None)
    if budget is not None and locked > budget.rhs:
        return NoPlanError([_locked_over_budget(locked, budget.rhs)])
    return NoPlanError([_overstepped(limit, amount, smallest=found.smallest) for limit, amount in found.changes])


def _locked_over_budget(locked: int, budget: int) -> Fault:
    short = locked - budget
    return Fault(
        code="E-PLAN-LOCKS",
        law=Text("锁定预算合计不得超过当日预算", "locked budgets must fit in the day's budget"),
        value=f"{yuan_text(locked)} > {yuan_text(budget)}",
        place=Place(column="locks"),
        remedy=Text(
            f"差 {yuan_text(short)} 元：把预算加到 {yuan_text(locked)} 元，或把锁定合计减少 {yuan_text(short)} 元",
            f"Short by {yuan_text(short)}: raise the budget to {yuan_text(locked)}, or lower the locks by "
            f"{yuan_text(short)} in all",
        ),
    )


def _overstepped(limit: Limit, amount: int, *, smallest: bool) -> Fault:
    shown = f"{amount:,}" if limit.per_unit == 1 else yuan_text(-(-amount * 100 // limit.per_unit))  # rounded up
    zh, en = (
        ("最小改动：放宽", "Smallest change: relax it by") if smallest else ("足够的改动：放宽", "Enough: relax it by")
    )
    return Fault(
        code="E-PLAN-CONFLICT",
        law=Text(f"「{limit.name.zh}」与其他限制冲突", f"'{limit.name.en}' conflicts with the other limits"),
        place=Place(column=limit.key),
        remedy=Text(f"{zh} {shown} {limit.unit.zh}", f"{en} {shown} {limit.unit.en}"),
    )
