"""A report as arrays: what each cell of a shop spent and sold on each day.

Notation: n cells in the order of ``shop.grid``; T days, the days of the report on which any of them has a row.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend.history import CellHistory
from adspend.problem import Ints
from adspend.shop import Shop
from adspend_datasets.report import TrafficReport
from adspend_models.bank import Floats

Bools = NDArray[np.bool_]

UNIX_EPOCH = datetime.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observed:
    """``day`` (T,) proleptic ordinals, rising; ``cost`` (yuan), ``orders`` and ``gmv`` (yuan) (T, n), NaN = no row."""

    day: Ints
    cost: Floats
    orders: Floats
    gmv: Floats

    @property
    def active(self) -> Bools:
        """Where a cell spent money, (T, n)."""
        return np.asarray(self.cost > 0)

    def roi(self, days: int) -> Floats:
        """GMV per yuan over the last ``days`` days of the report, (n,); NaN where nothing was spent."""
        cost, gmv = (np.nansum(column[-days:], axis=0) for column in (self.cost, self.gmv))
        return np.asarray(np.divide(gmv, cost, out=np.full(cost.shape, np.nan), where=cost > 0))

    def last_active(self, column: Floats) -> Floats:
        """``column`` (T, n) on each cell's last active day, (n,); NaN for a cell that never was."""
        n = column.shape[1]
        if not len(self.day):
            return np.full(n, np.nan)
        last = len(self.day) - 1 - self.active[::-1].argmax(axis=0)
        return np.where(self.active.any(axis=0), column[last, np.arange(n)], np.nan)

    def histories(self) -> tuple[CellHistory, ...]:
        """Each cell's history, as ``adspend.history.histories`` reads it from the report."""
        cost = np.nan_to_num(np.rint(self.cost * 100)).astype(np.int64)
        last = np.nan_to_num(np.rint(self.last_active(self.cost) * 100)).astype(np.int64)
        yesterday = cost[-1] if len(cost) else np.zeros_like(last)
        tested = cost.max(axis=0, initial=0)
        return tuple(
            CellHistory(yesterday_fen=then, last_active_fen=active, tested_fen=most)
            for then, active, most in zip(yesterday.tolist(), last.tolist(), tested.tolist(), strict=True)
        )


def observe(shop: Shop, report: TrafficReport, date: datetime.date) -> Observed:
    """The report's rows before ``date`` in the shop's cells; rows of one cell and day are added up."""
    n = len(shop.grid)
    place = {(cell.segment, cell.slot): i for i, cell in enumerate(shop.grid)}
    rows = report.rows
    names = zip(rows["segment"].to_numpy(), rows["slot"].to_numpy(), strict=True)
    cell = np.array([place.get(name, -1) for name in names], dtype=np.int64)
    ordinal = rows["date"].to_numpy(dtype="datetime64[D]").astype(np.int64) + UNIX_EPOCH
    kept = (cell >= 0) & (ordinal < date.toordinal())
    day, turn = np.unique(ordinal[kept], return_inverse=True)
    entry = turn * n + cell[kept]

    def laid_out(name: str, unit: int) -> Floats:
        values = rows[name].to_numpy(dtype=np.float64, na_value=np.nan)[kept]
        sums = np.bincount(entry, values / unit, minlength=day.size * n)
        seen = np.bincount(entry, minlength=day.size * n) > 0
        return np.where(seen, sums, np.nan).reshape(day.size, n)

    return Observed(day=day, cost=laid_out("cost_fen", 100), orders=laid_out("orders", 1), gmv=laid_out("gmv_fen", 100))
