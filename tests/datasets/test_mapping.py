"""Plan mapping: the first rule that matches wins, exact ids before patterns, and what no rule maps is named."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest

from adspend_datasets.cell import Cell
from adspend_datasets.errors import BadDataError, Fault
from adspend_datasets.mapping_rule import BadRule, MappingRule, Tags
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


def names_file(folder: Path, names: Sequence[str]) -> Path:
    """A report of one day with a plan of each name."""
    path = folder / "plans.csv"
    rows = "".join(f"2026-11-20,{name},100,2,300\n" for name in names)
    path.write_text("日期,计划名称,消耗(元),直接成交订单数,直接成交金额(元)\n" + rows, "utf-8")
    return path


SEGMENTS, SLOTS = ("新客", "新客户", "老.客"), ("8:00-10:00", "20:00-22:00", "晚场")
SHAPED = [f"直播_{segment}_{slot}_{k}" for k, (segment, slot) in enumerate(product(SEGMENTS, SLOTS))]
REVERSED = [f"{slot}|{segment}" for segment, slot in product(SEGMENTS, SLOTS)]


def proposal(path: Path) -> tuple[Fault, list[MappingRule]]:
    with pytest.raises(BadDataError) as caught:
        read_reports([path], segments=SEGMENTS, slots=SLOTS)
    (fault,) = caught.value.faults
    entries = [part.partition("\n请")[0] for part in fault.remedy.zh.split("[[mapping]]")[1:]]
    return fault, [MappingRule(**tomllib.loads(entry.replace('segment = ""', 'segment = "人群"'))) for entry in entries]


@pytest.mark.parametrize("names", [SHAPED, REVERSED])
def test_names_of_a_common_shape_get_one_rule_that_reads_every_cell(tmp_path: Path, names: list[str]) -> None:
    """Segments that begin alike and hold special characters, and slots as ranges and as words, in either order."""
    path = names_file(tmp_path, names)
    _, rules = proposal(path)
    assert len(rules) == 1
    report, _ = read_reports([path], rules=rules, segments=SEGMENTS, slots=SLOTS)
    slots = ("08:00-10:00", "20:00-22:00", "晚场")
    assert report.cells == tuple(sorted(Cell(segment, slot) for segment, slot in product(SEGMENTS, slots)))


def test_names_without_hours_get_a_rule_for_the_segment_alone(tmp_path: Path) -> None:
    path = names_file(tmp_path, ["甲_新客", "乙_老.客"])
    _, [rule] = proposal(path)
    assert [rule.match("", name) for name in ("甲_新客", "乙_老.客")] == [
        Tags("新客", "", "", ""),
        Tags("老.客", "", "", ""),
    ]


def test_a_name_of_another_shape_gets_an_entry_of_its_own(tmp_path: Path) -> None:
    fault, rules = proposal(names_file(tmp_path, [*SHAPED, "福袋计划"]))
    assert len(rules) == 2
    assert rules[1].plan_name == "^福袋计划$"
    assert f"{len(SHAPED)} 个" in fault.remedy.zh


def test_names_that_say_nothing_known_get_an_entry_each(tmp_path: Path) -> None:
    _, rules = proposal(names_file(tmp_path, ["甲", "乙", "新客一次"]))
    assert [rule.plan_name for rule in rules] == ["^甲$", "^乙$", "^新客一次$"]


def test_a_rule_s_slot_is_written_as_everywhere() -> None:
    """As a value, and as a group of the pattern."""
    assert MappingRule(plan_id="1", segment="新客", slot="8:00~10:00").match("1", "") == Tags(
        "新客", "08:00-10:00", "", ""
    )
    found = MappingRule(plan_name="(?P<segment>新客)_(?P<slot>.+)").match("", "新客_22:00-02:00")
    assert found == Tags("新客", "22:00-26:00", "", "")


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


def test_a_rule_without_a_segment_is_refused_in_words() -> None:
    """As the template comes, before it is filled in: no name of a Python class, and what to write."""
    with pytest.raises(BadRule) as caught:
        MappingRule(plan_name="^直播_新客$", segment="")
    assert "MappingRule" not in str(caught.value)
    assert (caught.value.value, "segment" in caught.value.remedy.zh) == ("^直播_新客$", True)
