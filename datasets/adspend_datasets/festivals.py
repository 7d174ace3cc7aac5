"""Festivals (大促): which days belong to which phase, for exports that carry no ``phase`` column.

A value that is cheap to import and to send to a worker; ``festival_file`` reads it. What a report says of a day itself
wins over the calendar.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adspend_datasets.report import TrafficReport

TEST_PHASE = "test"  # of days whose levels were drawn in advance (``design_test``): no festival may bear it
TEST_WITHIN = TEST_PHASE + ":"  # ... and the festival's name, of such days within one


def is_test(phase: str) -> bool:
    """Whether a day's levels were drawn in advance.

    >>> is_test("test"), is_test("test:618"), is_test("618")
    (True, True, False)
    """
    return phase == TEST_PHASE or phase.startswith(TEST_WITHIN)


def festival_of(phase: str) -> str:
    """The festival of a day's phase; "" on a normal day, tested or not.

    >>> festival_of("test"), festival_of("test:618"), festival_of("618")
    ('', '618', '618')
    """
    return phase.removeprefix(TEST_WITHIN) if phase != TEST_PHASE else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FestivalWindow:
    """The days from ``start`` to ``end``, both included, of one festival phase."""

    phase: str
    start: datetime.date
    end: datetime.date

    def __post_init__(self) -> None:
        """Refuses a window without a day, and names that mean something else in a report."""
        if not self.phase or is_test(self.phase):
            raise ValueError(f"a festival phase needs a name other than {TEST_PHASE!r}, but got {self.phase!r}")
        if self.end < self.start:
            raise ValueError(f"`start <= end` must hold for {self.phase}, but got {self.start} and {self.end}")


def clashes(ordered: Iterable[FestivalWindow]) -> Iterator[tuple[FestivalWindow, FestivalWindow]]:
    """Windows of different names with a day in common, each with the latest-ending one that it meets; by start."""
    latest: dict[str, FestivalWindow] = {}
    for window in ordered:
        met = [other for name, other in latest.items() if name != window.phase and other.end >= window.start]
        if met:
            yield max(met, key=attrgetter("end")), window
        known = latest.get(window.phase)
        if known is None or known.end < window.end:
            latest[window.phase] = window


@dataclass(frozen=True, slots=True, kw_only=True)
class Festivals:
    """The windows, sorted by date; several may share a name, but no day has two names."""

    windows: tuple[FestivalWindow, ...] = ()

    def __post_init__(self) -> None:
        """Sorts the windows; refuses a day of two names."""
        object.__setattr__(self, "windows", tuple(sorted(set(self.windows), key=attrgetter("start", "end", "phase"))))
        for one, other in clashes(self.windows):
            raise ValueError(f"a day must have one phase, but {one} and {other} overlap")

    def phase_on(self, date: datetime.date) -> str:
        """The phase of a date; "" on a normal day.

        >>> day = datetime.date(2026, 6, 18)
        >>> Festivals(windows=(FestivalWindow(phase="618", start=day, end=day),)).phase_on(day)
        '618'
        """
        return next((window.phase for window in self.windows if window.start <= date <= window.end), "")

    def tagged(self, report: TrafficReport) -> TrafficReport:
        """The report with the calendar's phase on every day of a cell that has none of its own, and beside a test's."""
        from adspend_datasets.report import KEY_COLUMNS  # pandas: not for those who only pass the calendar on

        rows = report.rows
        if rows.empty or not self.windows:
            return report
        named = {day: self.phase_on(day.date()) for day in rows["date"].unique()}
        # A cell's day is tagged where one of its rows is: products and plans of one day are added up.
        own = (rows["phase"] != "").groupby([rows[name] for name in KEY_COLUMNS]).transform("any")
        festival = rows["date"].map(named)
        phase = rows["phase"].where(own, festival)
        phase = phase.mask((phase == TEST_PHASE) & (festival != ""), TEST_WITHIN + festival).astype(rows["phase"].dtype)
        return replace(report, rows=rows.assign(phase=phase))


NO_FESTIVALS = Festivals()


def days_by_festival(report: TrafficReport) -> dict[str, int]:
    """How many of the report's days lie in each festival, and as "" how many in none.

    A day is a festival's where any of its rows says so, and both's where they differ.
    """
    dates = report.rows["date"]
    names = report.rows["phase"].map({name: festival_of(name) for name in report.rows["phase"].unique()})
    marked = {str(name): int(dates[names == name].nunique()) for name in sorted(set(names) - {""})}
    normal = int(dates.nunique() - dates[names != ""].nunique())
    return {**({"": normal} if normal else {}), **marked}
