"""Lines summed to the report's rows: one per date x cell x product x basis. A sum with a missing part is missing."""

from __future__ import annotations

import pandas as pd

from adspend_datasets.import_report import Notes, step
from adspend_datasets.lines import Lines
from adspend_datasets.report import COLUMNS, MEASURE_COLUMNS, TrafficReport
from adspend_datasets.text import Text

ROW_KEY = ["date", "segment", "slot", "lever", "product", "basis"]
_TAGS = ("shop", "plan_id", "phase")  # kept where all lines of a row agree, "" where they differ


def empty_report() -> TrafficReport:
    """A report without rows, with the right dtypes.

    >>> empty_report().cells
    ()
    """
    return TrafficReport(rows=_typed(pd.DataFrame({name: [] for name in COLUMNS})))


def aggregate(lines: Lines) -> tuple[TrafficReport, Notes]:
    """Sums lines to the report, sorted by date and cell.

    Returns:
        The report, and a warning where a sum is missing because one of its parts is.
    """
    frame = lines.frame
    if frame.empty:
        return empty_report(), Notes()
    measures = list(MEASURE_COLUMNS)
    grouped = frame.groupby(ROW_KEY, sort=True)
    sums = grouped[measures].sum(min_count=1)
    size = grouped.size()
    partial = grouped[measures].count().lt(size, axis=0) & sums.notna()
    sums = sums.mask(partial)
    tags = grouped[list(_TAGS)].agg("first").where(grouped[list(_TAGS)].nunique() == 1, "")
    rows = sums.join(tags).reset_index()
    holds = rows[measures].notna().any(axis=1)
    notes = step("没有任何数字的行不计入", "rows without any number left out", int((~holds).sum()))
    report = TrafficReport(rows=_typed(rows.loc[holds]))
    return report, notes + _partly_missing(partial) + step(
        "多行合并为一个投放单元的一天", "rows summed into one cell and day", len(frame) - len(rows)
    )


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    types = {name: "Int64" if name in MEASURE_COLUMNS else "str" for name in COLUMNS if name != "date"}
    typed = rows[list(COLUMNS)].astype({"date": "datetime64[us]", **types})
    return typed.reset_index(drop=True)


def _partly_missing(partial: pd.DataFrame) -> Notes:
    touched = [name for name in partial.columns if partial[name].any()]
    if not touched:
        return Notes()
    count = int(partial.any(axis=1).sum())
    names = "、".join(_WORDS[name].zh for name in touched), ", ".join(_WORDS[name].en for name in touched)
    warning = Text(
        f"有 {count} 个单元日的部分计划缺数，合计按缺失处理（{names[0]}），不当作 0",
        f"{count} cell days have plans with missing values; their sums are missing, not 0 ({names[1]})",
    )
    return Notes(warnings=(warning,))


_WORDS = {
    "cost_fen": Text("消耗", "cost"),
    "impressions": Text("展示", "impressions"),
    "clicks": Text("点击", "clicks"),
    "orders": Text("订单", "orders"),
    "gmv_fen": Text("成交金额", "GMV"),
    "refund_fen": Text("退款", "refunds"),
}
