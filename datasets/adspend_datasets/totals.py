"""Total rows checked against the rows they sum up: a mismatch means that rows are missing or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.amounts import format_yuan
from adspend_datasets.data_rows import DataRows
from adspend_datasets.errors import Fault
from adspend_datasets.headers import HeaderMatch
from adspend_datasets.import_report import Notes
from adspend_datasets.measures import FRAME_COLUMNS, read_measures
from adspend_datasets.profile import MONEY_FIELDS
from adspend_datasets.raw_table import Mask, RawTable
from adspend_datasets.text import Text

_ROW_COUNT = re.compile(r"共\s*([0-9,]+)\s*条(?:记录|数据)?")

_REMEDY = Text("报表可能缺行或被改过，请重新导出", "rows may be missing or edited, export it again")


def check_totals(rows: DataRows, measures: pd.DataFrame, match: HeaderMatch, currency: str) -> Notes:
    """Compares every total row with the sums of the data rows.

    A total may cover all rows, the rows since the total above it, or the rows down to the next one, and platforms sum
    before or after repeated rows; it is right if any of these agrees. Money may differ by half a fen per row, which is
    what rounding each row costs.
    """
    totals = rows.totals
    if not len(totals.cells):
        return Notes()
    stated, notes = read_measures(totals, match, currency)
    groups = [_groups(rows.data, totals, index) for index in range(len(totals.cells))]
    faults = list(_miscounted(rows))
    for name, frame_column in FRAME_COLUMNS.items():
        if name not in match.columns:
            continue
        values = measures[frame_column].fillna(0).to_numpy(np.int64)
        slack = 0.5 if name in MONEY_FIELDS else 0.0
        for index, total in enumerate(stated[frame_column]):
            if total is pd.NA or any(
                abs(int(values[group].sum()) - total) <= slack * group.sum() for group in groups[index]
            ):
                continue
            found = int(values[groups[index][0]].sum())
            shown = format_yuan(found) if name in MONEY_FIELDS else f"{found}"
            law = Text(f"合计必须等于各行之和 {shown}", f"a total must equal the sum of its rows, {shown}")
            column = match.columns[name][0]
            place = totals.place(index, column.header)
            faults.append(
                Fault(code="E-TOTAL", law=law, remedy=_REMEDY, value=totals.cells[index, column.index], place=place)
            )
    return notes + Notes(faults=tuple(faults))


def _groups(data: RawTable, totals: RawTable, index: int) -> list[Mask]:
    """The sets of rows that total ``index`` may cover, as masks over the data rows."""
    bounds: NDArray[np.int64] = np.array([0, *totals.rows, np.iinfo(np.int64).max])
    above = (data.rows > bounds[index]) & (data.rows < bounds[index + 1])
    below = (data.rows > bounds[index + 1]) & (data.rows < bounds[index + 2])
    first = ~pd.DataFrame(data.cells).duplicated().to_numpy()
    everything = np.ones(len(data.rows), dtype=bool)
    return [everything, first, above, below]


def _miscounted(rows: DataRows) -> Iterable[Fault]:
    """A footer that says how many rows there are (共 N 条) must be right; "共 N 条计划" counts plans."""
    for index, cells in enumerate(rows.totals.cells):
        for text in cells:
            match = _ROW_COUNT.fullmatch(text)
            if match and int(match[1].replace(",", "")) != len(rows.data.rows):
                count = len(rows.data.rows)
                law = Text(
                    f"页脚的条数必须等于数据行数 {count}", f"the footer's count must equal the data rows, {count}"
                )
                yield Fault(code="E-TOTAL", law=law, remedy=_REMEDY, value=text, place=rows.totals.place(index))
