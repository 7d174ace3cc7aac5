"""What can be counted from a panel without any model: levels, gaps, suspect units, the day that carries most."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adspend_models.medians import row_medians
from adspend_models.panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEVEL_RATIO = 1.25  # costs within 25 % are one level: operators step by 10 to 20 %, and delivery varies as much
UNIT_RATIO = 20.0  # a cost this many times the cell's median, either way, is suspect (fault catalogue, B12)
RETURN_RATIO = 10.0  # ... if its return moved the other way by this much: a true scale-up keeps most of its return


def suspect_units(panel: Panel) -> tuple[Bools, Floats]:
    """Days whose cost looks like another unit (fen for yuan), (n, T), and cost over the cell's median, (n, T).

    Such a day costs over 20 times more, or less, than the cell's median, while its orders do not follow: the return
    moves the other way by more than 10 times. A true scale-up passes the first test but not the second.
    """
    usable = panel.usable
    ratio = np.ones_like(panel.cost)
    tried = usable.any(axis=1)
    ratio[tried] = (np.where(usable, panel.cost, np.nan) / row_medians(panel.cost, usable)[:, None])[tried]
    far = usable & (np.maximum(ratio, 1.0 / np.where(usable, ratio, 1.0)) > UNIT_RATIO)
    calm = usable & ~far
    total_orders = np.where(calm, panel.orders, 0.0).sum(axis=1, keepdims=True)
    total_cost = np.where(calm, panel.cost, 0.0).sum(axis=1, keepdims=True)
    expected = np.where(far, panel.cost, 0.0) * total_orders / np.maximum(total_cost, 1e-9)
    observed = np.where(far, panel.orders, 0.0)
    # The +1 and +3 keep one lucky or one missed order on a tiny cost from looking like a change of unit.
    too_few = (ratio > 1) & (expected > RETURN_RATIO * (observed + 1.0))
    too_many = (ratio < 1) & (observed > RETURN_RATIO * expected + 3.0)
    return far & (too_few | too_many), ratio


def count_levels(cost: Floats, ok: Bools) -> Ints:
    """Distinct spend levels among the ``ok`` days, (n,): a level holds costs up to 25 % above its lowest."""
    ranked = np.sort(np.where(ok, cost, np.inf), axis=1)
    levels = np.zeros(len(cost), dtype=np.int64)
    top = np.full(len(cost), -np.inf)
    for column in ranked.T:
        opens = np.isfinite(column) & (column > top)
        levels += opens
        top = np.where(opens, column * LEVEL_RATIO, top)
    return levels


def missing_days(panel: Panel) -> tuple[Ints, Ints]:
    """Days missing from each cell's span, and the days that should be there, (n,) each.

    A day is missing when the cell's row lacks cost, orders or GMV, or when the whole report skips the day. A day on
    which only this cell has no row is no gap: platforms do not export a paused plan.
    """
    seen = panel.seen
    incomplete = seen & ~(np.isfinite(panel.cost) & np.isfinite(panel.orders) & np.isfinite(panel.gmv))
    known = seen.any(axis=1)
    first = np.where(seen, panel.day, np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
    last = panel.day.max(axis=1, initial=0)
    reported = np.searchsorted(panel.report_days, last, side="right") - np.searchsorted(panel.report_days, first)
    absent = np.where(known, last - first + 1 - reported, 0)
    return incomplete.sum(axis=1) + absent, seen.sum(axis=1) + absent


def top_days(panel: Panel) -> tuple[Ints, Floats, Floats, Floats]:
    """Each cell's day with most GMV: its ordinal (0: no GMV), shares of GMV and of cost, orders; (n,) each."""
    gmv = np.where(np.isfinite(panel.gmv), panel.gmv, 0.0)
    cost = np.where(np.isfinite(panel.cost), panel.cost, 0.0)
    if gmv.shape[1] == 0:
        nothing = np.zeros(len(gmv))
        return nothing.astype(np.int64), nothing, nothing, nothing
    best = gmv.argmax(axis=1)[:, None]
    total, spent = gmv.sum(axis=1), cost.sum(axis=1)
    some = total > 0

    def at_best(values: NDArray[Any]) -> NDArray[Any]:
        return np.where(some, np.take_along_axis(values, best, axis=1)[:, 0], 0)

    return (
        at_best(panel.day),
        at_best(gmv) / np.where(some, total, 1.0),
        at_best(cost) / np.where(spent > 0, spent, 1.0),
        at_best(np.nan_to_num(panel.orders)),
    )


def ages(panel: Panel, plan_date: datetime.date) -> Ints:
    """Days from each cell's last day with cost to ``plan_date``, (n,); meaningless for a cell never tested."""
    last = np.where(panel.cost > 0, panel.day, 0).max(axis=1, initial=0)
    age: Ints = plan_date.toordinal() - last
    return age
