"""What each cell did before: yesterday's spend, the last spend while active, the largest spend observed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

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
    rows = report.rows[["date", "segment", "slot", "lever", "cost_fen"]].dropna(subset=["cost_fen"])
    daily = rows.groupby(["segment", "slot", "lever", "date"], sort=True)["cost_fen"].sum()
    last = report.last_date
    spends: dict[Cell, list[tuple[datetime.date, int]]] = {}
    for segment, slot, lever, day, cost in daily.reset_index().itertuples(index=False, name=None):
        spends.setdefault(Cell(segment, slot, lever), []).append((day.date(), int(cost)))
    return tuple(_history(spends.get(cell, []), last) for cell in cells)


def _history(spends: list[tuple[datetime.date, int]], last: datetime.date | None) -> CellHistory:
    active = [cost for _, cost in spends if cost > 0]
    if not active:
        return UNSEEN
    return CellHistory(
        yesterday_fen=dict(spends).get(last, 0) if last is not None else 0,
        last_active_fen=active[-1],
        tested_fen=max(active),
    )
