"""Cells with thin data that surely earn are scaled, the plan says so, and the independent checker agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from adspend.market_shop import market_shop
from adspend.outputs.write import write_plan
from adspend.plan import Action, Plan
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend.simulate import seeing_reports, simulate
from adspend.strategies.registry import builtin_strategies
from adspend_models.bank import Grade
from adspend_models.market.day_report import report_of
from adspend_models.market.families import stationary

DAYS = 6
PROMOTED = "enough to end the tests"


def plan_after_a_few_days(seed: int) -> Plan:
    """Six days split by return, then this engine's plan."""
    case = stationary(seed, 3, 4)
    shop = market_shop(case, guarded=True)
    session = builtin_strategies()["return-proportional"].open(shop, 0)
    days = simulate(case.world, seeing_reports(session), first=case.first, days=DAYS)
    date = case.first.replace(day=case.first.day + DAYS)
    return make_plan(shop, default_policy(shop), report_of(days, date), date)


@pytest.mark.parametrize("seed", [22, 24])
def test_what_is_promoted_is_to_review_and_passes_the_checker(seed: int, tmp_path: Path) -> None:
    """``write_plan`` writes nothing that the checker refuses; no cell that reads FAIL rises."""
    plan = plan_after_a_few_days(seed)
    write_plan(plan, tmp_path, language="en")
    promoted = [cell for cell in plan.cells if PROMOTED in cell.grading.reasons[0].en]
    assert promoted
    assert all(cell.grading.grade is Grade.REVIEW for cell in promoted)
    risen = [cell for cell in plan.cells if cell.action in (Action.RAISE, Action.START)]
    assert all(cell.grading.grade is not Grade.FAIL for cell in risen)
    assert any(cell in risen for cell in promoted)
