"""Days that a report does not have: a gap is listed, and stays a gap; it is never a zero."""

from __future__ import annotations

import pandas as pd

from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
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
    return (*warnings, *_cell_gaps(rows, pd.DatetimeIndex(absent)))


def _cell_gaps(rows: pd.DataFrame, absent: pd.DatetimeIndex) -> tuple[Text, ...]:
    """One warning for all cells that miss days between their own first and last, beyond the days absent everywhere."""
    cells = rows.drop_duplicates(["date", "segment", "slot", "lever"]).groupby(["segment", "slot", "lever"])["date"]
    span = cells.agg(["min", "max", "count"])
    everywhere = [
        int(((absent > first) & (absent < last)).sum()) for first, last in zip(span["min"], span["max"], strict=True)
    ]
    lacking = (span["max"] - span["min"]).dt.days + 1 - span["count"] - everywhere
    lacking = lacking[lacking > 0].sort_values(ascending=False, kind="stable")
    if lacking.empty:
        return ()
    keys = lacking.head(_MOST_NAMED).index.to_frame().itertuples(index=False, name=None)
    named = [(Cell(*key).label, count) for key, count in zip(keys, lacking.tolist(), strict=False)]
    zh = "、".join(f"{label} 缺 {count} 天" for label, count in named)
    en = ", ".join(f"{label} {count} days" for label, count in named)
    return (
        Text(
            f"{len(lacking)} 个投放单元中间缺数据：{zh}；缺的日子不当作 0",
            f"{len(lacking)} cells have gaps: {en}; the missing days do not count as 0",
        ),
    )
