"""Days that a report does not have: a gap is listed, and stays a gap; it is never a zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from adspend_datasets.row_codes import row_codes
from adspend_datasets.text import Text

_MOST_NAMED = 5


def gap_warnings(report: TrafficReport) -> tuple[Text, ...]:
    """Warns of days between the first and the last that no row has, and of cells with gaps of their own."""
    rows = report.rows
    if rows.empty:
        return ()
    days = rows["date"].drop_duplicates()
    absent = pd.date_range(days.min(), days.max()).difference(pd.DatetimeIndex(days))
    warnings = []
    if len(absent):
        shown = [f"{day:%Y-%m-%d}" for day in absent[:_MOST_NAMED]]
        zh, en = (" 等", " and more") if len(absent) > _MOST_NAMED else ("", "")
        warnings.append(
            Text(
                f"整体缺 {len(absent)} 天：{'、'.join(shown)}{zh}；缺的日子不当作 0",
                f"{len(absent)} days are missing: {', '.join(shown)}{en}; they do not count as 0",
            )
        )
    return (*warnings, *_cell_gaps(rows, absent.to_numpy(dtype="datetime64[D]").astype(np.int64)))


def _cell_gaps(rows: pd.DataFrame, absent: NDArray[np.int64]) -> tuple[Text, ...]:
    """One warning for all cells that miss days between their own first and last, beyond the days absent everywhere."""
    names = ["segment", "slot", "lever"]
    _, once = np.unique(row_codes(rows, [*names, "date"], sort=True), return_index=True)
    rows = rows.iloc[once]  # one of each cell and day, in their order
    day = rows["date"].to_numpy(dtype="datetime64[D]").astype(np.int64)
    _, start, count = np.unique(row_codes(rows, names, sort=True), return_index=True, return_counts=True)
    first, last = day[start], day[start + count - 1]
    everywhere = np.searchsorted(absent, last) - np.searchsorted(absent, first)
    lacking = last - first + 1 - count - everywhere
    order = np.argsort(-lacking, kind="stable")[: int((lacking > 0).sum())]
    if not order.size:
        return ()
    keys = rows[names].iloc[start[order[:_MOST_NAMED]]].itertuples(index=False, name=None)
    named = [(Cell(*key).label, days) for key, days in zip(keys, lacking[order].tolist(), strict=False)]
    zh = "、".join(f"{label} 缺 {days} 天" for label, days in named)
    en = ", ".join(f"{label} {days} days" for label, days in named)
    return (
        Text(
            f"{len(order)} 个投放单元中间缺数据：{zh}；缺的日子不当作 0",
            f"{len(order)} cells have gaps: {en}; the missing days do not count as 0",
        ),
    )
