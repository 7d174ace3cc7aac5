"""Panels with known refunds: written by hand, or snapshots of a market world whose refund rate and lag are known."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_models.market.world import World
from adspend_models.panel import Panel

Floats = NDArray[np.float64]

SNAPSHOT = datetime.date(2026, 11, 23)


def refund_panel(cells: Sequence[Cell], ages: Sequence[int], orders: Floats, gmv: Floats, refund: Floats) -> Panel:
    """Columns of ``cells``, (n, T), on the days that are ``ages`` days old at SNAPSHOT, oldest first."""
    days = np.array([SNAPSHOT.toordinal() - age for age in ages], dtype=np.int64)
    n = len(cells)
    return Panel(
        cells=tuple(cells),
        day=np.tile(days, (n, 1)),
        cost=gmv / 4,
        orders=orders,
        gmv=gmv,
        refund=refund,
        phase=np.zeros((n, len(ages)), dtype=np.int64),
        phase_names=("",),
        phases=((),) * n,
        report_days=days,
    )


def one_cell(ages: Sequence[int], gmv: Sequence[float], refund: Sequence[float], value: float = 100.0) -> Panel:
    """One cell whose orders are worth ``value`` yuan each."""
    money = np.array([gmv], dtype=np.float64)
    return refund_panel([Cell("a", "ALL")], ages, money / value, money, np.array([refund], dtype=np.float64))


def world_panel(world: World, days: int, budget_yuan: int) -> Panel:
    """What ``world`` shows at SNAPSHOT of the ``days`` days before it, every cell at the same budget."""
    cells = world.truth.cells
    ages = list(range(days, 0, -1))
    budget = np.full(len(cells), 100 * budget_yuan, dtype=np.int64)
    seen = [world.day(SNAPSHOT - datetime.timedelta(days=age), budget) for age in ages]
    refunds = [day.refund_fen(within_days=age) for day, age in zip(seen, ages, strict=True)]
    known = [refund / 100 for refund in refunds if refund is not None]
    return refund_panel(
        cells,
        ages,
        np.stack([day.orders for day in seen], axis=1).astype(np.float64),
        np.stack([day.gmv_fen for day in seen], axis=1) / 100,
        np.stack(known, axis=1),
    )
