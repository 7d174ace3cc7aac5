"""Days that a report does not have: a gap is listed, and stays a gap; it is never a zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from adspend_datasets.row_codes import row_codes
from adspend_datasets.text import Text

Ints = NDArray[np.int64]

_MOST_NAMED = 5


def gap_warnings(report: TrafficReport) -> tuple[Text, ...]:
    """Warns of days between the first and the last that no row has, and of cells with gaps of their own."""
    rows = report.rows
    if rows.empty:
        return ()
    day = rows["date"].to_numpy(dtype="datetime64[D]")
    absent = np.setdiff1d(np.arange(day.min(), day.max()), day)
    warnings = []
    if len(absent):
        shown = np.datetime_as_string(absent[:_MOST_NAMED]).tolist()
        zh, en = (" 等", " and more") if len(absent) > _MOST_NAMED else ("", "")
        warnings.append(
            Text(
                f"整体缺 {len(absent)} 天：{'、'.join(shown)}{zh}；缺的日子不当作 0",
                f"{len(absent)} days are missing: {', '.join(shown)}{en}; they do not count as 0",
            )
        )
    return (*warnings, *_cell_gaps(rows, day.astype(np.int64), absent.astype(np.int64)))


def _cell_gaps(rows: pd.DataFrame, day: Ints, absent: Ints) -> tuple[Text, ...]:
    """One warning for all cells that miss days between their own first and last, beyond the days absent everywhere."""
    names = ["segment", "slot", "lever"]
    cell = row_codes(rows, names)
    span = int(day.max()) + 1
    cells, day = np.divmod(np.unique(cell * span + day), span)  # one of each cell and day, in their order
    _, start, count = np.unique(cells, return_index=True, return_counts=True)
    first, last = day[start], day[start + count - 1]
    everywhere = np.searchsorted(absent, last) - np.searchsorted(absent, first)
    lacking = last - first + 1 - count - everywhere
    gappy = np.flatnonzero(lacking)
    if not gappy.size:
        return ()
    keys = rows[names].iloc[np.unique(cell, return_index=True)[1][gappy]].itertuples(index=False, name=None)
    most = sorted(zip((-lacking[gappy]).tolist(), keys, strict=True))[:_MOST_NAMED]
    named = [(Cell(*key).label, -negative) for negative, key in most]
    zh = "、".join(f"{label} 缺 {days} 天" for label, days in named)
    en = ", ".join(f"{label} {days} days" for label, days in named)
    return (
        Text(
            f"{gappy.size} 个投放单元中间缺数据：{zh}；缺的日子不当作 0",
            f"{gappy.size} cells have gaps: {en}; the missing days do not count as 0",
        ),
    )
