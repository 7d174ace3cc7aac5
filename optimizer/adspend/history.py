"""What each cell did before: yesterday's and the last active spend, the largest observed, how long it has run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adspend.problem import Ints
from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport


@dataclass(frozen=True, slots=True, kw_only=True)
class CellHistory:
    """Spends in fen; all 0 for a cell never seen. ``yesterday`` is the report's last day."""

    yesterday_fen: int
    last_active_fen: int
    tested_fen: int


UNSEEN = CellHistory(yesterday_fen=0, last_active_fen=0, tested_fen=0)


def histories(report: TrafficReport, cells: Sequence[Cell]) -> tuple[CellHistory, ...]:
    """Each cell's history. Rows with a missing cost say nothing about spending and are left out."""
    spent = _spent(report, cells)
    if not spent.size:
        return (UNSEEN,) * len(cells)
    last = spent.shape[1] - 1 - (spent > 0)[:, ::-1].argmax(axis=1)
    columns = (spent[:, -1], spent[np.arange(len(cells)), last], spent.max(axis=1))
    return tuple(
        CellHistory(yesterday_fen=yesterday, last_active_fen=active, tested_fen=most)
        for yesterday, active, most in zip(*(column.tolist() for column in columns), strict=True)
    )


def running_days(report: TrafficReport, cells: Sequence[Cell]) -> tuple[int, ...]:
    """On how many of the report's days in a row, up to its last, each cell has spent; 0 for one that rests."""
    ran = _spent(report, cells) > 0
    return tuple(np.logical_and.accumulate(ran[:, ::-1], axis=1).sum(axis=1).tolist())


def _spent(report: TrafficReport, cells: Sequence[Cell]) -> Ints:
    """What each cell spent on each of the report's days, fen, shape (cells, days)."""
    rows, n = report.rows, len(cells)
    place = {(cell.segment, cell.slot, cell.lever): i for i, cell in enumerate(cells)}
    names = zip(*(rows[name].to_numpy() for name in ("segment", "slot", "lever")), strict=True)
    cell = np.array([place.get(name, -1) for name in names], dtype=np.int64)
    days, day = np.unique(rows["date"].to_numpy(dtype="datetime64[D]"), return_inverse=True)
    cost = rows["cost_fen"].to_numpy(dtype=np.float64, na_value=np.nan)
    kept = (cell >= 0) & ~np.isnan(cost)
    entry = cell[kept] * days.size + day[kept]
    spent = np.bincount(entry, cost[kept], minlength=n * days.size).reshape(n, days.size)  # whole fen are exact
    return np.maximum(spent, 0.0).astype(np.int64)
