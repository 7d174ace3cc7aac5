"""Why no plan exists, and the smallest change that would allow one.

First by arithmetic (locked budgets against the day's budget), then by an elastic LP: every limit may be overstepped
at a cost, each counted as a share of its own size, and the cheapest way to overstep names the conflict.
"""

from __future__ import annotations

from adspend.measures import Grid
from adspend.money import yuan_text
from adspend.problem import Limit, Problem
from adspend.solver.elastic import smallest_excess
from adspend_datasets.errors import Fault, NoPlanError, Place
from adspend_datasets.text import Text


def explain_infeasible(problem: Problem, grid: Grid, *, time_limit: float) -> NoPlanError:
    """The error to raise for a problem without a plan."""
    locked = int(problem.fixed[problem.fixed > 0].sum())
    budget = next((limit for limit in problem.limits if limit.key == "budget"), None)
    if budget is not None and locked > budget.rhs:
        return NoPlanError([_locked_over_budget(locked, budget.rhs)])
    excess = smallest_excess(problem, grid, time_limit=time_limit)
    faults = [_overstepped(limit, amount) for limit, amount in zip(problem.limits, excess, strict=True) if amount > 0]
    return NoPlanError(faults or [_unexplained()])


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


def _overstepped(limit: Limit, amount: float) -> Fault:
    units = amount / limit.per_unit
    return Fault(
        code="E-PLAN-CONFLICT",
        law=Text(f"「{limit.name.zh}」与其他限制冲突", f"'{limit.name.en}' conflicts with the other limits"),
        place=Place(column=limit.key),
        remedy=Text(
            f"最小改动：放宽 {units:,.2f} {limit.unit.zh}", f"Smallest change: relax it by {units:,.2f} {limit.unit.en}"
        ),
    )


def _unexplained() -> Fault:
    return Fault(
        code="E-PLAN-NONE",
        law=Text("在步长网格上没有满足全部限制的方案", "no plan on the step grid meets all limits"),
        remedy=Text("请减小 step，或放宽份额下限与锁定", "Use a smaller step, or relax least shares and locks"),
    )
