"""Hours go to the business day on which their slot begins, and no fen is lost on the way."""

from __future__ import annotations

import datetime
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_datasets.mapping import MappingRule
from adspend_datasets.readers import read_reports
from adspend_datasets.slots import parse_slot, slot_grid, slot_label
from oracles.bad_reports import HEADER, RULES, text_of

HOURLY = "日期,小时,计划名称,消耗(元),展示次数,点击次数,直接成交订单数,直接成交金额(元)"
SLOTS = ("08:00-10:00", "18:00-20:00", "20:00-22:00", "22:00-26:00")
FIRST = datetime.date(2026, 11, 20)


def business_slot(day: datetime.date, hour: int) -> tuple[datetime.date, str]:
    """The oracle: lay every slot of every day on one time line and look which one the hour falls in."""
    at = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(hours=hour)
    for first in (day - datetime.timedelta(days=1), day, day + datetime.timedelta(days=1)):
        for slot in SLOTS:
            start, end = (datetime.timedelta(hours=int(part[:2])) for part in slot.split("-"))
            midnight = datetime.datetime.combine(first, datetime.time())
            if midnight + start <= at < midnight + end:
                return first, slot
    return day, slot_label((hour * 60, hour * 60 + 60))


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 25)), st.integers(1000, 10**6), min_size=1))
@settings(max_examples=25, deadline=None)
def test_hours_agree_with_the_time_line(costs: dict[tuple[int, int], int]) -> None:
    """24:30 of a day and 00:30 of the next are the same hour; here one of the two forms is written for each."""
    written, expected = set(), defaultdict(int)
    rows = []
    for (offset, hour), fen in costs.items():
        day = FIRST + datetime.timedelta(days=offset)
        moment = (day.toordinal() * 24 + hour) % (10**9)
        if moment in written:
            continue
        written.add(moment)
        rows.append(f"{day},{hour}:00,_新客_,{fen / 100:.2f},{fen // 5},3,1,300.00")
        expected[business_slot(day, hour)] += fen
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hours.csv"
        path.write_text(text_of(HOURLY, rows), "utf-8")
        report, story = read_reports([path], rules=RULES, slots=SLOTS)
    keys = zip(report.rows["date"].dt.date, report.rows["slot"], strict=True)
    assert dict(zip(keys, report.rows["cost_fen"], strict=True)) == expected
    assert story.sums.cost_fen == sum(expected.values())


def test_after_midnight_belongs_to_the_evening_before(tmp_path: Path) -> None:
    """Anchor: 00:30 of 11-23 with the slot 22:00-26:00 is business of 11-22, however it is written."""
    (tmp_path / "a.csv").write_text(
        text_of(HOURLY, ["2026-11-23,00:30,_新客_,1.23,30,1,0,0", "2026-11-22,23:30,_新客_,2.00,40,1,0,0"]), "utf-8"
    )
    (tmp_path / "b.csv").write_text(
        text_of(HEADER, ["2026-11-23,新客,00:30-01:00,1.23,30,1,0,0,", "2026-11-22,新客,23:30-24:00,2.00,40,1,0,0,"]),
        "utf-8",
    )
    for name in ("a.csv", "b.csv"):
        report, story = read_reports([tmp_path / name], rules=RULES, slots=["22:00-26:00"])
        row = report.rows.iloc[0]
        assert (str(row["date"].date()), row["slot"], row["cost_fen"]) == ("2026-11-22", "22:00-26:00", 323)
        assert len(report.rows) == 1
        assert any(
            step.text.en.startswith("rows moved to the business day") and step.count == 1 for step in story.steps
        )


def test_late_sales_of_a_mapped_slot_stay_with_its_evening(tmp_path: Path) -> None:
    """A plan whose rule names the slot: an hour after its end, at 02:00, is nearer to the evening before."""
    (tmp_path / "a.csv").write_text(text_of(HOURLY, ["2026-11-23,2,_新客_,0.00,30,1,1,99"]), "utf-8")
    rule = MappingRule(plan_name="新客", segment="新客", slot="22:00-26:00")
    report, _ = read_reports([tmp_path / "a.csv"], rules=[rule], slots=["22:00-26:00"])
    assert [str(report.first_date), *report.rows["slot"]] == ["2026-11-22", "22:00-26:00"]


def test_half_days_at_the_ends_are_told(tmp_path: Path) -> None:
    rows = [f"2026-11-{day},{hour},_新客_,5.00,100,1,0,0" for day in (22, 23) for hour in (0, 22)]
    (tmp_path / "a.csv").write_text(text_of(HOURLY, rows), "utf-8")
    _, story = read_reports([tmp_path / "a.csv"], rules=RULES, slots=["22:00-26:00"])
    assert any("2026-11-21" in text.zh and "2026-11-23" in text.zh and "一半" in text.zh for text in story.warnings)


def test_without_slots_hours_keep_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text_of(HOURLY, ["2026-11-22,20:00-20:30,_新客_,2.00,40,1,0,0"]), "utf-8")
    report, story = read_reports([tmp_path / "a.csv"], rules=RULES)
    assert report.rows["slot"].tolist() == ["20:00-20:30"]
    assert not story.warnings


def test_a_slot_unknown_to_the_shop_is_kept_and_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text_of(HOURLY, ["2026-11-22,15,_新客_,2.00,40,1,0,0"]), "utf-8")
    report, story = read_reports([tmp_path / "a.csv"], rules=RULES, slots=SLOTS)
    assert report.rows["slot"].tolist() == ["15:00-16:00"]
    assert [text.en for text in story.warnings] == [
        "slots that the shop does not have are kept as they are: 15:00-16:00"
    ]


@pytest.mark.parametrize(
    ("label", "span"),
    [
        ("20:00-22:00", (1200, 1320)),
        ("20:00 ～ 22:00", (1200, 1320)),
        ("8:00-10:00", (480, 600)),
        ("22:00-26:00", (1320, 1560)),
        ("22:00-02:00", (1320, 1560)),
        ("20:00-20:59", (1200, 1260)),
        ("00:00-24:00", (0, 1440)),
        ("晚场", None),
        ("20:00", None),
    ],
)
def test_slot_labels(label: str, span: tuple[int, int] | None) -> None:
    assert parse_slot(label) == span
    if span is not None:
        assert parse_slot(slot_label(span)) == span


@given(st.integers(0, 2879), st.integers(1, 120))
def test_a_grid_that_covers_the_day_leaves_no_minute_out(minute: int, length: int) -> None:
    grid = slot_grid(["06:00-14:00", "14:00-22:00", "22:00-30:00"])
    found = grid.find(minute)
    assert found is not None
    label, shift = found
    start, end = parse_slot(label) or (0, 0)
    assert start <= minute - shift * 1440 < end
    whole = grid.find(minute, length)
    assert (whole is not None) == (minute - shift * 1440 + length <= end)
