"""The traffic report (报表): what every reader produces and every fit consumes.

Columns of ``TrafficReport.rows`` (one row per date x cell x product x basis), in this order:

| column | dtype | meaning |
|---|---|---|
| date | datetime64 | business day of the livestream |
| segment, slot, lever | str | the cell; lever is "" where the platform has none |
| cost_fen | Int64 | ad cost, fen |
| impressions, clicks, orders | Int64 | counts; missing is <NA>, never 0 |
| gmv_fen, refund_fen | Int64 | fen; missing is <NA> |
| shop, plan_id, product, phase | str | optional tags, "" where absent |
| basis | str | "direct" or "overall": what GMV counts; never mixed in one curve |
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pandas as pd

from adspend_datasets.cell import Cell

KEY_COLUMNS = ("date", "segment", "slot", "lever")
MEASURE_COLUMNS = ("cost_fen", "impressions", "clicks", "orders", "gmv_fen", "refund_fen")
TAG_COLUMNS = ("shop", "plan_id", "product", "phase", "basis")
COLUMNS = KEY_COLUMNS + MEASURE_COLUMNS + TAG_COLUMNS


@dataclass(frozen=True, slots=True, eq=False)
class TrafficReport:
    """Validated rows, sorted by date and cell. The readers make it; nothing changes it afterwards."""

    rows: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuses rows that do not have exactly the report's columns."""
        if tuple(self.rows.columns) != COLUMNS:
            raise ValueError(f"a report's columns must be {COLUMNS}, but got {tuple(self.rows.columns)}")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells that occur, sorted."""
        keys = set(zip(*(self.rows[name].to_numpy() for name in ("segment", "slot", "lever")), strict=True))
        return tuple(sorted(Cell(*key) for key in keys))

    @property
    def first_date(self) -> datetime.date | None:
        """The first business day, or None for an empty report."""
        return None if self.rows.empty else self.rows["date"].min().date()

    @property
    def last_date(self) -> datetime.date | None:
        """The last business day, or None for an empty report."""
        return None if self.rows.empty else self.rows["date"].max().date()
