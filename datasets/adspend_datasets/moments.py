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
from numpy.typing import NDArray

from adspend_datasets.dates import Moment, parse_clock, parse_moment, period_refused
from adspend_datasets.errors import Fault
from adspend_datasets.headers import HeaderMatch
from adspend_datasets.import_report import Notes
from adspend_datasets.lines import FrameColumns
from adspend_datasets.profile import FieldName
from adspend_datasets.raw_table import RawTable, capped, faults_of, parse_each
from adspend_datasets.slots import parse_slot
from adspend_datasets.text import Text

_HOUR = 60
_COLUMNS: tuple[FieldName, ...] = ("captured_at", "date", "date_end", "time", "time_end")
_Moments = list["_Partial"]
Ints = NDArray[np.int64]


class _Partial(NamedTuple):
    """What one cell tells: a day, a first minute, one past the last minute; None where it does not."""

    day: datetime.date | None = None
    minute: int | None = None
    end: int | None = None


def read_moments(table: RawTable, match: HeaderMatch) -> tuple[FrameColumns, Notes]:
    """Reads when each row happened.

    Returns:
        ``date`` (datetime64, NaT where refused), ``minute`` (Int64, minute of that day, <NA> for a whole day) and
        ``length`` (Int64, minutes covered; <NA> for a whole day or a snapshot), each (n,) for the table's n rows.
    """
    read: dict[FieldName, _Moments] = {}
    faults: list[Fault] = []
    for name in _COLUMNS:
        if name in match.columns:
            read[name], refused = _column(table, match, name)
            faults += refused
    faults += _periods(table, match, read)
    parts = list(zip(*_ordered(read), strict=True))
    number = {part: i for i, part in enumerate(dict.fromkeys(parts))}  # a report has few moments and many rows
    code = np.array([number[part] for part in parts], dtype=np.int64)
    moments = [_merged(part) for part in number]
    if not faults:
        faults += _incomplete(table, match, moments, code)
    frame = {name: values.take(code) for name, values in _frame(moments, "captured_at" in match.columns).items()}
    return frame, Notes(faults=capped(faults))


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


def _incomplete(table: RawTable, match: HeaderMatch, moments: list[_Partial], code: Ints) -> tuple[Fault, ...]:
    """Rows without a day, and snapshots without a time; row i happened at ``moments[code[i]]``."""
    snapshots = "captured_at" in match.columns
    name: FieldName = next(name for name in ("captured_at", "date", "time") if name in match.columns)
    header = match.columns[name][0].header
    law = Text("必须有日期", "a date is needed")
    remedy = Text("请补上日期；若是合计行请删去", "add the date; if the row is a total, delete it")
    clock = Text("采集时间必须带时刻", "a capture must have a time of day")
    lacking = np.array([part.day is None or (snapshots and part.minute is None) for part in moments], dtype=bool)
    return capped(
        [
            Fault(
                code="E-DATE",
                law=law if moments[code[index]].day is None else clock,
                remedy=remedy,
                place=table.place(index, header),
            )
            for index in np.flatnonzero(lacking[code]).tolist()
        ]
    )


def _frame(moments: list[_Partial], snapshots: bool) -> FrameColumns:
    minutes = [part.minute for part in moments]
    lengths: list[int | None] = [None] * len(moments)
    if not snapshots:
        grain = math.gcd(_HOUR, *(minute for minute in minutes if minute is not None))
        lengths = [_length(part, grain) for part in moments]
    return {
        "date": np.array([part.day for part in moments], dtype="datetime64[us]"),
        "minute": pd.array(minutes, dtype="Int64"),
        "length": pd.array(lengths, dtype="Int64"),
    }


def _length(part: _Partial, grain: int) -> int | None:
    """How long a timed row lasts: as its end says, else to the next possible start (hour, half-hour ...)."""
    if part.minute is None:
        return None
    if part.end is None:
        return grain
    return (part.end - part.minute) % 1440 or grain
