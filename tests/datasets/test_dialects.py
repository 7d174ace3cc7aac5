"""One report written in many ways is one report: the reader accepts every dialect with identical numbers."""

from __future__ import annotations

import csv
import datetime
import io
import random
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from adspend_datasets.readers import read_reports
from oracles.bad_reports import RULES

HEADER = ["日期", "计划ID", "计划名称", "消耗(元)", "展示次数", "点击次数", "直接成交订单数", "直接成交金额(元)"]
IDS = {"新客": "1789000000000000123", "老客": "1789000000000000456"}
Table = list[list[str]]


def table() -> Table:
    """Six days of two plans; one GMV and one click count are missing."""
    rng = random.Random(7)
    rows = []
    for day in range(10, 16):
        for segment in IDS:
            cost, shown, orders = rng.randrange(100_000, 200_000), rng.randrange(20_000, 40_000), rng.randrange(3, 9)
            numbers = [f"{cost / 100:.2f}", str(shown), str(shown // 30), str(orders), f"{orders * 321.5:.2f}"]
            rows.append([f"2026-11-{day}", IDS[segment], f"直播_{segment}_晚", *numbers])
    rows[3][7] = rows[5][5] = "-"
    return rows


def as_csv(rows: Table, header: list[str] = HEADER, **options: object) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, **{"lineterminator": "\n", **options}).writerows([header, *rows])  # type: ignore[arg-type]
    return buffer.getvalue()


def cells(change: Callable[[str], str], *columns: int) -> str:
    """The table with some columns rewritten."""
    rows = [[change(text) if index in columns else text for index, text in enumerate(row)] for row in table()]
    return as_csv(rows)


def thousands(text: str) -> str:
    return text if text == "-" else f"{float(text):,.2f}".removesuffix(".00")


def date_as(pattern: str) -> str:
    return cells(lambda text: f"{datetime.date.fromisoformat(text):{pattern}}", 0)


def with_totals() -> str:
    rows = table()
    money = [sum(round(float(row[c]) * 100) for row in rows if row[c] != "-") for c in (3, 7)]
    counts = [sum(int(row[c]) for row in rows if row[c] != "-") for c in (4, 5, 6)]
    total = ["合计", "", "", f"{money[0] / 100:.2f}", *map(str, counts), f"{money[1] / 100:.2f}"]
    first = ["小计", "", "", f"{sum(float(row[3]) for row in rows[:2]):.2f}", *["-"] * 4]
    return as_csv([*rows[:2], first, HEADER, [""] * 8, *rows[2:], total, ["共 12 条", *[""] * 7], ["平均", *["1"] * 7]])


WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
DIALECTS: dict[str, Callable[[], str]] = {
    "CRLF": lambda: as_csv(table(), lineterminator="\r\n"),
    "semicolons": lambda: as_csv(table(), delimiter=";"),
    "semicolons with thousands": lambda: as_csv(
        [[thousands(text) if index in (3, 4, 7) else text for index, text in enumerate(row)] for row in table()],
        delimiter=";",
    ),
    "tabs": lambda: as_csv(table(), delimiter="\t"),
    "everything quoted": lambda: as_csv(table(), quoting=csv.QUOTE_ALL),
    "thousands": lambda: cells(thousands, 3, 4, 5, 7),
    "full-width thousands": lambda: cells(lambda text: thousands(text).translate(WIDE), 3, 4, 7),
    "currency signs": lambda: cells(lambda text: text if text == "-" else f"￥ {text}", 3, 7),
    "元 in the cells": lambda: cells(lambda text: text if text == "-" else f"{text}元", 3, 7),
    "no-break spaces": lambda: cells(lambda text: f"\u00a0{text}\u3000", 3, 4, 5, 6, 7),
    "long dashes": lambda: as_csv(table()).replace(",-", ",——"),
    "N/A": lambda: as_csv(table()).replace(",-", ",N/A"),
    "dates with slashes": lambda: date_as("%Y/%m/%d"),
    "dates in Chinese": lambda: date_as("%Y年%m月%d日"),
    "dates without dashes": lambda: date_as("%Y%m%d"),
    "dates with weekdays": lambda: cells(lambda text: f"{text} (周三)", 0),
    "dates at midnight": lambda: cells(lambda text: f"{text} 00:00:00", 0),
    "dates as serial numbers": lambda: cells(
        lambda text: str((datetime.date.fromisoformat(text) - datetime.date(1899, 12, 30)).days), 0
    ),
    "tabs before ids": lambda: cells(lambda text: f"\t{text}", 1),
    "ids as formulas": lambda: cells(lambda text: f'="{text}"', 1),
    "ids with apostrophes": lambda: cells(lambda text: f"'{text}", 1),
    "columns reordered": lambda: as_csv([row[::-1] for row in table()], HEADER[::-1]),
    "columns added": lambda: as_csv([[*row, "x", "3"] for row in table()], [*HEADER, "备注", "转化数"]),
    "other header words": lambda: as_csv(
        table(), ["时间", "ad_id", "ad_name", "花费（元）", "展示数", " click_cnt", "成交订单数", "成交金额"]
    ),
    "title lines": lambda: "\ufeff推广数据,,,,,,,\n导出时间：2026-11-23,,,,,,,\n" + as_csv(table()),
    "totals, subtotals, repeated header, blanks": with_totals,
    "rows shuffled": lambda: as_csv(random.Random(1).sample(table(), 12)),
    "rows pasted twice": lambda: as_csv([*table(), *table()[:5]]),
}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("reference") / "report.csv"
    path.write_text(as_csv(table()), "utf-8")
    report, _ = read_reports([path], rules=RULES)
    return report.rows


def test_the_reference_is_what_the_table_says(reference: pd.DataFrame) -> None:
    """Hand-computed anchor: rows sorted by date, then segment (新 before 老 by code point), money in fen."""
    rows = sorted(table(), key=lambda row: (row[0], "老客" in row[2]))
    assert reference["cost_fen"].tolist() == [round(float(row[3]) * 100) for row in rows]
    assert reference["segment"].tolist() == ["新客", "老客"] * 6
    assert reference["plan_id"].tolist() == [row[1] for row in rows]
    assert [value is pd.NA for value in reference["gmv_fen"]] == [row[7] == "-" for row in rows]
    assert [value is pd.NA for value in reference["clicks"]] == [row[5] == "-" for row in rows]
    assert set(reference["basis"]) == {"direct"}
    assert set(reference["slot"]) == {"ALL"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialects_give_identical_rows(dialect: str, reference: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(DIALECTS[dialect](), "utf-8", newline="")
    report, _ = read_reports([path], rules=RULES)
    pd.testing.assert_frame_equal(report.rows, reference)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le-bom"])
def test_encodings_give_identical_rows(encoding: str, reference: pd.DataFrame, tmp_path: Path) -> None:
    text = as_csv(table())
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    path = tmp_path / "report.csv"
    path.write_bytes(data)
    report, story = read_reports([path], rules=RULES)
    pd.testing.assert_frame_equal(report.rows, reference)
    assert story.files[0].encoding == {"gbk": "gb18030", "utf-16-le-bom": "utf-16"}.get(encoding, encoding)


@pytest.mark.parametrize("form", ["numbers", "texts", "offset"])
def test_workbooks_give_identical_rows(form: str, reference: pd.DataFrame, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    if form == "offset":
        for text in ("推广数据", None):
            sheet.append([text])
    sheet.append(HEADER)
    for row in table():
        numbers: list[object] = [None if text == "-" else float(text) for text in row[3:]]
        day: object = datetime.datetime.fromisoformat(row[0])
        sheet.append([day, *row[1:3], *numbers] if form != "texts" else row)
    book.create_sheet("说明").append(["这里没有报表"])
    book.save(tmp_path / "report.xlsx")
    report, story = read_reports([tmp_path / "report.xlsx"], rules=RULES)
    pd.testing.assert_frame_equal(report.rows, reference)
    assert (story.files[0].sheet, story.files[0].encoding) == ("Sheet", "xlsx")


def test_two_halves_are_the_whole(reference: pd.DataFrame, tmp_path: Path) -> None:
    """Two exports whose date ranges overlap: the days in both are counted once."""
    for name, rows in (("a.csv", table()[:8]), ("b.csv", table()[6:])):
        (tmp_path / name).write_text(as_csv(rows), "utf-8")
    report, story = read_reports([tmp_path / "a.csv", tmp_path / "b.csv"], rules=RULES)
    pd.testing.assert_frame_equal(report.rows, reference)
    assert [text.en for text in story.warnings] == ["2 rows are exact repeats and count once"]


@pytest.mark.parametrize("header", ["点击率(%)", "点击率"])
@pytest.mark.parametrize("form", ["{:.2%}", "{:.4f}", "{:.2f}"])
def test_a_click_rate_in_one_form_is_no_matter(header: str, form: str, reference: pd.DataFrame, tmp_path: Path) -> None:
    """Fractions, percentages with and without the sign, small and large in one column."""
    rows = table()
    rows[0][5] = rows[0][4]  # every impression clicked: 100 %
    scale = 100 if form == "{:.2f}" else 1
    rates = ["-" if row[5] == "-" else form.format(int(row[5]) / int(row[4]) * scale) for row in rows]
    path = tmp_path / "report.csv"
    text = as_csv([[*row, rate] for row, rate in zip(rows, rates, strict=True)], [*HEADER, header])
    path.write_text(text, "utf-8")
    report, _ = read_reports([path], rules=RULES)
    pd.testing.assert_series_equal(report.rows["cost_fen"], reference["cost_fen"])


def test_spreadsheet_times_are_times(tmp_path: Path) -> None:
    """Cells formatted as a time of day, as a duration past 24:00, and a yes/no column nobody asked for."""
    book = openpyxl.Workbook()
    book.active.append([*HEADER[:1], "小时", *HEADER[2:], "是否赠款"])
    times = (datetime.time(20, 30), datetime.timedelta(hours=24, minutes=30))
    for time in times:
        book.active.append([datetime.date(2026, 11, 20), time, "直播_新客_晚", 1e-05, 40, 2, 1, 300, True])
    book.save(tmp_path / "report.xlsx")
    report, _ = read_reports([tmp_path / "report.xlsx"], rules=RULES, slots=["20:00-26:00"])
    assert report.rows["orders"].tolist() == [2]
    assert report.rows["cost_fen"].tolist() == [0]
