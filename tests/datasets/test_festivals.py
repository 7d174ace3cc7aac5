"""The festival calendar: which day is of which phase, what the report says itself, and what a file is refused for."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adspend_datasets
from adspend_datasets.errors import BadDataError
from adspend_datasets.festival_file import read_festivals
from adspend_datasets.festivals import NO_FESTIVALS, Festivals, FestivalWindow, days_by_festival
from oracles.made_reports import FIRST_DAY, Row, report_of

Write = Callable[..., Path]

BUNDLED = Path(adspend_datasets.__file__).parent / "samples" / "festivals.csv"
HEADER = "phase,start,end\n"


def day(number: int) -> datetime.date:
    return FIRST_DAY + datetime.timedelta(days=number)


def window(phase: str, start: int, end: int) -> FestivalWindow:
    """Days counted from FIRST_DAY."""
    return FestivalWindow(phase=phase, start=day(start), end=day(end))


WINDOWS = st.builds(
    lambda phase, start, length: window(phase, start, start + length),
    st.sampled_from(["618", "双11", "蓄水"]),
    st.integers(0, 30),
    st.integers(0, 9),
)


def names_by_day(windows: list[FestivalWindow]) -> list[set[str]]:
    """The oracle: every day's names, day by day."""
    return [{w.phase for w in windows if w.start <= day(number) <= w.end} for number in range(45)]


def as_csv(windows: list[FestivalWindow]) -> str:
    return HEADER + "".join(f"{w.phase},{w.start},{w.end}\n" for w in windows)


@settings(deadline=None, max_examples=60)
@given(st.lists(WINDOWS, min_size=1, max_size=6))
def test_a_calendar_is_taken_if_and_only_if_no_day_has_two_names(
    tmp_path_factory: pytest.TempPathFactory, windows: list[FestivalWindow]
) -> None:
    """From a file and as a value, in any order of the rows; then each day's phase is its one name."""
    names, path = names_by_day(windows), tmp_path_factory.mktemp("calendar") / "festivals.csv"
    path.write_text(as_csv(windows), encoding="utf-8")
    if any(len(found) > 1 for found in names):
        with pytest.raises(ValueError, match="overlap"):
            Festivals(windows=tuple(windows))
        with pytest.raises(BadDataError, match="E-FESTIVAL-OVERLAP"):
            read_festivals(path)
        return
    read = read_festivals(path)
    assert read == Festivals(windows=tuple(reversed(windows)))
    assert [read.phase_on(day(number)) for number in range(45)] == ["".join(found) for found in names]


PHASES = st.sampled_from(["", "", "test", "返场"])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ab"), st.sampled_from("xy"), PHASES), max_size=20))
def test_days_without_a_phase_get_the_calendar_s_and_no_other_value_changes(rows: list[tuple[int, ...]]) -> None:
    """Cell by cell and day by day against a loop over the rows; tagging twice is tagging once."""
    given_rows = [Row(day=d, cost=1, orders=1, segment=s, product=p, phase=phase) for d, s, p, phase in rows]  # type: ignore[misc]
    report, calendar = report_of(given_rows), Festivals(windows=(window("618", 3, 5), window("双11", 8, 8)))
    tagged = calendar.tagged(report)
    wanted = []
    for d, s, _, phase in rows:
        own = any(other[3] for other in rows if other[:2] == (d, s))
        festival = {3: "618", 4: "618", 5: "618", 8: "双11"}.get(d, "")  # type: ignore[call-overload]
        wanted.append((f"test:{festival}" if festival and phase == "test" else phase) if own else festival)
    assert tagged.rows["phase"].tolist() == wanted
    pd.testing.assert_frame_equal(tagged.rows.drop(columns="phase"), report.rows.drop(columns="phase"))
    pd.testing.assert_frame_equal(calendar.tagged(tagged).rows, tagged.rows)
    assert report.rows["phase"].tolist() == [row[3] for row in rows]  # the argument is untouched


def test_days_are_counted_by_the_festival_that_any_of_their_rows_names() -> None:
    phases = [(0, "a", ""), (0, "b", ""), (1, "a", "618"), (1, "b", ""), (2, "a", "test:618"), (3, "a", "test")]
    rows = [Row(day=day, cost=1, orders=1, segment=segment, phase=phase) for day, segment, phase in phases]
    assert days_by_festival(report_of(rows)) == {"": 2, "618": 2}
    assert days_by_festival(report_of(rows[:0])) == {}


def test_no_calendar_is_no_change() -> None:
    report = report_of([Row(day=0, cost=1, orders=1)])
    assert NO_FESTIVALS.tagged(report) is report
    assert NO_FESTIVALS.phase_on(FIRST_DAY) == ""


def test_both_ends_count_and_windows_of_one_name_may_meet(write: Write) -> None:
    path = write("c.csv", HEADER + "618,2026-06-03,2026-06-05\n618,2026-06-05,2026-06-06\n双11,2026-06-07,2026-06-07\n")
    found = read_festivals(path)
    assert [found.phase_on(datetime.date(2026, 6, n)) for n in range(2, 9)] == ["", *["618"] * 4, "双11", ""]


def test_spreadsheets_habits_are_read(write: Write, tmp_path: Path) -> None:
    """Remarks, rows of separators, blanks, GBK, Chinese dates, another column order, a workbook's real dates."""
    plain = read_festivals(write("plain.csv", HEADER + "双11,2026-10-20,2026-11-11\n"))
    untidy = "# 备注, 两格\n,,,\nStart ,phase, END,\n2026年10月20日, 双11 ,2026/11/11,\n,,,\n"
    assert read_festivals(write("untidy.csv", untidy, "gb18030")) == plain
    book = openpyxl.Workbook()
    for row in (
        ["# 备注"],
        [],
        ["phase", "start", "end"],
        ["双11", datetime.date(2026, 10, 20), datetime.date(2026, 11, 11)],
    ):
        book.active.append(row)
    book.save(tmp_path / "c.xlsx")
    assert read_festivals(tmp_path / "c.xlsx") == plain


def test_the_bundled_calendar_is_read_and_says_that_it_is_an_example() -> None:
    """One window for each festival of 2026 that ``samples/README.md`` lists, none of them confirmed."""
    found = read_festivals(BUNDLED)
    assert {w.start.year for w in found.windows} == {2026}
    assert found.phase_on(datetime.date(2026, 6, 18)) == "618"
    assert found.phase_on(datetime.date(2026, 11, 11)) == "双11"
    assert found.phase_on(datetime.date(2026, 11, 22)) == ""
    head = BUNDLED.read_text(encoding="utf-8-sig").splitlines()[0]
    assert "示例" in head
    assert "confirm" in head


@pytest.mark.parametrize(
    ("text", "code", "row", "column", "zh", "en"),
    [
        ("phase,start\n618,2026-06-01\n", "E-FESTIVAL-COLUMNS", 1, "", "恰为", "exactly"),
        ("phase,start,end,uplift\n618,2026-06-01,2026-06-02,2\n", "E-FESTIVAL-COLUMNS", 1, "", "uplift", "uplift"),
        ("phase,start,end,end\n618,2026-06-01,2026-06-02,\n", "E-FESTIVAL-COLUMNS", 1, "", "恰为", "exactly"),
        ("# 备注\n618,2026-06-01,2026-06-02\n", "E-FESTIVAL-COLUMNS", 2, "", "表头", "header"),
        ("# 只有备注\n", "E-FESTIVAL-COLUMNS", 1, "", "恰为", "exactly"),
        (HEADER, "E-FESTIVAL-NONE", 1, "", "至少要有一段", "must have a window"),
        (HEADER + "#618,2026-06-01,2026-06-20\n,,\n", "E-FESTIVAL-NONE", 1, "", "备注", "remark"),
        (HEADER + ",2026-06-01,2026-06-02\n", "E-FESTIVAL-NAME", 2, "phase", "不能为空", "must have a name"),
        (HEADER + "test,2026-06-01,2026-06-02\n", "E-FESTIVAL-NAME", 2, "phase", "测试日", "test days"),
        (HEADER + " TEST ,2026-06-01,2026-06-02\n", "E-FESTIVAL-NAME", 2, "phase", "测试日", "test days"),
        (HEADER + "6\u202e18,2026-06-01,2026-06-02\n", "E-TEXT", 2, "phase", "隐藏字符", "hidden"),
        (HEADER + "618,6月1日,2026-06-02\n", "E-DATE-YEAR", 2, "start", "带年份", "year"),
        (HEADER + "618,2026-06-01,2026-06-31\n", "E-DATE", 2, "end", "存在的日期", "must exist"),
        (HEADER + "618,2026-06-01,\n", "E-DATE", 2, "end", "日期", "date"),
        (HEADER + "618,2026-06-01 20:00,2026-06-02\n", "E-DATE", 2, "start", "整天", "whole days"),
        (HEADER + "618,2026-06-03,2026-06-02\n", "E-FESTIVAL-ORDER", 2, "end", "早于开始", "before the start"),
        (
            HEADER + "618,2026-06-01,2026-06-20\n蓄水,2026-06-20,2026-06-21\n",
            "E-FESTIVAL-OVERLAP",
            3,
            "start",
            "「618」(2026-06-01 至 2026-06-20)",
            "overlaps '618' (2026-06-01 to 2026-06-20)",
        ),
    ],
)
def test_every_fault_has_its_code_place_and_words(
    write: Write, text: str, code: str, row: int, column: str, zh: str, en: str
) -> None:
    with pytest.raises(BadDataError) as caught:
        read_festivals(write("festivals.csv", text))
    fault = caught.value.faults[0]
    assert (fault.code, fault.place.file, fault.place.row, fault.place.column) == (code, "festivals.csv", row, column)
    assert zh in fault.pick("zh")
    assert en in fault.pick("en")
    assert fault.remedy.zh
    assert fault.remedy.en


def test_all_faults_of_a_file_are_told_at_once(write: Write) -> None:
    text = HEADER + "test,x,2026-06-02\n618,2026-06-03,2026-06-01\n甲,2026-07-01,2026-07-03\n乙,2026-07-03,2026-07-04\n"
    with pytest.raises(BadDataError) as caught:
        read_festivals(write("c.csv", text))
    assert [(fault.code, fault.place.row) for fault in caught.value.faults] == [
        ("E-FESTIVAL-NAME", 2),
        ("E-DATE", 2),
        ("E-FESTIVAL-ORDER", 3),
        ("E-FESTIVAL-OVERLAP", 5),
    ]


@pytest.mark.parametrize(("phase", "start", "end"), [("", 0, 1), ("test", 0, 1), ("618", 2, 1)])
def test_an_impossible_window_cannot_exist(phase: str, start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"name|start <= end"):
        window(phase, start, end)
