"""Cells and rows that break a law: refused at their row and column, in words an operator understands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.readers import read_reports
from adspend_datasets.text import Text
from oracles.bad_reports import (
    HEADER,
    PLAN_ROWS,
    PLANS,
    ROWS,
    RULES,
    BadReport,
    assert_refused,
    bad,
    csv_file,
    replaced,
    text_of,
    two_files,
    workbook,
)

GOOD = text_of(HEADER, ROWS)
MAPPED = {"rules": RULES}


def cell(address: str, value: object) -> object:
    """A change that sets one cell of the first sheet."""

    def change(book: openpyxl.Workbook) -> None:
        book.active[address] = value

    return change


NOT_NUMBERS = [
    ("nan", "有限", "finite"),
    ("inf", "有限", "finite"),
    ("1e309", "科学计数法", "scientific"),
    ("1_000", "下划线", "underscores"),
]

VALUES = [
    bad(
        "A7 万 in a count",
        "E-COUNT",
        "2:impressions",
        "精确的整数",
        "exact whole number",
        csv_file(replaced(1, "6000", "1.2万")),
    ),
    bad(
        "A9 percent and bare",
        "E-RATE-MIXED",
        "3:点击率",
        "有 3.3% 也有 0.033",
        "both 3.3% and 0.033",
        csv_file(
            text_of(
                PLANS + ",点击率",
                [PLAN_ROWS[0] + ",3.3%", PLAN_ROWS[1] + ",0.033", *(row + ",3.3%" for row in PLAN_ROWS[2:])],
            )
        ),
        **MAPPED,
    ),
    bad(
        "A9 fraction and percentage",
        "E-RATE-MIXED",
        "4:点击率",
        "0.033",
        "3.44",
        csv_file(
            text_of(
                PLANS + ",点击率",
                [PLAN_ROWS[0] + ",0.033", PLAN_ROWS[1] + ",0.034", PLAN_ROWS[2] + ",3.44", PLAN_ROWS[3] + ",0.033"],
            )
        ),
        **MAPPED,
    ),
    bad(
        "A11 negative spend",
        "E-AMOUNT-NEG",
        "3:cost",
        "是否为退款或返点调整",
        "refund or rebate",
        csv_file(replaced(2, "500.00", "-500.00")),
    ),
    bad(
        "A11 bookkeeper's negative",
        "E-AMOUNT-NEG",
        "3:cost",
        "不能为负",
        "negative",
        csv_file(replaced(2, "500.00", "(500.00)")),
    ),
    *(
        bad(f"A13 {text}", "E-AMOUNT", "4:gmv", zh, en, csv_file(replaced(3, "1500.00", text)))
        for text, zh, en in NOT_NUMBERS
    ),
    bad(
        "A13 two lines of digits",
        "E-AMOUNT",
        "4:gmv",
        "必须是一个数字",
        "must be a number",
        csv_file(replaced(3, "1500.00", '"1500\n00"')),
    ),
    bad("B13 dollar cell", "E-CURRENCY", "4:cost", "CNY", "CNY", csv_file(replaced(3, "310.00", "$310.00"))),
    bad(
        "B13 currency column",
        "E-CURRENCY",
        "5:币种",
        "CNY",
        "CNY",
        csv_file(text_of(PLANS + ",币种", [*(r + ",CNY" for r in PLAN_ROWS[:3]), PLAN_ROWS[3] + ",USD"])),
        **MAPPED,
    ),
    bad(
        "A18 scientific id",
        "E-ID-PREC",
        "2:计划ID",
        "15 位",
        "15 digits",
        csv_file(replaced(1, "1789000000000000123", "7.31E+18", plans=True)),
        **MAPPED,
    ),
    bad(
        "A18 id tail of zeros",
        "E-ID-PREC",
        "2:计划ID",
        "15 位",
        "15 digits",
        csv_file(text_of(PLANS, [r.replace("0123,", "0000,").replace("0456,", "0000,") for r in PLAN_ROWS])),
        **MAPPED,
    ),
    bad(
        "A18 number cell",
        "E-ID-PREC",
        "4:计划ID",
        "不要用 Excel 打开",
        "do not save it",
        workbook(cell("B4", 1789000000000000123), plans=True),
        **MAPPED,
    ),
    bad(
        "A22 no year",
        "E-DATE-YEAR",
        "4:date",
        "年份",
        "must have a year",
        csv_file(replaced(3, "2026-11-21", "11月21日")),
    ),
    bad(
        "A22 year last",
        "E-DATE",
        "4:date",
        "年在前",
        "must come first",
        csv_file(replaced(3, "2026-11-21", "6/8/2026")),
    ),
    bad(
        "A22 impossible day",
        "E-DATE",
        "4:date",
        "存在的日期",
        "must exist",
        csv_file(replaced(3, "2026-11-21", "2026-02-30")),
    ),
    bad(
        "A22 period",
        "E-DATE-RANGE",
        "4:date",
        "分天",
        "by day",
        csv_file(replaced(3, "2026-11-21", "2026-11-01 ~ 2026-11-21")),
    ),
    bad(
        "unlabelled total row",
        "E-DATE",
        "6:date",
        "必须是日期",
        "a date is needed",
        csv_file(GOOD + ",新客,20:00-22:00,1630.00,30200,1020,26,8200.00,\n"),
    ),
    bad("A30 control character", "E-TEXT", "3:segment", "U+0007", "U+0007", csv_file(replaced(2, "老客", "老\x07客"))),
    bad(
        "A30 right-to-left override",
        "E-TEXT",
        "3:segment",
        "U+202E",
        "U+202E",
        csv_file(replaced(2, "老客", "老\u202e客")),
    ),
    bad(
        "A30 endless name",
        "E-TEXT",
        "3:segment",
        "100 个字",
        "100 characters",
        csv_file(replaced(2, "老客", "老" * 32000)),
    ),
    bad("A30 lost letters", "E-TEXT", "3:segment", "乱码", "garbled", csv_file(replaced(2, "老客", "��"))),
    bad(
        "A15 empty segment",
        "E-TEXT-EMPTY",
        "3:segment",
        "不能为空",
        "must not be empty",
        csv_file(replaced(2, "老客", "")),
    ),
    bad(
        "A12 missing slot",
        "E-TEXT-EMPTY",
        "3:slot",
        "不能为空",
        "must not be empty",
        csv_file(replaced(2, "20:00-22:00", "--")),
    ),
    bad(
        "missing breakdown",
        "E-TEXT-EMPTY",
        "3:age",
        "不能为空",
        "must not be empty",
        csv_file("stat_time_day,age,spend,impressions,conversion\n2026-11-20,18-24,5,100,1\n2026-11-20,-,5,100,1\n"),
    ),
    bad(
        "unknown basis",
        "E-BASIS",
        "2:basis",
        "直接",
        "direct",
        csv_file(text_of(HEADER + ",basis", [ROWS[0] + ",net", *(r + ",direct" for r in ROWS[1:])])),
    ),
    bad(
        "impossible time",
        "E-TIME",
        "2:小时",
        "29:59",
        "29:59",
        csv_file(text_of(PLANS + ",小时", [PLAN_ROWS[0] + ",25:70", *(r + ",20" for r in PLAN_ROWS[1:])])),
        **MAPPED,
    ),
]


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_fault_has_code_row_column_and_words(case: BadReport, tmp_path: Path) -> None:
    assert_refused(case, tmp_path)


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    first = replaced(1, "300.00", "-300.00").replace("2600.00", "1_000").replace("2026-11-21,新客", "11-21,新客")
    files: Sequence[Path] = [*two_files(first, replaced(4, "老客", ""))(tmp_path), tmp_path / "none.csv"]
    with pytest.raises(BadDataError) as caught:
        read_reports(files)
    assert {(fault.code, fault.place.file, fault.place.row) for fault in caught.value.faults} == {
        ("E-AMOUNT-NEG", "a.csv", 2),
        ("E-AMOUNT", "a.csv", 3),
        ("E-DATE-YEAR", "a.csv", 4),
        ("E-TEXT-EMPTY", "b.csv", 5),
        ("E-FILE-MISSING", "none.csv", None),
    }


def test_a_fault_in_every_row_is_listed_a_hundred_times_and_told_in_one_line(tmp_path: Path) -> None:
    rows = [f"11-{d:02d},新客{i},ALL,1,30,1,0,0," for d in range(1, 31) for i in range(10)]
    with pytest.raises(BadDataError) as caught:
        read_reports(csv_file(text_of(HEADER, rows))(tmp_path))
    assert len(caught.value.faults) == 100
    assert caught.value.faults[-1].also == tuple(range(102, 302))
    (line,) = caught.value.pick("en").splitlines()
    assert "rows 2-301, column" in line
    assert "第 2-301 行" in caught.value.pick("zh")


def test_one_line_for_each_law_broken_in_each_column_with_its_rows_and_first_values(tmp_path: Path) -> None:
    """Every second cost is text, the others have a comma too many, and one date is none: three lines, no row lost."""
    amounts = ["x", "1.2.3"]
    rows = [f"2026-11-{d:02d},新客,ALL,{amounts[d % 2]},30,1,0,0," for d in range(1, 31)]
    rows[4] = rows[4].replace("2026-11-05", "2026-13-40")
    with pytest.raises(BadDataError) as caught:
        read_reports(csv_file(text_of(HEADER, rows))(tmp_path))
    assert len(caught.value.faults) == 31
    lines = caught.value.pick("en").splitlines()
    assert len(lines) == len({fault.kind for fault in caught.value.faults})
    assert sum("row 6, column" in line and "2026-13-40" in line for line in lines) == 1
    told = "\n".join(lines)
    assert "'x'" in told
    assert "'1.2.3'" in told


def test_values_that_differ_are_told_by_the_first_of_them() -> None:
    """By hand: five rows, two of them neighbours, four values."""
    law, remedy = Text("必须是日期", "must be a date"), Text("请改正", "correct it")
    found = [(2, "a"), (3, "b"), (5, "b"), (9, "c"), (12, "d")]
    faults = [Fault(code="E-X", law=law, remedy=remedy, value=v, place=Place("a.csv", row, "d")) for row, v in found]
    assert BadDataError(faults).pick("en") == (
        "E-X a.csv, rows 2-3, 5, 9, 12, column d: must be a date, but found 'a', 'b', 'c' …. Correct it"
    )
    assert BadDataError(faults[:1]).pick("zh") == faults[0].pick("zh")
