"""Date and time columns of a table: the calendar day of each row, and where it has one its time of day.

Rows come with a day; hourly exports add a time, as part of the date, in a column of its own, or as start and end of a
period; live-board snapshots have the moment of capture. All of these become two columns: day and minute.
"""

from __future__ import annotations

import datetime
import math
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from adspend_datasets.dates import Moment, parse_clock, parse_moment, period_refused
from adspend_datasets.errors import Fault
from adspend_datasets.headers import HeaderMatch
from adspend_datasets.import_report import Notes
from adspend_datasets.profile import FieldName
from adspend_datasets.raw_table import RawTable, capped, faults_of, parse_each
from adspend_datasets.slots import parse_slot
from adspend_datasets.text import Text

_HOUR = 60
_COLUMNS: tuple[FieldName, ...] = ("captured_at", "date", "date_end", "time", "time_end")
_Moments = list["_Partial"]


class _Partial(NamedTuple):
    """What one cell tells: a day, a first minute, one past the last minute; None where it does not."""

    day: datetime.date | None = None
    minute: int | None = None
    end: int | None = None


def read_moments(table: RawTable, match: HeaderMatch) -> tuple[pd.DataFrame, Notes]:
    """Reads when each row happened.

    Returns:
        A frame with ``date`` (datetime64, NaT where refused), ``minute`` (Int64, minute of that day, <NA> for a whole
        day) and ``length`` (Int64, minutes covered; <NA> for a whole day or a snapshot).
    """
    read: dict[FieldName, _Moments] = {}
    faults: list[Fault] = []
    for name in _COLUMNS:
        if name in match.columns:
            read[name], refused = _column(table, match, name)
            faults += refused
    faults += _periods(table, match, read)
    parts = list(zip(*_ordered(read), strict=True))
    merged = {part: _merged(part) for part in set(parts)}
    rows = [merged[part] for part in parts]
    if not faults:
        faults += _incomplete(table, match, rows)
    return _frame(rows, "captured_at" in match.columns), Notes(faults=capped(faults))


def _ordered(read: dict[FieldName, _Moments]) -> list[_Moments]:
    """The columns from most to least telling; time_end is worth its minute only as an end."""
    ends = [[_Partial(end=part.minute) for part in read["time_end"]]] if "time_end" in read else []
    return [read[name] for name in ("captured_at", "time", "date") if name in read] + ends


def _merged(parts: tuple[_Partial, ...]) -> _Partial:
    """The first column that tells a day, a minute, an end; a date column's midnight does not count as a minute."""
    return _Partial(
        next((part.day for part in parts if part.day is not None), None),
        next((part.minute for part in parts if part.minute is not None), None),
        next((part.end for part in parts if part.end is not None), None),
    )


def _column(table: RawTable, match: HeaderMatch, name: FieldName) -> tuple[_Moments, tuple[Fault, ...]]:
    column = match.columns[name][0]
    texts = table.cells[:, column.index].tolist()
    parse = partial(parse_moment, order=match.profile.date_order, epoch_1904=table.epoch_1904)
    parsed, refused = parse_each(texts, partial(_cell, parse, name in ("time", "time_end")))
    for text in match.profile.missing_tokens & refused.keys():
        if name != "date" or len(match.columns.keys() & {"captured_at", "time"}):
            parsed[text] = _Partial()
            del refused[text]
    if name == "date" and not any(cell.minute for cell in parsed.values()):
        parsed = {text: cell._replace(minute=None) for text, cell in parsed.items()}  # midnight in every row: the day
    nothing = _Partial()
    return [parsed.get(text, nothing) for text in texts], faults_of(table, column.header, texts, refused)


def _cell(parse: partial[Moment], is_time: bool, text: str) -> _Partial:
    """One cell: a moment, or in a time column also a time of day or a period of the day."""
    if is_time:
        span = parse_slot(text)
        if span is not None:
            return _Partial(None, *span)
        if len(text) <= len("20:30:00"):
            return _Partial(None, parse_clock(text))
    moment = parse(text)
    return _Partial(moment.day, moment.minute)


def _periods(table: RawTable, match: HeaderMatch, read: dict[FieldName, _Moments]) -> tuple[Fault, ...]:
    """Rows whose first and last day differ: sums over several days belong to none of them."""
    if "date_end" not in read or "date" not in read:
        return ()
    header = match.columns["date_end"][0].header
    pairs = enumerate(zip(read["date"], read["date_end"], strict=True))
    return capped(
        [
            period_refused().at(table.place(index, header), f"{first.day} … {last.day}")
            for index, (first, last) in pairs
            if first.day is not None and last.day is not None and first.day != last.day
        ]
    )


def _incomplete(table: RawTable, match: HeaderMatch, rows: list[_Partial]) -> tuple[Fault, ...]:
    """Rows without a day, and snapshots without a time."""
    snapshots = "captured_at" in match.columns
    name: FieldName = next(name for name in ("captured_at", "date", "time") if name in match.columns)
    header = match.columns[name][0].header
    law = Text("必须有日期", "a date is needed")
    remedy = Text("请补上日期；若是合计行请删去", "add the date; if the row is a total, delete it")
    clock = Text("采集时间必须带时刻", "a capture must have a time of day")
    faults = []
    for index, row in enumerate(rows):
        if row.day is None or (snapshots and row.minute is None):
            chosen = law if row.day is None else clock
            faults.append(Fault(code="E-DATE", law=chosen, remedy=remedy, place=table.place(index, header)))
    return capped(faults)


def _frame(rows: list[_Partial], snapshots: bool) -> pd.DataFrame:
    minutes = [row.minute for row in rows]
    lengths: list[int | None] = [None] * len(rows)
    if not snapshots:
        grain = math.gcd(_HOUR, *(minute for minute in minutes if minute is not None))
        lengths = [_length(row, grain) for row in rows]
    return pd.DataFrame(
        {
            "date": pd.Series(np.array([row.day for row in rows], dtype="datetime64[us]")),
            "minute": pd.array(minutes, dtype="Int64"),
            "length": pd.array(lengths, dtype="Int64"),
        }
    )


def _length(row: _Partial, grain: int) -> int | None:
    """How long a timed row lasts: as its end says, else to the next possible start (hour, half-hour ...)."""
    if row.minute is None:
        return None
    if row.end is None:
        return grain
    return (row.end - row.minute) % 1440 or grain
