"""The allocation problem: cells with curves as tables, and limits, all in integers.

Notation: n cells; cell i receives spend x_i (fen). ``x_i = 0``, or ``minimum <= x_i <= maximum`` and x_i is a
multiple of ``step_fen``. Between the points of a table every measure is linear; at x_i = 0 every measure is 0.

    maximise    sum_i objective_i(x_i)
    subject to  sum_i [ spend_ri x_i + active_ri 1(x_i > 0) + sum_m coefficient_rmi measure_mi(x_i) ] <= rhs_r

over the measures m: orders, GMV, and whatever else a limit counts (``more``). Every limit of a shop (budget, group
shares, stock, service, ROI floor, most active cells ...) is one such row, and every decision beside the budgets (which
products are today's hits, which rebate tier to reach) is one more variable of the same kind, an ``Option``: so the
solver, the bound and the checker treat them all alike. Units: spend in fen; objective, value and gmv in micro-yuan;
orders in micro-orders. Coefficients and right-hand sides are integers, which keeps the certificate exact.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.text import Text

Ints = NDArray[np.int64]

MICRO = 1_000_000  # micro-yuan per yuan, micro-orders per order
MICRO_PER_FEN = 10_000
OWN_MEASURES = ("objective", "value", "orders", "gmv")  # that every table has


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A cell's measures at the spends it may take: piecewise linear between the points.

    All arrays have shape (points,). ``spend`` rises strictly from the cell's minimum to its maximum (fen, > 0).
    ``value`` is net value before ad cost. ``objective`` is what the plan maximises (net profit: value minus spend).
    ``more`` holds further measures that limits count, by name.
    """

    spend: Ints
    objective: Ints
    value: Ints
    orders: Ints
    gmv: Ints
    more: Mapping[str, Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses empty, unequal or unordered columns."""
        columns = (self.spend, self.objective, self.value, self.orders, self.gmv, *self.more.values())
        if len({column.shape for column in columns}) != 1 or self.spend.ndim != 1 or self.spend.size == 0:
            raise ValueError(f"a table's columns must be equally long and not empty, got {[c.shape for c in columns]}")
        if self.spend[0] <= 0 or np.any(np.diff(self.spend) <= 0):
            raise ValueError(f"a table's spend must rise strictly from above 0, got {self.spend[:4]} ...")

    def column(self, name: str) -> Ints:
        """A measure by name; one that this table does not have is 0."""
        if name in OWN_MEASURES:
            own: Ints = getattr(self, name)
            return own
        return self.more.get(name, np.zeros_like(self.spend))

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
    """One row: coefficients of shape (n + m,) over cells and options, None where a measure does not occur.

    People think in ``unit`` (yuan, cells ...); one of it is ``per_unit`` units of the right-hand side.
    """

    key: str  # e.g. "budget", "share/segment/新客/max"
    name: Text
    rhs: int
    spend: Ints | None = None
    orders: Ints | None = None
    gmv: Ints | None = None
    active: Ints | None = None
    more: Mapping[str, Ints] = field(default_factory=dict)
    unit: Text = field(default_factory=lambda: Text("", ""))
    per_unit: int = 1

    @property
    def columns(self) -> dict[str, Ints]:
        """The coefficients by what they count: "spend", "active", or a measure of the tables."""
        own = {"spend": self.spend, "active": self.active, "orders": self.orders, "gmv": self.gmv}
        return {name: column for name, column in (own | dict(self.more)).items() if column is not None}

    def with_columns(self, columns: Mapping[str, Ints]) -> Limit:
        """The same limit with these coefficients."""
        own = ("spend", "active", "orders", "gmv")
        return replace(
            self,
            spend=columns.get("spend"),
            active=columns.get("active"),
            orders=columns.get("orders"),
            gmv=columns.get("gmv"),
            more={name: column for name, column in columns.items() if name not in own},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A decision beside the cells' budgets, e.g. "this product is one of today's hits" or "reach this rebate tier".

    Its table's ``spend`` is the decision's level in fen, which no budget pays: limits say what a level means.
    """

    key: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Everything an allocation depends on: n cells and m options. One with no table can only receive 0.

    ``tables`` and ``fixed`` have n + m entries, the cells first. ``fixed`` gives a spend that a person has locked
    (fen), else -1.
    """

    cells: tuple[Cell, ...]
    tables: tuple[Table | None, ...]
    limits: tuple[Limit, ...]
    step_fen: int
    fixed: Ints
    options: tuple[Option, ...] = ()

    def __post_init__(self) -> None:
        """Refuses shapes that do not match, ranges that are not on the step grid, and fixed spends outside them."""
        if self.step_fen < 1:
            raise ValueError(f"the step must be at least 1 fen, got {self.step_fen}")
        if len(set(self.cells)) != len(self.cells):
            raise ValueError("the cells of a problem must be distinct")
        for kind, named in (("limits", self.limits), ("options", self.options)):
            keys = [item.key for item in named]
            if len(set(keys)) != len(keys):
                raise ValueError(f"the keys of the {kind} must be distinct, got {keys}")
        n = self.size
        if len(self.tables) != n or self.fixed.shape != (n,):
            raise ValueError(f"{n} cells need {n} tables and fixed spends, got {len(self.tables)}, {self.fixed.shape}")
        for i, (table, fixed) in enumerate(zip(self.tables, self.fixed.tolist(), strict=True)):
            self._check_range(i, table, fixed)
        self._check_limits()

    def _check_limits(self) -> None:
        for limit in self.limits:
            for column in limit.columns.values():
                if column.shape != (self.size,):
                    raise ValueError(
                        f"limit {limit.key}: coefficients must have shape ({self.size},), got {column.shape}"
                    )

    @property
    def size(self) -> int:
        """How many spends and levels an allocation decides: n + m."""
        return len(self.cells) + len(self.options)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure of the tables, the tables' own first."""
        more = {name for table in self.tables if table is not None for name in table.more}
        return (*OWN_MEASURES, *sorted(more))

    def with_limits(self, limits: tuple[Limit, ...]) -> Problem:
        """The same cells and options under other limits; the tables, judged once, are not judged again."""
        changed = copy.copy(self)
        object.__setattr__(changed, "limits", limits)
        changed._check_limits()
        return changed

    def label(self, i: int) -> str:
        """What a person calls cell or option i."""
        n = len(self.cells)
        return self.cells[i].label if i < n else self.options[i - n].key

    def _check_range(self, i: int, table: Table | None, fixed: int) -> None:
        if table is not None and (table.minimum % self.step_fen or table.maximum % self.step_fen):
            raise ValueError(f"{self.label(i)}: minimum and maximum must be multiples of the step {self.step_fen}")
        within = table is not None and table.minimum <= fixed <= table.maximum and fixed % self.step_fen == 0
        if fixed > 0 and not within:
            raise ValueError(
                f"{self.label(i)}: a fixed spend must be 0 or a multiple of the step within the table, got {fixed}"
            )
