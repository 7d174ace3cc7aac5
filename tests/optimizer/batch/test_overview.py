"""The workbook's overview, read by another library: reasons and categories as counted, sums that are the run's."""

from __future__ import annotations

import datetime
import io
import json
from fractions import Fraction

import openpyxl
import pytest

from adspend.batch.agency import RebateTier
from adspend.batch.agency_figures import overspent
from adspend.batch.agency_words import agency_sentences
from adspend.batch.reasons import find_reasons
from adspend.batch.summary import Summary, headline, summarise
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
    assert rows[0][0] == "店铺汇总 2026-07-01"
    assert rows[1][0] == headline(summary).zh
    rows = rows[[row[0] for row in rows].index("处理") :]
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


def test_the_agencys_split_stands_first() -> None:
    """The warning, then spend, net, rebate with its tier and price as numbers, then every sentence in a row."""
    rows = (
        made_record("a", planned=300_00, budget=300_00, net=50_00, frontier=((100_00, 100_00),)),
        made_record("b", planned=252_00, budget=300_00, net=50_00, frontier=((100_00, 100_00),)),
    )
    found = summarise(DATE, rows, (), 500_00, [RebateTier(start_fen=150_00, rate=Fraction(1, 50))])
    over = overspent(found)
    assert over is not None
    sheet = overview(found)
    assert sheet[2][0] == over.zh
    assert [(row[2], row[3]) for row in sheet[3:7]] == [
        (200, "总预算 500 元"),
        (204, "各店按自己的预算 100 元"),
        (4, "满 150 元返 2%"),
        (0, "总预算有 300 元不值得花"),
    ]
    sentences = [sentence.zh for sentence in agency_sentences(found)]
    assert [row[0] for row in sheet[7 : 7 + len(sentences)]] == sentences
    shops = openpyxl.load_workbook(io.BytesIO(summary_workbook(found, "zh")))["店铺汇总"]
    heads = [cell.value for cell in shops[1]]
    assert shops.cell(4, heads.index("总预算下建议(元)") + 1).value == 200


def test_numbers_stand_under_their_heads_and_sheets_fit_the_paper(summary: Summary) -> None:
    """Both sheets print as wide as a page; what is a number is written to the right, and so is its head."""
    book = openpyxl.load_workbook(io.BytesIO(summary_workbook(summary, "en")))
    for sheet in book.worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToHeight, sheet.page_setup.orientation) == (0, "landscape")
        assert sheet.page_setup.fitToWidth in (None, 1)  # one page is what the format takes it for when unsaid
    for sheet, start, end in (("Shops", 1, 121), ("Overview", 4, 6)):
        heads, *rows = book[sheet].iter_rows(min_row=start, max_row=end)
        for head in heads:
            below = [row[head.column - 1].value for row in rows if row[head.column - 1].value is not None]
            if below:
                assert (head.alignment.horizontal == "right") == isinstance(below[0], int | float), head.value
    yuan = [str(cell.value) for cell in book["Shops"][1] if "budget" in str(cell.value) or "net" in str(cell.value)]
    assert yuan
    assert all("(yuan)" in head for head in yuan)


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
