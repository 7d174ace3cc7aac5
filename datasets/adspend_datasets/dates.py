"""Dates and times of day as reports write them; what is ambiguous is refused, never guessed.

>>> parse_moment("2026/6/18 20:30")
Moment(day=datetime.date(2026, 6, 18), minute=1230)
>>> parse_moment("46191").day.isoformat()
'2026-06-18'
"""

from __future__ import annotations

import datetime
import re
from typing import Literal, NamedTuple

from adspend_datasets.refusal import RefusedValue
from adspend_datasets.text import Text

DateOrder = Literal["ymd", "mdy", "dmy"]
DAY = 1440  # minutes
_HALF_DAY = 720

# Day 0 of a spreadsheet's serial numbers. 1899-12-30 absorbs the 29 February 1900 that Excel believes in.
_EPOCHS = {False: datetime.date(1899, 12, 30), True: datetime.date(1904, 1, 1)}
_FIRST, _LAST = datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)  # a report from outside is a misread number

_CLOCK = r"(?P<hour>[0-9]{1,2})(?:[:：](?P<minute>[0-9]{2})(?:[:：][0-9]{2}(?:\.[0-9]+)?)?|[时点])"
_WEEKDAY = r"(?:\s*[(（]?(?:周|星期)[一二三四五六日天][)）]?)?"
_YMD = re.compile(
    r"(?P<y>[0-9]{4})(?:(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})|年(?P<mc>[0-9]{1,2})月(?P<dc>[0-9]{1,2})日?"
    rf"|(?P<mm>[0-9]{{2}})(?P<dd>[0-9]{{2}})){_WEEKDAY}(?:[T\s]+{_CLOCK}(?:[zZ]|\+08:?00)?)?"
)
_YEAR_LAST = re.compile(r"(?P<a>[0-9]{1,2})(?P<s>[-/.])(?P<b>[0-9]{1,2})(?P=s)(?P<y>[0-9]{4})")
_SERIAL = re.compile(r"(?P<day>[0-9]{5})(?:\.(?P<part>[0-9]+))?")
_NO_YEAR = re.compile(r"[0-9]{1,2}(?:月[0-9]{1,2}日?|[-/.][0-9]{1,2})")
_RANGE = re.compile(r".*[0-9]\s*(?:~|～|至|到|—|–|\bto\b|\s-\s)\s*[0-9].*")
_TIME = re.compile(_CLOCK)
_BARE_HOUR = re.compile(r"(?P<hour>[0-9]{1,2})")


class Moment(NamedTuple):
    """A calendar day and, where the text has one, the minute of the day; 24:30 is minute 1470 of the same day."""

    day: datetime.date
    minute: int | None


def parse_moment(text: str, *, order: DateOrder = "ymd", epoch_1904: bool = False) -> Moment:
    """Reads a date, with or without a time of day.

    Args:
        text: the cell as written; not a missing token.
        order: how a platform writes a date whose year stands last; "ymd" refuses such dates.
        epoch_1904: whether the workbook counts its serial days from 1904.

    Raises:
        RefusedValue: E-DATE-YEAR without a year, E-DATE-RANGE for a period, E-DATE otherwise.
    """
    bare = text.strip()
    if match := _YMD.fullmatch(bare):
        month, day = (match["m"] or match["mc"] or match["mm"]), (match["d"] or match["dc"] or match["dd"])
        return Moment(_day(int(match["y"]), int(month), int(day)), _clock_minute(match))
    if match := _SERIAL.fullmatch(bare):
        day_of = _EPOCHS[epoch_1904] + datetime.timedelta(days=int(match["day"]))
        part = float(f"0.{match['part']}") if match["part"] else None
        return Moment(_in_range(day_of), None if part is None else round(part * DAY))
    if match := _YEAR_LAST.fullmatch(bare):
        if order == "ymd":
            raise _refused("E-DATE", "日期必须是年在前", "the year of a date must come first")
        month, day = (match["a"], match["b"]) if order == "mdy" else (match["b"], match["a"])
        return Moment(_day(int(match["y"]), int(month), int(day)), None)
    if _NO_YEAR.fullmatch(bare):
        raise _refused("E-DATE-YEAR", "日期必须带年份", "a date must have a year")
    if _RANGE.fullmatch(bare):
        raise period_refused()
    raise _refused("E-DATE", "必须是日期", "a date is needed")


def period_refused() -> RefusedValue:
    """The refusal of a row that sums up several days."""
    law = Text("每一行必须是一天，不能是一段日期", "a row must be one day, not a period")
    return RefusedValue("E-DATE-RANGE", law, Text("请按「分天」重新导出", "export it again broken down by day"))


def parse_clock(text: str) -> int:
    """Reads a time of day, up to 29:59, to its minute; a bare number is an hour.

    Raises:
        RefusedValue: E-TIME.

    >>> parse_clock("20:30"), parse_clock("8时"), parse_clock("26:00"), parse_clock("7")
    (1230, 480, 1560, 420)
    """
    bare = text.strip()
    match = _TIME.fullmatch(bare) or _BARE_HOUR.fullmatch(bare)
    minute = _clock_minute(match) if match else None
    if minute is None:
        law = Text("必须是时间", "a time of day is needed")
        raise RefusedValue("E-TIME", law, Text("请写成 20:30", "write it as 20:30"))
    return minute


def _clock_minute(match: re.Match[str]) -> int | None:
    found = match.groupdict()
    if found.get("hour") is None:
        return None
    hour, minute = int(found["hour"]), int(found.get("minute") or 0)
    if hour > 29 or minute > 59:  # a livestream past midnight may be written up to 29:59
        law = Text("时间必须在 00:00 到 29:59 之间", "a time must lie between 00:00 and 29:59")
        raise RefusedValue("E-TIME", law, Text("请写成 20:30", "write it as 20:30"))
    return hour * 60 + minute


def _day(year: int, month: int, day: int) -> datetime.date:
    try:
        return _in_range(datetime.date(year, month, day))
    except ValueError as error:
        if isinstance(error, RefusedValue):
            raise
        raise _refused("E-DATE", "必须是存在的日期", "a date must exist") from None


def _in_range(day: datetime.date) -> datetime.date:
    if not _FIRST <= day <= _LAST:
        raise _refused("E-DATE", "日期必须在 2000 到 2099 年之间", "a date must lie in 2000 to 2099")
    return day


def _refused(code: str, zh: str, en: str) -> RefusedValue:
    return RefusedValue(code, Text(zh, en), Text("请写成 2026-06-18", "write it as 2026-06-18"))
