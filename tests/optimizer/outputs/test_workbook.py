"""plan.xlsx read by another library: texts are texts, numbers are numbers, sums are the plan's."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from adspend.outputs.wording import ACTION_WORDS
from adspend.outputs.workbook import plan_workbook
from adspend.plan import Plan
from adspend_datasets.text import Language
from oracles.sample_plan import FORMULA, SCRIPT, one_cell_plan, sample_plan

CHINESE = ("日期", "人群", "时段", "动作", "预算(元)", "昨日消耗(元)", "变化(元)", "预期订单", "预期GMV(元)",
           "预期净值(元)", "P10净值(元)", "下一元净赚", "曲线评级", "受限于", "理由")  # fmt: skip


def book(plan: Plan, language: Language = "zh") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(plan_workbook(plan, language)))


def table(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows below the head, by its words."""
    head, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in body]


def test_three_sheets_in_the_chosen_language(sample: Plan) -> None:
    assert book(sample).sheetnames == ["投放计划", "说明", "时段表"]
    assert book(sample, "en").sheetnames == ["Plan", "Summary", "By slot"]
    assert tuple(cell.value for cell in book(sample)["投放计划"][1]) == CHINESE


def test_nothing_in_the_package_is_a_formula_or_a_link() -> None:
    names = [FORMULA, SCRIPT, '=HYPERLINK("http://a.example")', "http://b.example", "@SUM(A1)", "2026"]
    package = zipfile.ZipFile(io.BytesIO(plan_workbook(sample_plan(names), "zh")))
    sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    for sheet in sheets:
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet
    assert not [name for name in package.namelist() if "rels" in name and "worksheets" in name]
    rows = table(book(sample_plan(names))["投放计划"])
    assert {row["人群"] for row in rows[:-1]} == set(names), "texts arrive unchanged: typed cells need no apostrophe"
    assert all(isinstance(row["人群"], str) for row in rows[:-1])


def test_every_row_carries_the_cell_s_numbers(sample: Plan) -> None:
    rows = table(book(sample)["投放计划"])[:-1]
    cells = {(cell.cell.segment, cell.cell.slot): cell for cell in sample.cells}
    assert len(rows) == len(cells)
    for row in rows:
        cell = cells.pop((row["人群"], row["时段"]))
        assert row["日期"] == datetime.datetime(2026, 11, 23)
        assert row["动作"] == ACTION_WORDS[cell.action].zh
        assert row["预算(元)"] == (cell.budget_fen / 100 or None), "a pause has no budget"
        assert row["昨日消耗(元)"] == (None if cell.yesterday_fen is None else cell.yesterday_fen / 100)
        assert row["预期净值(元)"] == cell.expected_net_fen / 100
        assert row["P10净值(元)"] == cell.p10_net_fen / 100
        assert row["下一元净赚"] == (None if cell.marginal_return is None else pytest.approx(cell.marginal_return))
        assert row["理由"] == cell.reason.zh
        if cell.yesterday_fen is not None:
            assert round(100 * row["变化(元)"]) == cell.budget_fen - cell.yesterday_fen
    assert cells == {}


def test_stop_loss_comes_first_and_the_sums_are_the_plan_s(sample: Plan) -> None:
    *rows, sums = table(book(sample)["投放计划"])
    words = list(dict.fromkeys(row["动作"] for row in rows if row["昨日消耗(元)"]))
    assert words[:3] == ["暂停", "减预算", "维持"], "of running cells, those first that free money"
    resting = [row["动作"] == "暂停" and not row["昨日消耗(元)"] for row in rows]
    assert resting == sorted(resting), "what rests on needs no hand and comes last"
    raises = [row["预算(元)"] for row in rows if row["动作"] == "加预算"]
    assert raises == sorted(raises, reverse=True)
    budgets = [row["预算(元)"] or 0 for row in rows]
    assert round(100 * sums["预算(元)"]) == round(100 * sum(budgets)) == sample.planned_fen
    assert round(100 * sums["预期净值(元)"]) == sum(cell.expected_net_fen for cell in sample.cells)
    assert sums["P10净值(元)"] is None, "a tenth percentile does not add up"


def test_the_head_stays_in_sight_filters_and_colours_follow_the_action(sample: Plan) -> None:
    sheet = book(sample)["投放计划"]
    assert sheet.freeze_panes == "E2"
    assert sheet.auto_filter.ref == "A1:O49", "the sums stay outside the filter"
    rules = {
        str(area.sqref): [rule.formula[0].strip('"') for rule in area.rules] for area in sheet.conditional_formatting
    }
    assert rules["D2:D49"] == [words.zh for words in ACTION_WORDS.values()]
    assert rules["M2:M49"] == ["可信", "需复核", "不可信"]
    assert sheet["E2"].number_format == "#,##0.00"
    assert sheet["A2"].number_format == "yyyy-mm-dd"


def test_the_summary_puts_warnings_first_and_review_before_the_rest(sample: Plan) -> None:
    lines = [row[0] for row in book(sample)["说明"].iter_rows(values_only=True)]
    places = [
        lines.index(words)
        for words in ("先看提醒", "[需确认] 多个在投单元的曲线需复核", "[注意] 报表截至 2 天前", "合计")
    ]
    assert places == sorted(places)
    assert sample.notices[0].severity != "REVIEW", "the plan itself must not be sorted already"


def test_the_summary_says_what_the_plan_earns_beyond_each_other_way(sample: Plan) -> None:
    own, *others = sample.comparisons
    lines = {row[0]: row[1:] for row in book(sample)["说明"].iter_rows(values_only=True)}
    for way in others:
        cost, _, gmv, net, more = lines[way.name.zh]
        assert [round(100 * x) for x in (cost, gmv, net)] == [way.cost_fen, way.expected_gmv_fen, way.expected_net_fen]
        assert round(100 * more) == own.expected_net_fen - way.expected_net_fen


def test_the_summary_says_what_binds_and_what_it_is_worth(sample: Plan) -> None:
    lines = [row[:2] for row in book(sample)["说明"].iter_rows(values_only=True)]
    assert ("当日预算", "预算再加 100 元，约多赚 35.00 元净值（剩余 200.00 元）") in lines
    assert ("当日预算", "每元 0.3500 元") in lines, "the certificate's own price of the budget"


@pytest.mark.parametrize("levers", [("",), ("标准", "随心推")])
def test_the_slot_sheet_adds_up_along_both_sides_even_with_several_levers(levers: tuple[str, ...]) -> None:
    plan = sample_plan(levers=levers)
    *rows, sums = table(book(plan)["时段表"])
    slots = [slot for slot in sums if slot not in ("人群", "合计")]
    numbers = {slot: [row[slot] for row in rows if isinstance(row[slot], int | float)] for slot in slots}
    for slot in slots:
        own = sum(cell.budget_fen for cell in plan.cells if cell.cell.slot == slot)
        assert round(100 * sum(numbers[slot])) == round(100 * sums[slot]) == own
    assert round(100 * sum(row["合计"] for row in rows)) == round(100 * sums["合计"]) == plan.planned_fen
    assert {row[slot] for row in rows for slot in slots if isinstance(row[slot], str)} <= {"暂停"}


def test_equal_plans_give_equal_bytes_dated_by_the_plan(sample: Plan) -> None:
    assert plan_workbook(sample, "zh") == plan_workbook(sample_plan(), "zh")
    assert book(sample).properties.created == datetime.datetime(2026, 11, 23)


def test_one_cell_is_a_workbook_too() -> None:
    assert table(book(one_cell_plan())["投放计划"])[0]["人群"] == "新客"
