"""The allocation problem: cells with curves as tables, and limits, all in integers.

Notation: n cells; cell i receives spend x_i (fen). ``x_i = 0``, or ``minimum <= x_i <= maximum`` and x_i is a
multiple of ``step_fen``. Between the points of a table every measure is linear; at x_i = 0 every measure is 0.

    maximise    sum_i objective_i(x_i)
    subject to  sum_i [ spend_ri x_i + orders_ri orders_i(x_i) + gmv_ri gmv_i(x_i) + active_ri 1(x_i > 0) ] <= rhs_r

Every limit of a shop (budget, group shares, ROI floor, most active cells ...) is one such row, so the solver, the
bound and the checker treat them all alike. Units: spend in fen; objective, value and gmv in micro-yuan; orders in
micro-orders. Coefficients and right-hand sides are integers, which keeps the certificate exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.text import Text

Ints = NDArray[np.int64]

MICRO = 1_000_000  # micro-yuan per yuan, micro-orders per order
MICRO_PER_FEN = 10_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A cell's measures at the spends it may take: piecewise linear between the points.

    All arrays have shape (points,). ``spend`` rises strictly from the cell's minimum to its maximum (fen, > 0).
    ``value`` is net value before ad cost. ``objective`` is what the plan maximises (net profit: value minus spend).
    """

    spend: Ints
    objective: Ints
    value: Ints
    orders: Ints
    gmv: Ints

    def __post_init__(self) -> None:
        """Refuses empty, unequal or unordered columns."""
        columns = (self.spend, self.objective, self.value, self.orders, self.gmv)
        if len({column.shape for column in columns}) != 1 or self.spend.ndim != 1 or self.spend.size == 0:
            raise ValueError(f"a table's columns must be equally long and not empty, got {[c.shape for c in columns]}")
        if self.spend[0] <= 0 or np.any(np.diff(self.spend) <= 0):
            raise ValueError(f"a table's spend must rise strictly from above 0, got {self.spend[:4]} ...")

    @property
    def minimum(self) -> int:
        """The least spend of an active cell, fen."""
        return int(self.spend[0])

    @property
    def maximum(self) -> int:
        """The most spend, fen."""
        return int(self.spend[-1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limit:
    """One row: coefficients of shape (n,), None where a measure does not occur. See the module for the units.

    People think in ``unit`` (yuan, cells ...); one of it is ``per_unit`` units of the right-hand side.
    """

    key: str  # e.g. "budget", "share/segment/新客/max"
    name: Text
    rhs: int
    spend: Ints | None = None
    orders: Ints | None = None
    gmv: Ints | None = None
    active: Ints | None = None
    unit: Text = field(default_factory=lambda: Text("", ""))
    per_unit: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Everything an allocation depends on. A cell with no table can only receive 0.

    ``fixed`` gives a cell's spend where a person has locked it (fen), else -1.
    """

    cells: tuple[Cell, ...]
    tables: tuple[Table | None, ...]
    limits: tuple[Limit, ...]
    step_fen: int
    fixed: Ints

    def __post_init__(self) -> None:
        """Refuses shapes that do not match, ranges that are not on the step grid, and fixed spends outside them."""
        n = len(self.cells)
        if self.step_fen < 1:
            raise ValueError(f"the step must be at least 1 fen, got {self.step_fen}")
        if len(set(self.cells)) != n:
            raise ValueError("the cells of a problem must be distinct")
        if len({limit.key for limit in self.limits}) != len(self.limits):
            raise ValueError(f"the keys of the limits must be distinct, got {[limit.key for limit in self.limits]}")
        if len(self.tables) != n or self.fixed.shape != (n,):
            raise ValueError(f"{n} cells need {n} tables and fixed spends, got {len(self.tables)}, {self.fixed.shape}")
        for cell, table, fixed in zip(self.cells, self.tables, self.fixed.tolist(), strict=True):
            self._check_cell(cell, table, fixed)
        for limit in self.limits:
            for column in (limit.spend, limit.orders, limit.gmv, limit.active):
                if column is not None and column.shape != (n,):
                    raise ValueError(f"limit {limit.key}: coefficients must have shape ({n},), got {column.shape}")

    def _check_cell(self, cell: Cell, table: Table | None, fixed: int) -> None:
        if table is not None and (table.minimum % self.step_fen or table.maximum % self.step_fen):
            raise ValueError(f"{cell.label}: minimum and maximum must be multiples of the step {self.step_fen}")
        within = table is not None and table.minimum <= fixed <= table.maximum and fixed % self.step_fen == 0
        if fixed > 0 and not within:
            raise ValueError(
                f"{cell.label}: a fixed spend must be 0 or a multiple of the step within the table, got {fixed}"
            )
