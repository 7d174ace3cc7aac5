"""Rows that occur twice: identical ones are counted once, the same key with other numbers is refused.

A double paste or two merged exports would otherwise count the same money twice.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.errors import Fault
from adspend_datasets.import_report import Notes, step
from adspend_datasets.lines import LINE_KEY, Lines
from adspend_datasets.measures import FRAME_COLUMNS
from adspend_datasets.raw_table import capped
from adspend_datasets.report import MEASURE_COLUMNS
from adspend_datasets.row_codes import row_codes
from adspend_datasets.text import Text


def drop_repeats(lines: Lines, same: tuple[str, ...] = ()) -> tuple[Lines, Notes]:
    """Keeps one of each group of identical lines.

    Args:
        lines: the lines of one file, or of all.
        same: further columns in which identical lines must agree; within a file ``rest``, because two rows that
            differ only in a column we do not use may still be two rows.

    Returns:
        The lines without repeats; a warning with the count, and E-DUP-CONFLICT for each line that has the key of an
        earlier one but other values.
    """
    keys = row_codes(lines.frame, LINE_KEY)
    if keys.max(initial=-1) + 1 == len(keys):
        return lines, Notes()
    whole = row_codes(lines.frame, (*LINE_KEY, *MEASURE_COLUMNS, *same))
    repeated = pd.Series(whole).duplicated().to_numpy()
    count = int(repeated.sum())
    warning = Text(f"有 {count} 行完全重复，只计一次", f"{count} rows are exact repeats and count once")
    kept = lines.with_frame(lines.frame.loc[~repeated])
    faults = _conflicts(kept, keys[~repeated])
    notes = Notes(faults=faults, warnings=(warning,) if count else ())
    return kept, notes + step("去掉完全重复的行", "exact repeats dropped", count)


def _conflicts(lines: Lines, keys: NDArray[np.int64]) -> tuple[Fault, ...]:
    """A fault for every line whose key an earlier line has."""
    _, firsts = np.unique(keys, return_index=True)
    return capped([_conflict(lines, int(firsts[key]), index) for index, key in enumerate(keys) if firsts[key] != index])


def _conflict(lines: Lines, first: int, index: int) -> Fault:
    measures = lines.frame.loc[[first, index], list(MEASURE_COLUMNS)].astype(object).to_numpy()
    unlike = [repr(a) != repr(b) for a, b in zip(*measures, strict=True)]  # NA equals nothing, not even itself
    differing = next((name for name, other in zip(MEASURE_COLUMNS, unlike, strict=True) if other), "cost_fen")
    field = next(field for field, name in FRAME_COLUMNS.items() if name == differing)
    place = lines.place(first)
    law = Text(
        f"同一天同一计划只能有一行，它与 {place.pick('zh')} 的数字不同",
        f"a plan may have one row per day, this one differs from {place.pick('en')}",
    )
    return Fault(code="E-DUP-CONFLICT", law=law, remedy=_REMEDY, place=lines.place(index, field, "cost"))


_REMEDY = Text(
    "请只留最新的一行；若报表按其他维度（如素材）细分，请在平台文件的 detail 里写上该列",
    "keep the newest; if the report is broken down further (by creative ...), name that column in a profile's detail",
)


def refuse_mixed_grain(lines: Lines) -> Notes:
    """Refuses a day of a plan that comes both as a whole and by the hour: its money would count twice."""
    timed = lines.frame["minute"].notna()
    if timed.all() or not timed.any():
        return Notes()
    keys = [lines.frame[name] for name in LINE_KEY if name not in ("minute", "detail", "slot")]
    share = timed.astype(float).groupby(keys, sort=False, dropna=False).transform("mean")
    law = Text("同一天同一计划不能既有全天又有分时", "a day of a plan must not come both as a whole and by the hour")
    remedy = Text("请只保留分时（或只保留全天）的导出", "keep only the hourly, or only the daily, export")
    mixed = np.flatnonzero(((share < 1) & (share > 0) & ~timed).to_numpy())
    return Notes(faults=lines.faults(mixed, "E-DUP-GRAIN", law, remedy, "date", "captured_at"))
