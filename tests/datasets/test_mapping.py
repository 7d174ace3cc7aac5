"""Plan mapping: the first rule that matches wins, exact ids before patterns, and what no rule maps is named."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from adspend_datasets.cell import Cell
from adspend_datasets.errors import BadDataError
from adspend_datasets.mapping import MappingRule
from adspend_datasets.readers import read_reports
from oracles.bad_reports import PLAN_ROWS, PLANS, text_of


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    path = tmp_path / "plans.csv"
    path.write_text(text_of(PLANS, PLAN_ROWS), "utf-8")
    return path


def test_ids_go_before_patterns_and_the_first_pattern_wins(plans: Path) -> None:
    rules = [
        MappingRule(plan_name="直播", segment="其他"),
        MappingRule(plan_name="新客", segment="永远不到"),
        MappingRule(plan_id="1789000000000000456", segment="老客", slot="晚场", lever="uni", product="外套"),
    ]
    report, _ = read_reports([plans], rules=rules)
    assert report.cells == (Cell("其他", "ALL"), Cell("老客", "晚场", "uni"))
    assert set(report.rows["product"]) == {"", "外套"}


def test_named_groups_fill_what_a_rule_leaves_empty(plans: Path) -> None:
    rule = MappingRule(plan_name="_(?P<segment>..)_(?P<slot>.)", slot="20:00-22:00")
    report, _ = read_reports([plans], rules=[rule])
    assert report.cells == (Cell("新客", "20:00-22:00"), Cell("老客", "20:00-22:00"))


def test_a_pattern_whose_group_stays_empty_does_not_match() -> None:
    rule = MappingRule(plan_name="直播(_(?P<segment>新客))?")
    assert rule.match("", "直播_老客") is None


def test_unmapped_plans_come_in_one_fault_to_paste(plans: Path) -> None:
    """The remedy, filled in, is a valid mapping that reads the file."""
    with pytest.raises(BadDataError) as caught:
        read_reports([plans])
    (fault,) = caught.value.faults
    assert fault.code == "E-MAP-UNMATCHED"
    assert fault.value == "直播_新客_晚、直播_老客_晚"
    pasted = fault.remedy.zh.partition("\n")[2].replace('segment = ""', 'segment = "人群"')
    rules = [MappingRule(**entry) for entry in tomllib.loads(pasted)["mapping"]]
    report, _ = read_reports([plans], rules=rules)
    assert report.cells == (Cell("人群", "ALL"),)


def test_plans_without_a_name_are_mapped_by_id(tmp_path: Path) -> None:
    path = tmp_path / "plans.csv"
    path.write_text("日期,计划ID,消耗,成交订单数,成交金额\n2026-11-20,178,5,1,300\n", "utf-8")
    with pytest.raises(BadDataError, match="plan_id = '178'"):
        read_reports([path])


def test_overall_plans_without_a_rule_count_as_all_segments(tmp_path: Path) -> None:
    path = tmp_path / "uni.csv"
    path.write_text(
        "日期,计划名称,整体消耗(元),整体成交订单数,整体成交金额(元)\n2026-11-20,主计划,500,5,3000\n", "utf-8"
    )
    report, story = read_reports([path], rules=[MappingRule(plan_name="_(?P<segment>新客)_")])
    assert report.cells == (Cell("ALL", "ALL"),)
    assert report.rows["basis"].tolist() == ["overall"]
    assert "主计划" in story.warnings[0].zh


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"segment": "新客"}, "either plan_id or plan_name"),
        ({"plan_id": "1", "plan_name": "a", "segment": "新客"}, "either plan_id or plan_name"),
        ({"plan_name": "("}, "regular expression"),
        ({"plan_name": "a"}, "must give a segment"),
        ({"plan_name": "(?P<segmnt>a)"}, "named groups must be among"),
    ],
)
def test_rules_that_cannot_work_are_refused(fields: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        MappingRule(**fields)
