"""Traffic reports written by hand or drawn from known curves, for tests of estimation."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.report import COLUMNS, TrafficReport

Floats = NDArray[np.float64]

FIRST_DAY = datetime.date(2026, 6, 1)  # a Monday
INTEGERS = ("cost_fen", "impressions", "clicks", "orders", "gmv_fen", "refund_fen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One report row; yuan, None where missing. ``day`` counts from FIRST_DAY."""

    day: int
    cost: float | None
    orders: int | None
    gmv: float | None = None
    refund: float | None = None
    segment: str = "新客"
    slot: str = "20:00-22:00"
    phase: str = ""
    product: str = ""
    basis: str = "direct"


def fen(yuan: float | None) -> int | None:
    """Yuan as integer fen."""
    return None if yuan is None else round(yuan * 100)


def report_of(rows: Iterable[Row]) -> TrafficReport:
    """A report with these rows, in their order."""
    records = [
        {
            "date": pd.Timestamp(FIRST_DAY) + pd.Timedelta(days=row.day),
            "segment": row.segment,
            "slot": row.slot,
            "lever": "",
            "cost_fen": fen(row.cost),
            "impressions": None,
            "clicks": None,
            "orders": row.orders,
            "gmv_fen": fen(row.gmv),
            "refund_fen": fen(row.refund),
            "shop": "",
            "plan_id": "",
            "product": row.product,
            "phase": row.phase,
            "basis": row.basis,
        }
        for row in rows
    ]
    frame = pd.DataFrame(records, columns=list(COLUMNS))
    frame["date"] = pd.to_datetime(frame["date"])
    texts = {name: "str" for name in COLUMNS if name != "date" and name not in INTEGERS}
    return TrafficReport(frame.astype(texts | dict.fromkeys(INTEGERS, "Int64")))


def cell_rows(
    costs: Sequence[float], orders: Sequence[int], *, value: float = 80.0, first: int = 0, **tags: str
) -> list[Row]:
    """One cell's days, one after another from ``first``, each order worth ``value`` yuan."""
    return [
        Row(day=first + day, cost=cost, orders=count, gmv=value * count, **tags)
        for day, (cost, count) in enumerate(zip(costs, orders, strict=True))
    ]


def day_after(days: int) -> datetime.date:
    """The planning date after ``days`` days from FIRST_DAY."""
    return FIRST_DAY + datetime.timedelta(days=days)


def grid_cells(segments: int, slots: int) -> tuple[Cell, ...]:
    """A segments x slots grid of cells, sorted."""
    return tuple(Cell(f"s{i:02d}", f"t{j:02d}") for i in range(segments) for j in range(slots))


def report_from_arrays(cells: Sequence[Cell], cost: Floats, orders: NDArray[np.int64], value: float) -> TrafficReport:
    """A report of ``cells`` with costs (n, T) in yuan and orders (n, T), day by day from FIRST_DAY."""
    n, days = cost.shape
    dates = pd.Timestamp(FIRST_DAY) + pd.to_timedelta(np.tile(np.arange(days), n), unit="D")
    frame = pd.DataFrame({"date": dates}, columns=list(COLUMNS))
    frame["segment"] = np.repeat([cell.segment for cell in cells], days)
    frame["slot"] = np.repeat([cell.slot for cell in cells], days)
    frame["cost_fen"] = np.rint(cost * 100).astype(np.int64).ravel()
    frame["orders"] = orders.ravel()
    frame["gmv_fen"] = np.rint(orders * value * 100).astype(np.int64).ravel()
    for name in ("lever", "shop", "plan_id", "product", "phase"):
        frame[name] = ""
    frame["basis"] = "direct"
    return TrafficReport(frame.astype(dict.fromkeys(INTEGERS, "Int64")))
