"""A plan says its stage, what changed it, and the numbers behind each test; guard rails hold whatever the policy."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import numpy as np
import pytest

from adspend.plan import Action, Plan
from adspend.planner import make_plan
from adspend.policy import Policy, bundled_policy
from adspend.policy_stage import StageSection
from adspend.shop import Shop, parse_shop
from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from oracles.made_reports import report_from_arrays

CELLS = [Cell(name, "ALL") for name in ("a", "b", "c", "d")]
SHOP = b"""
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 4000
[cells]
segments = ["a", "b", "c", "d"]
slots = ["ALL"]
min_if_active = 100
max = 3000
step = 10
"""
TWO = Policy(
    test_share=1.0,
    stages=(
        StageSection(name="学习", name_en="learn", max_days=4, learning_horizon=30),
        StageSection(name="收获", name_en="earn", learning_horizon=0),
    ),
)


@pytest.fixture
def shop() -> Shop:
    return parse_shop(SHOP, file="shop.toml")


def days(many: int) -> TrafficReport:
    """Three of the four cells observed at three levels."""
    rng = np.random.default_rng(3)
    cost = rng.choice([200.0, 500.0, 900.0], (3, many))
    return report_from_arrays(CELLS[:3], cost, rng.poisson(cost / 40), 100.0)


def planned(shop: Shop, policy: Policy, report: TrafficReport) -> Plan:
    assert report.last_date is not None
    return make_plan(shop, policy, report, report.last_date + datetime.timedelta(days=1))


@pytest.mark.parametrize(("many", "stage", "changed"), [(3, "learn", False), (4, "earn", True), (5, "earn", False)])
def test_the_stage_is_named_and_its_change_explained_on_the_day_it_happens(
    shop: Shop, many: int, stage: str, changed: bool
) -> None:
    plan = planned(shop, TWO, days(many))
    assert plan.stage.name.en == stage
    assert (plan.stage.changed_from is not None) == changed
    notices = [notice.text.en for notice in plan.notices if notice.code == "STAGE"]
    expected = "stage changed from 'learn' to 'earn': 4 days observed: 'learn' lasts at most 4"
    assert notices == ([expected] if changed else [])


def test_every_test_says_its_chance_what_it_teaches_and_over_how_many_days(shop: Shop) -> None:
    tests = [cell for cell in planned(shop, TWO, days(3)).cells if cell.action is Action.TEST]
    assert tests
    for cell in tests:
        worth = r"\d+% likely to earn money; what it teaches is worth [\d,.]+ yuan a day for 30 days"
        assert re.search(worth, cell.reason.en)
        assert "run a small test first" not in cell.reason.en, "it is the test"
        assert re.search(r"盈利概率 \d+%，学到的每天值 [\d,.]+ 元（按 30 天计）", cell.reason.zh)


def test_a_stage_without_a_horizon_leaves_the_day_to_money(shop: Shop) -> None:
    assert not any(cell.action is Action.TEST for cell in planned(shop, TWO, days(4)).cells)


def test_caps_hold_under_the_boldest_policy(shop: Shop) -> None:
    """Raises of 50 % a day and 1.3 x the largest spend tested, and the whole budget at most."""
    bold = Policy(test_share=1.0, learning_horizon=365, kill=0.0, promote=0.0, tolerance=1.0, tolerance_chance=1.0)
    report = days(3)
    plan = planned(shop, bold, report)
    rows = report.rows.assign(cost=report.rows["cost_fen"])
    for cell in plan.cells[:3]:
        own = rows[rows["segment"] == cell.cell.segment].sort_values("date")["cost"].astype(int).tolist()
        assert cell.budget_fen <= max(min(1.5 * own[-1], 1.3 * max(own)), 100_00)
    assert plan.planned_fen <= shop.budget_fen


def test_the_same_inputs_give_the_same_stage_whatever_was_planned_before(shop: Shop) -> None:
    policy = bundled_policy("cold_start_promo_stable")
    first = planned(shop, policy, days(5))
    planned(shop, policy, days(8))
    again = planned(shop, policy, replace(days(5)))
    assert (first.stage, first.cells) == (again.stage, again.cells)


@pytest.mark.parametrize(("many", "is_learning"), [(3, True), (4, False)])
def test_a_learning_phase_is_respected_until_it_is_over(shop: Shop, many: int, is_learning: bool) -> None:
    """Cells that ran for fewer than four days are paused or stay within 10 %; without the rule some move further."""
    plain = Policy(test_share=1.0, learning_horizon=30)
    careful = plain.model_copy(update={"learning_days": 4, "learning_change": 0.1})
    report = days(many)
    free, kept = planned(shop, plain, report), planned(shop, careful, report)
    if not is_learning:
        assert free.cells == kept.cells
        return

    def moved(plan: Plan) -> list[int]:
        """Cells whose budget changes by more than a tenth and a step."""
        pairs = [(cell.budget_fen, cell.yesterday_fen or 0) for cell in plan.cells[:3]]
        return [i for i, (now, before) in enumerate(pairs) if now and abs(now - before) > max(0.1 * before, 10_00)]

    assert moved(free)
    assert moved(kept) == []
    assert not any(cell.action is Action.TEST for cell in kept.cells[:3])
    held = [cell for cell in kept.cells if "learning" in cell.limits]
    assert held
    assert any("learning phase" in cell.reason.en and "学习期" in cell.reason.zh for cell in held)
