"""The rows that an export has: one per day and active cell, with what was known on the export date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from adspend_datasets.cell import ALL, Cell
from adspend_models.market.luck import uniforms
from adspend_models.market.world import Day

REFUND_DAYS = 14  # the platform's longer refund window


@dataclass(frozen=True, slots=True, kw_only=True)
class CellDay:
    """One cell on one day. ``refund_fen`` is None while its 14-day window is open, or where nothing is known."""

    date: datetime.date
    cell: Cell
    cost_fen: int
    impressions: int
    clicks: int
    orders: int
    gmv_fen: int
    refund_fen: int | None


def cell_days(days: Sequence[Day], *, exported: datetime.date) -> Iterator[CellDay]:
    """Every cell with a budget on every day, in order; a paused cell has no row."""
    for day in days:
        closed = (exported - day.date).days > REFUND_DAYS
        refund = day.refund_fen(within_days=REFUND_DAYS) if closed else None
        orders, gmv = day.orders, day.gmv_fen
        for i, cell in enumerate(day.cells):
            if day.budget_fen[i] > 0:
                yield CellDay(
                    date=day.date,
                    cell=cell,
                    cost_fen=int(day.cost_fen[i]),
                    impressions=int(day.impressions[i]),
                    clicks=int(day.clicks[i]),
                    orders=int(orders[i]),
                    gmv_fen=int(gmv[i]),
                    refund_fen=None if refund is None else int(refund[i]),
                )


def by_segment(rows: Iterable[CellDay]) -> Iterator[CellDay]:
    """The rows of a platform that knows no slots: one per day and segment, in order of first appearance."""
    groups: dict[tuple[datetime.date, str], list[CellDay]] = {}
    for row in rows:
        groups.setdefault((row.date, row.cell.segment), []).append(row)
    for (date, segment), group in groups.items():
        yield CellDay(
            date=date,
            cell=Cell(segment, ALL),
            cost_fen=sum(row.cost_fen for row in group),
            impressions=sum(row.impressions for row in group),
            clicks=sum(row.clicks for row in group),
            orders=sum(row.orders for row in group),
            gmv_fen=sum(row.gmv_fen for row in group),
            refund_fen=None,
        )


def plan_id(cell: Cell, *, seed: int) -> str:
    """A 19-digit id, as the platform's are: beyond a double's 2^53, so it survives only as text."""
    return f"1847{int(uniforms(1, seed=seed, effect='plan id', cell=cell)[0] * 10**15):015d}"


def plan_name(cell: Cell) -> str:
    """A name as operators give it, from which a shop file's mapping reads segment and slot.

    >>> plan_name(Cell("新客", "20:00-22:00"))
    '直播_新客_20:00-22:00_01'
    """
    return f"直播_{cell.segment}_{cell.slot}_01"
