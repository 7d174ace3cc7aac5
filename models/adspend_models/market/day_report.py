"""Executed days as the report a shop would have on a morning: what a strategy learns from in a simulation.

A day's row says what was known on the ``snapshot`` morning: everything that was paid, and the refunds that had arrived
by the evening before, so young days look better than they are. A paused cell has a row only where natural orders came.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.report import COLUMNS, TrafficReport
from adspend_models.market.day import Day
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar
from adspend_models.market.luck import Ints

Bools = NDArray[np.bool_]


def report_of(
    days: Sequence[Day],
    snapshot: datetime.date,
    *,
    basis: str = "direct",
    calendar: FestivalCalendar = NO_FESTIVAL,
) -> TrafficReport:
    """The days as a report, sorted by date and cell.

    Args:
        days: executed days of the same cells, oldest first.
        snapshot: the morning of the export; every day lies before it.
        basis: what GMV counts, "direct" or "overall" (natural orders included).
        calendar: names the phase of each date.

    Raises:
        ValueError: a day that is not over on the snapshot morning.
    """
    if days and days[-1].date >= snapshot:
        raise ValueError(f"a report of the morning of {snapshot} cannot know {days[-1].date}")
    cells = days[0].cells if days else ()
    order = np.array(sorted(range(len(cells)), key=cells.__getitem__), dtype=np.int64)
    kept = [order[(day.budget_fen[order] > 0) | (day.orders[order] > 0)] for day in days]
    refunds = [day.refund_fen(within_days=(snapshot - day.date).days - 1) for day in days]
    rows = [some.size for some in kept]
    frame = {
        "date": np.repeat(np.array([day.date for day in days], dtype="datetime64[s]"), rows),
        **_texts(cells, _joined(kept)),
        "cost_fen": _column([day.cost_fen for day in days], kept),
        "impressions": _column([day.impressions for day in days], kept),
        "clicks": _column([day.clicks for day in days], kept),
        "orders": _column([day.orders for day in days], kept),
        "gmv_fen": _column([day.gmv_fen for day in days], kept),
        "refund_fen": _column(refunds, kept),
        **dict.fromkeys(("shop", "plan_id", "product"), ""),
        "phase": np.repeat(np.array([calendar.name_of(day.date) for day in days], dtype=object), rows),
        "basis": basis,
    }
    return TrafficReport(pd.DataFrame(frame, columns=list(COLUMNS)))


def _texts(cells: Sequence[Cell], rows: Ints) -> dict[str, NDArray[np.object_]]:
    """The cell's three labels of every row."""
    names = {name: [getattr(cell, name) for cell in cells] for name in ("segment", "slot", "lever")}
    return {name: np.array(column, dtype=object)[rows] for name, column in names.items()}


def _column(columns: Sequence[Ints | None], kept: Sequence[Ints]) -> pd.arrays.IntegerArray:
    """The kept cells' whole numbers, missing on days that have none."""
    pairs = list(zip(columns, kept, strict=True))
    numbers = _joined([np.zeros_like(some) if column is None else column[some] for column, some in pairs])
    missing = [np.full(some.size, column is None) for column, some in pairs]
    return pd.arrays.IntegerArray(numbers, np.concatenate([*missing, np.empty(0, dtype=np.bool_)]))


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([*parts, np.empty(0, dtype=np.int64)])
