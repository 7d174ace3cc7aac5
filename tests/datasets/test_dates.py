"""Dates: every unambiguous form of a day is that day; everything else is refused."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend_datasets.dates import parse_clock, parse_moment
from adspend_datasets.refusal import RefusedValue

DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))
FORMS = ["{d:%Y-%m-%d}", "{d:%Y/%m/%d}", "{d.year}/{d.month}/{d.day}", "{d:%Y.%m.%d}", "{d:%Y%m%d}",
         "{d.year}年{d.month}月{d.day}日", "{d:%Y-%m-%d} 星期四", "{d:%Y-%m-%d}T00:00:00Z"]  # fmt: skip


@given(DAYS, st.sampled_from(FORMS))
def test_forms_of_a_day(day: datetime.date, form: str) -> None:
    assert parse_moment(form.format(d=day)).day == day


@given(DAYS, st.integers(0, 1439))
def test_times_of_day(day: datetime.date, minute: int) -> None:
    text = f"{minute // 60}:{minute % 60:02d}"
    assert parse_moment(f"{day} {text}") == (day, minute)
    assert parse_moment(f"{day} {text}:30.5").minute == minute
    assert parse_clock(text) == minute


@given(DAYS, st.integers(0, 1439))
def test_serial_numbers_agree_with_the_calendar(day: datetime.date, minute: int) -> None:
    """The oracle is date arithmetic: serial 36526 is 2000-01-01 in the 1900 system, 35064 in the 1904 system."""
    serial = 36526 + (day - datetime.date(2000, 1, 1)).days
    assert parse_moment(str(serial)).day == day
    assert parse_moment(f"{serial + minute / 1440:.10f}") == (day, minute)
    if serial - 1462 > 9999:
        assert parse_moment(str(serial - 1462), epoch_1904=True).day == day


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [("6/18/2026", "mdy", "2026-06-18"), ("18/06/2026", "dmy", "2026-06-18"), ("06-08-2026", "dmy", "2026-08-06")],
)
def test_year_last_needs_a_profile_that_says_the_order(text: str, order: str, day: str) -> None:
    assert parse_moment(text, order=order).day.isoformat() == day  # type: ignore[arg-type]
    with pytest.raises(RefusedValue, match="year of a date must come first"):
        parse_moment(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6月18日", "E-DATE-YEAR"),
        ("06-18", "E-DATE-YEAR"),
        ("26-06-18", "E-DATE"),
        ("2026-13-01", "E-DATE"),
        ("2026-06/18", "E-DATE"),
        ("1999-12-31", "E-DATE"),
        ("99999", "E-DATE"),
        ("2026-06-18 30:00", "E-TIME"),
        ("2026-06-01 至 2026-06-30", "E-DATE-RANGE"),
        ("2026年第3周", "E-DATE"),
        ("", "E-DATE"),
    ],
)
def test_ambiguous_dates_are_refused(text: str, code: str) -> None:
    with pytest.raises(RefusedValue) as caught:
        parse_moment(text)
    assert caught.value.code == code


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_our_refusal(text: str) -> None:
    for parse in (parse_moment, parse_clock):
        try:
            parse(text)
        except RefusedValue as refusal:
            assert refusal.law.zh  # noqa: PT017 - the claim is about every refusal
