"""The panel: a report as arrays, one row per cell, one column per day on which the cell was seen.

Missing numbers stay NaN. Rows of one cell and day (several products or plans) are added up; a sum of which one part
is missing is missing. Rows on or after the planning date are not used, so a backtest cannot see its own future.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.festivals import is_test
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FEN_PER_YUAN = 100
UNIX_EPOCH = datetime.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """Observed days of n cells; T is the number of days of the cell seen most. Unused entries hold day 0 and NaN.

    Attributes:
        cells: Sorted; those asked for and those of the report.
        day: Proleptic ordinals, rising along a row, (n, T).
        cost: Yuan, (n, T).
        orders: Counts, (n, T).
        gmv: Yuan, (n, T).
        refund: Yuan, (n, T).
        phase: Each entry's phase, a position in ``phase_names``, (n, T).
        phase_names: Sorted; "" stands for untagged days.
        phases: Each cell's phase labels, sorted.
        report_days: The days on which the report has any row, rising.
    """

    cells: tuple[Cell, ...]
    day: Ints
    cost: Floats
    orders: Floats
    gmv: Floats
    refund: Floats
    phase: Ints
    phase_names: tuple[str, ...]
    phases: tuple[tuple[str, ...], ...]
    report_days: Ints

    @property
    def seen(self) -> Bools:
        """Entries that are days of the report, (n, T)."""
        return self.day > 0

    @property
    def usable(self) -> Bools:
        """Days that say something about a curve: cost above 0 and orders known, (n, T)."""
        return (self.cost > 0) & np.isfinite(self.orders)

    @property
    def randomised(self) -> Bools:
        """Days whose levels were drawn in advance, (n, T)."""
        randomised: Bools = self.seen & np.array([is_test(name) for name in self.phase_names])[self.phase]
        return randomised

    @property
    def weekday(self) -> Ints:
        """0 is Monday; meaningless where no day was seen, (n, T)."""
        return (self.day - 1) % 7


def read_panel(report: TrafficReport, cells: Sequence[Cell], plan_date: datetime.date) -> Panel:
    """The report's days before ``plan_date`` as a panel of its cells and ``cells``.

    Raises:
        BadDataError: When a cell's rows mix direct and overall GMV.
    """
    rows, past = report.rows, (report.rows["date"] < pd.Timestamp(plan_date)).to_numpy()
    if not past.all():
        rows = rows[past]
    keys = zip(*(rows[name].to_numpy() for name in ("segment", "slot", "lever")), strict=True)
    known: dict[tuple[str, str, str], int] = {}
    codes = np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
    present = [Cell(*key) for key in known]
    names = tuple(
        sorted({*present, *cells}, key=attrgetter("segment", "slot", "lever"))
    )  # as cells compare, but faster
    place = {name: index for index, name in enumerate(names)}
    row_cell = np.array([place[name] for name in present], dtype=np.int64)[codes]
    _refuse_mixed_basis(rows, row_cell, names)
    day = rows["date"].to_numpy(dtype="datetime64[D]").astype(np.int64) + UNIX_EPOCH
    return _fold(names, row_cell, day, rows)


def _fold(names: tuple[Cell, ...], row_cell: Ints, day: Ints, rows: pd.DataFrame) -> Panel:
    """Rows added up per cell and day and laid out as (n, T)."""
    report_days, day_code = np.unique(day, return_inverse=True)
    keys, entry = np.unique(row_cell * max(report_days.size, 1) + day_code, return_inverse=True)
    cell, day_of = np.divmod(keys, max(report_days.size, 1))
    column = np.arange(keys.size) - np.searchsorted(cell, cell)
    shape = (len(names), int(column.max(initial=-1)) + 1)

    def measure(name: str, unit: int) -> Floats:
        # Sorting by value first makes the sum, to the last bit, independent of the order of the rows.
        values = rows[name].to_numpy(dtype=np.float64, na_value=np.nan)
        order = np.lexsort((values, entry))
        out = np.full(shape, np.nan)
        out[cell, column] = np.bincount(entry[order], values[order], minlength=keys.size) / unit
        return out

    days = np.zeros(shape, dtype=np.int64)
    days[cell, column] = report_days[day_of]
    code, names_of = pd.factorize(rows["phase"].to_numpy(dtype=object), sort=True)
    phase = np.zeros(shape, dtype=np.int64)
    np.maximum.at(phase, (cell[entry], column[entry]), code)  # a day tagged for one product is tagged
    return Panel(
        cells=names,
        day=days,
        cost=measure("cost_fen", FEN_PER_YUAN),
        orders=measure("orders", 1),
        gmv=measure("gmv_fen", FEN_PER_YUAN),
        refund=measure("refund_fen", FEN_PER_YUAN),
        phase=phase,
        phase_names=tuple(names_of.tolist()) or ("",),
        phases=_labels(rows["phase"], row_cell, len(names)),
        report_days=report_days,
    )


def _labels(column: pd.Series, row_cell: Ints, n: int) -> tuple[tuple[str, ...], ...]:
    """The distinct labels of each cell's rows, sorted."""
    codes, labels = pd.factorize(column.to_numpy(dtype=object), sort=True)
    known = max(len(labels), 1)
    found: list[list[str]] = [[] for _ in range(n)]
    cell_of, label_of = np.divmod(np.unique(row_cell * known + codes), known)
    for cell, label in zip(cell_of.tolist(), labels[label_of].tolist(), strict=True):
        found[cell].append(label)
    return tuple(map(tuple, found))


def _refuse_mixed_basis(rows: pd.DataFrame, row_cell: Ints, names: tuple[Cell, ...]) -> None:
    """One curve, one meaning of GMV: direct (ad-attributed) and overall (with natural traffic) differ by design."""
    bases = _labels(rows["basis"], row_cell, len(names))
    faults = [
        Fault(
            code="E-BASIS-MIXED",
            law=Text(
                "一个投放单元的 GMV 口径必须一致（直接或整体）", "a cell's GMV must have one basis, direct or overall"
            ),
            value=" + ".join(found),
            place=Place(column=f"basis [{name.label}]"),
            remedy=Text(
                "请分开两种口径，或给全域行单独的 lever", "split the rows by basis, or give one of them its own lever"
            ),
        )
        for name, found in zip(names, bases, strict=True)
        if len(found) > 1
    ]
    if faults:
        raise BadDataError(faults)
