"""What pays only beyond today's caps is named, and the lines given to approve it do what they promise."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

import pytest

from adspend.plan import Action, Notice, Plan
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend.shop import parse_shop
from adspend.shop_reports import read_reports_of
from adspend_models.bank import Grade

SAMPLES = Path(__file__).parents[2] / "datasets" / "adspend_datasets" / "samples"
SHOP = (SAMPLES / "shop.toml").read_bytes()


def planned(shop_file: bytes) -> Plan:
    """The plan of the bundled sample report."""
    shop = parse_shop(shop_file, file="shop.toml")
    report, _ = read_reports_of(shop, [SAMPLES / "qianchuan_standard.csv"])
    return make_plan(shop, default_policy(shop), report, datetime.date(2026, 11, 23))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planned(SHOP)


def notice(plan: Plan, code: str) -> Notice:
    return next(notice for notice in plan.notices if notice.code == code)


def test_the_lock_that_is_offered_approves_the_cell_it_names(plan: Plan) -> None:
    text = notice(plan, "BEYOND-CAPS").text
    lines = text.en[text.en.index("[[locks]]\n") :]
    assert text.zh.endswith(lines), "the lines are the same in both languages"
    [lock] = tomllib.loads(lines)["locks"]
    chosen = next(cell for cell in plan.cells if (cell.cell.segment, cell.cell.slot) == (lock["segment"], lock["slot"]))
    assert chosen.budget_fen == 0
    assert f"{chosen.cell.label} {lock['budget']:,.0f}" in text.zh
    approved = planned(SHOP + b"\n" + lines.encode())
    after = next(cell for cell in approved.cells if cell.cell == chosen.cell)
    assert after.budget_fen == round(100 * lock["budget"])
    assert f"{chosen.cell.label}" not in notice(approved, "BEYOND-CAPS").text.zh
    promised = f"可净赚 {after.expected_net_fen / 100:,.0f} 元"
    assert promised in chosen.reason.zh, "to the yuan"


def test_funded_cells_to_review_are_named_largest_first(plan: Plan) -> None:
    text = notice(plan, "CURVES-REVIEW").text
    review = [cell for cell in plan.cells if cell.budget_fen and cell.action is not Action.TEST]
    review = sorted((c for c in review if c.grading.grade is not Grade.PASS), key=lambda cell: -cell.budget_fen)
    assert review
    assert text.zh.endswith("、".join(f"{cell.cell.label} {cell.budget_fen / 100:,.0f}" for cell in review))
    assert text.en.endswith(", ".join(f"{cell.cell.label} {cell.budget_fen / 100:,.0f}" for cell in review))


def test_no_lock_is_offered_that_the_budget_cannot_pay() -> None:
    text = notice(planned(SHOP.replace(b"daily = 30000", b"daily = 2000")), "BEYOND-CAPS").text.en
    [lock] = tomllib.loads(text[text.index("[[locks]]\n") :])["locks"]
    assert lock["budget"] <= 2000
