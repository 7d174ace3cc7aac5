"""The workbook's overview, read by another library: reasons and categories as counted, sums that are the run's."""

from __future__ import annotations

import datetime
import io
import json

import openpyxl
import pytest

from adspend.batch.reasons import find_reasons
from adspend.batch.summary import Summary, summarise
from adspend.batch.summary_json import summary_json
from adspend.batch.summary_tables import summary_workbook
from oracles.made_records import made_record, made_records, remark

DATE = datetime.date(2026, 7, 1)


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(DATE, made_records(120, seed=7), ())


def overview(summary: Summary) -> list[list[object]]:
    """The sheet's rows."""
    book = openpyxl.load_workbook(io.BytesIO(summary_workbook(summary, "zh")))
    assert book.sheetnames == ["店铺汇总", "总览"]
    return [[cell.value for cell in row] for row in book["总览"].iter_rows()]


def test_the_sheet_has_the_reasons_then_the_categories_and_their_sum(summary: Summary) -> None:
    rows = overview(summary)
    reasons = find_reasons(summary.records)
    shown = [(row[4], row[2], round(100 * float(str(row[3])))) for row in rows[1 : 1 + len(reasons)]]
    assert shown == [(reason.code, reason.shops, reason.planned_fen) for reason in reasons]
    categories, total = rows[len(reasons) + 3 : -1], rows[-1]
    assert {row[0] for row in categories} == {"美妆", "服饰", "食品", "未填类目"}
    assert total[0] == "合计"
    for column in range(2, 10):
        assert sum(float(str(row[column])) for row in categories) == pytest.approx(float(str(total[column])), abs=0.005)
    figures = [record.figures for record in summary.records if record.figures is not None]
    assert total[2] == 120
    assert total[7] == pytest.approx(sum(f.planned_fen for f in figures) / 100, abs=0.005)


def test_texts_stay_texts() -> None:
    """A category or a remark that looks like a formula is none."""
    bad = "=1+1"
    rows = summarise(DATE, (made_record("a", category=bad, remarks=(remark(bad, "REVIEW", bad),)),), ())
    book = openpyxl.load_workbook(io.BytesIO(summary_workbook(rows, "zh")))
    cells = [cell for row in book["总览"].iter_rows() for cell in row if cell.value == bad]
    assert len(cells) == 4
    assert {cell.data_type for cell in cells} == {"s"}


def test_summary_json_counts_the_reasons(summary: Summary) -> None:
    """And each category of remark is one of its lines: severity, code, shops and money."""
    document = json.loads(summary_json(summary))
    found = {(entry["severity"], entry["code"]): entry["shops"] for entry in document["reasons"]}
    for record in document["records"]:
        for pair in {(each["severity"], each["code"]) for each in record["remarks"]}:
            found[pair] -= 1
    assert found
    assert set(found.values()) == {0}
