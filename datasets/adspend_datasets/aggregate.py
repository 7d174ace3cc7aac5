"""Lines summed to the report's rows: one per date x cell x product x basis. A sum with a missing part is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.import_report import Notes, step
from adspend_datasets.lines import Lines
from adspend_datasets.raw_table import Mask
from adspend_datasets.report import COLUMNS, MEASURE_COLUMNS, TrafficReport
from adspend_datasets.row_codes import row_codes
from adspend_datasets.text import Text

Ints = NDArray[np.int64]

ROW_KEY = ["date", "segment", "slot", "lever", "product", "basis"]
_TAGS = ("shop", "plan_id", "phase")  # kept where all lines of a row agree, "" where they differ


def empty_report() -> TrafficReport:
    """A report without rows, with the right dtypes.

    >>> empty_report().cells
    ()
    """
    return TrafficReport(rows=_typed({name: [] for name in COLUMNS}))


def aggregate(lines: Lines) -> tuple[TrafficReport, Notes]:
    """Sums lines to the report, sorted by date and cell.

    Returns:
        The report, and a warning where a sum is missing because one of its parts is.
    """
    frame = lines.frame
    if frame.empty:
        return empty_report(), Notes()
    code = row_codes(frame, ROW_KEY, sort=True)
    order = np.argsort(code, kind="stable")
    starts = np.searchsorted(code[order], np.arange(int(code.max()) + 1))
    present = ~np.column_stack([frame[name].array.isna() for name in MEASURE_COLUMNS])[order]
    some, every = np.logical_or.reduceat(present, starts), np.logical_and.reduceat(present, starts)
    sums = {
        name: pd.arrays.IntegerArray(
            np.add.reduceat(frame[name].to_numpy(dtype=np.int64, na_value=0)[order], starts), ~every[:, i]
        )
        for i, name in enumerate(MEASURE_COLUMNS)
    }
    keys = {name: frame[name].array.take(order[starts]) for name in ROW_KEY}
    tags = {name: _shared(frame[name], order, starts) for name in _TAGS}
    rows = _typed({**keys, **sums, **tags})
    holds = np.asarray(every.any(axis=1), dtype=np.bool_)
    notes = step("没有任何数字的行不计入", "rows without any number left out", int((~holds).sum()))
    report = TrafficReport(rows=rows if holds.all() else rows.loc[holds].reset_index(drop=True))
    return report, notes + _partly_missing(some & ~every) + step(
        "多行合并为一个投放单元的一天", "rows summed into one cell and day", len(frame) - len(rows)
    )


def _shared(column: pd.Series[str], order: Ints, starts: Ints) -> NDArray[np.object_]:
    """The tag on which all lines of a row agree, "" where they do not; rows are ``order`` cut at ``starts``."""
    texts = column.to_numpy(dtype=object)[order]
    if len(starts) == len(order):
        return texts
    code = pd.factorize(column)[0][order]
    agreed = np.minimum.reduceat(code, starts) == np.maximum.reduceat(code, starts)
    return np.where(agreed, texts[starts], "")


def _typed(columns: Mapping[str, Any]) -> pd.DataFrame:
    types = {"date": "datetime64[us]", **dict.fromkeys(MEASURE_COLUMNS, "Int64")}
    return pd.DataFrame({name: pd.array(columns[name], dtype=types.get(name, "str")) for name in COLUMNS})


def _partly_missing(partial: Mask) -> Notes:
    touched = [name for i, name in enumerate(MEASURE_COLUMNS) if partial[:, i].any()]
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
