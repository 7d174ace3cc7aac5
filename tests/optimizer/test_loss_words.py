"""A loss is said to be lost, and a proof says what it holds fixed; by hand on cells whose curve has one corner.

Each cell's yuan is worth 2 up to 500 yuan, and beyond that what ``next_yuan`` says, up to 1,000.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from adspend.curve_file import read_curve_file
from adspend.outputs.wording import certificate_sentence, headline
from adspend.plan import Action, Plan
from adspend.planner import make_plan, plan_on_curves
from adspend.policy import default_policy
from adspend.shop import parse_shop
from adspend_datasets.aggregate import empty_report
from oracles.sample_plan import sample_plan

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 2000
[cells]
segments = ["a"]
slots = ["20:00-22:00"]
min_if_active = 100
max = 1000
step = 100
{sections}
"""
LOCK = '[[locks]]\nsegment = "a"\nslot = "20:00-22:00"\nbudget = 1000'
DATE = datetime.date(2026, 11, 23)


def planned(tmp_path: Path, next_yuan: float, sections: str = "", first: float = 2.0) -> Plan:
    """The plan of the one cell."""
    low, high = 500 * first, 500 * (first + next_yuan)
    rows = "".join(f"a,20:00-22:00,{cost},{value},1,{4 * value}\n" for cost, value in [(500, low), (1000, high)])
    file = tmp_path / "curves.csv"
    file.write_text(f"segment,slot,cost,value,orders,gmv\n{rows}", encoding="utf-8")
    shop = parse_shop(SHOP.format(sections=sections).encode(), file="shop.toml")
    return plan_on_curves(shop, read_curve_file(file, shop), DATE)


@pytest.mark.parametrize(
    ("next_yuan", "zh", "en"),
    [
        (0.95, "预计净赚 500 元，再多花 1 元约亏 0.05 元", "expected net 500, one more yuan would lose 0.05"),
        (
            0.9999,
            "预计净赚 500 元，已到临界点，再多花就亏",
            "expected net 500, the next yuan breaks even; any more would lose money",
        ),
    ],
)
def test_what_the_next_yuan_loses_is_lost_once(tmp_path: Path, next_yuan: float, zh: str, en: str) -> None:
    cell = planned(tmp_path, next_yuan).cells[0]
    assert cell.budget_fen == 500_00
    assert (cell.reason.zh, cell.reason.en) == (zh, en)


def test_a_plan_that_can_only_lose_is_expected_to_lose(tmp_path: Path) -> None:
    """The locked 1,000 yuan are worth 600: nobody nets -400, one loses 400."""
    plan = planned(tmp_path, 0.4, LOCK, first=0.8)
    assert "预期净亏 400.00 元" in headline(plan).zh
    assert "expect to lose 400.00" in headline(plan).en
    assert "至少净亏 400.00 元；本计划净亏 400.00 元" in certificate_sentence(plan).zh
    assert "lose less than 400.00; this plan loses 400.00" in certificate_sentence(plan).en
    for words in (headline(plan), certificate_sentence(plan)):
        assert "-" not in words.zh


def test_a_plan_with_tests_says_their_cost_and_that_the_proof_holds_them_fixed() -> None:
    plan = sample_plan()
    tests = [cell for cell in plan.cells if cell.action is Action.TEST]
    spend, net = sum(c.budget_fen for c in tests), sum(c.expected_net_fen for c in tests)
    assert net > 0
    assert f"其中 {len(tests)} 个测试花 {spend / 100:,.0f} 元，预期净赚 {net / 100:,.0f} 元" in headline(plan).zh
    assert f"{len(tests)} tests, there to learn, spend {spend / 100:,.0f} and expect to net" in headline(plan).en
    assert "同样的曲线、限制和测试下" in headline(plan).zh
    assert "on these curves, limits and tests no split" in certificate_sentence(plan).en
    bare = replace(plan, cells=tuple(cell for cell in plan.cells if cell not in tests))
    assert "测试" not in headline(bare).zh
    assert "on the same curves and limits no other" in headline(bare).en


def test_a_cold_start_day_is_called_a_test_day() -> None:
    shop = parse_shop(SHOP.format(sections="").encode(), file="shop.toml")
    plan = make_plan(shop, default_policy(shop), empty_report(), DATE)
    assert {cell.action for cell in plan.cells} == {Action.TEST}
    assert "冷启动测试日，1 个测试的档位是为学习而定的" in headline(plan).zh
    assert "cold-start test day: the levels of its 1 test are set to learn" in headline(plan).en
