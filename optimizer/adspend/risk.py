"""The ROI floor on bad days: conditional value at risk over the posterior's scenarios, by cutting planes.

With GMV_s the plan's GMV under scenario s, and its tail the worst share ``risk`` of the scenarios, the floor asks

    mean of GMV over the tail >= rho x spend

(Rockafellar and Uryasev 2000, "Optimization of conditional value-at-risk"). The tail's mean is the least mean over any
set of scenarios that large, so the constraint is one row per set, each linear in a measure of its own: the mean GMV
over the set. A plan that breaks the floor names the set whose row is missing; with it the plan is made again. Every
row holds for every plan that meets the floor, so the bound stays a bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from adspend.allocation import Allocation
from adspend.limits import fraction_of
from adspend.measures import Floats, grid
from adspend.plan import Notice, Severity
from adspend.problem import MICRO, MICRO_PER_FEN, Limit, Problem, Table
from adspend.shop import Shop
from adspend.value_curves import ValueCurves
from adspend_datasets.text import Text

MOST_ROWS = 20  # a handful is usual; what is still missing then is within ENOUGH or refused by the caller
ENOUGH = 1e-4  # of the floor: a shortfall of the tail's mean GMV below this is the tables' own interpolation


def hold_floor_on_bad_days(
    shop: Shop, curves: ValueCurves, problem: Problem, allocation: Allocation, solver: Callable[..., Allocation]
) -> tuple[Problem, Allocation]:
    """The problem with the rows that the floor needs, and its plan; both unchanged where no risk is asked for."""
    risk, floor = shop.objective.risk, shop.limits.roi_floor
    if risk is None or floor is None:
        return problem, allocation
    for k in range(MOST_ROWS):
        tail = broken_tail(curves, allocation.spend[: len(problem.cells)], risk, floor)
        if tail is None:
            break
        problem = _with_tail(curves, problem, tail, floor, k)
        allocation = solver(problem)
    return problem, allocation


def bad_days_notice(shop: Shop, curves: ValueCurves, spend: tuple[int, ...]) -> tuple[Notice, ...]:
    """A notice where the floor asked for on bad days is still missed."""
    risk, floor = shop.objective.risk, shop.limits.roi_floor
    if risk is None or floor is None or broken_tail(curves, spend, risk, floor) is None:
        return ()
    zh = f"最差 {risk:.0%} 情景下整体 ROI 仍低于 {floor:g}"
    words = Text(zh, f"over the worst {risk:.0%} of scenarios ROI stays below {floor:g}")
    return (Notice(code="BAD-DAYS", severity=Severity.REVIEW, text=words),)


def broken_tail(curves: ValueCurves, spend: tuple[int, ...], risk: float, floor: float) -> np.ndarray | None:
    """The scenarios of a plan's tail where their mean GMV is below the floor, else None."""
    cost = np.array(spend, dtype=np.float64)[:, None] / 100
    total = gmv_draws(curves, cost)[:, :, 0].sum(axis=1)
    tail = np.sort(np.argsort(total, kind="stable")[: max(1, math.ceil(risk * total.size))])
    short = floor * float(cost.sum()) - float(total[tail].mean())
    return tail if short > ENOUGH * floor * float(cost.sum()) else None


def gmv_draws(curves: ValueCurves, cost: Floats) -> Floats:
    """GMV under each scenario at ``cost`` (n, m) yuan, shape (d, n, m): value's draws in GMV per value."""
    expected = curves.expected(cost)
    per_value = np.divide(expected.gmv, expected.value, out=np.zeros_like(expected.gmv), where=expected.value != 0)
    return np.asarray(curves.value_draws(cost) * per_value, dtype=np.float64)


def _with_tail(curves: ValueCurves, problem: Problem, tail: np.ndarray, floor: float, k: int) -> Problem:
    name, rho, n = f"gmv on bad days {k + 1}", fraction_of(floor), len(problem.cells)
    mean = gmv_draws(curves, grid(problem).spend[:n] / 100)[tail].mean(axis=0)
    tables: list[Table | None] = list(problem.tables)
    for i, table in enumerate(problem.tables[:n]):
        if table is not None:
            column = np.rint(mean[i, : table.spend.size] * MICRO).astype(np.int64)
            tables[i] = replace(table, more={**table.more, name: column})
    cells = (np.arange(problem.size) < n).astype(np.int64)
    row = Limit(
        key=f"roi_floor/bad_days/{k + 1}",
        name=Text(f"坏日子的 ROI 不低于 {floor:g}", f"ROI of at least {floor:g} on bad days"),
        rhs=0,
        spend=cells * (rho.numerator * MICRO_PER_FEN),
        more={name: -rho.denominator * cells},
        unit=Text("元 GMV", "yuan of GMV"),
        per_unit=MICRO * rho.denominator,
    )
    return replace(problem, tables=tuple(tables), limits=(*problem.limits, row))
