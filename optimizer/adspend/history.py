"""What each cell did before: yesterday's spend, the last spend while active, the largest spend observed."""

from __future__ import annotations

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
    daily = rows.groupby(["segment", "slot", "lever", "date"], sort=True)["cost_fen"].sum().reset_index()
    by_cell = daily[daily["cost_fen"] > 0].groupby(["segment", "slot", "lever"])
    seen = by_cell.agg(date=("date", "last"), last=("cost_fen", "last"), most=("cost_fen", "max")).reset_index()
    known = {
        Cell(segment, slot, lever): CellHistory(
            yesterday_fen=int(last) if day.date() == report.last_date else 0,
            last_active_fen=int(last),
            tested_fen=int(most),
        )
        for segment, slot, lever, day, last, most in seen.itertuples(index=False, name=None)
    }
    return tuple(known.get(cell, UNSEEN) for cell in cells)
