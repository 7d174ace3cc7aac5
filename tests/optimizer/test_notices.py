"""A plan says what a person must know first: strangers in the report, a stale report, too large a raise."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pytest

from adspend.plan import Plan, Severity
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend.shop import Shop, parse_shop
from adspend_datasets.cell import Cell
from oracles.made_reports import report_from_arrays

SHOP = b"""
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 4000
[cells]
segments = ["a", "b"]
slots = ["ALL"]
min_if_active = 100
max = 3000
step = 10
"""


def planned(cells: list[Cell], shop: Shop, after: int = 1) -> Plan:
    """A plan ``after`` days after a made report of ``cells`` ends."""
    rng = np.random.default_rng(3)
    cost = rng.choice([200.0, 500.0, 900.0], (len(cells), 12))
    report = report_from_arrays(cells, cost, rng.poisson(cost / 40), 100.0)
    last = report.last_date
    assert last is not None
    return make_plan(shop, default_policy(shop), report, last + datetime.timedelta(days=after))


@pytest.fixture
def shop() -> Shop:
    return parse_shop(SHOP, file="shop.toml")


def codes(plan: Plan) -> set[str]:
    return {notice.code for notice in plan.notices}


def test_a_cell_that_the_shop_does_not_name_is_said_and_gets_nothing(shop: Shop) -> None:
    plan = planned([Cell("a", "ALL"), Cell("b", "ALL"), Cell("z", "ALL")], shop)
    notice = next(notice for notice in plan.notices if notice.code == "NOT-IN-SHOP")
    assert "z × ALL" in notice.text.zh
    assert notice.text.en.startswith("1 cell of the report")
    assert [cell.cell.segment for cell in plan.cells] == ["a", "b"]


def test_only_a_report_that_ends_before_yesterday_is_called_stale(shop: Shop) -> None:
    cells = [Cell("a", "ALL"), Cell("b", "ALL")]
    assert "STALE" not in codes(planned(cells, shop))
    assert "STALE" in codes(planned(cells, shop, after=4))


def test_a_budget_below_the_minimum_of_a_cell_is_named_as_what_keeps_it_from_being_spent(shop: Shop) -> None:
    """Of 60 yuan none can go where a cell takes at least 100; not because the money earns more elsewhere."""
    plan = planned([Cell("a", "ALL"), Cell("b", "ALL")], shop.with_budget(Decimal(60)))
    assert plan.planned_fen == 0
    unspent = next(notice for notice in plan.notices if notice.code == "UNSPENT")
    assert unspent.severity is Severity.REVIEW
    assert unspent.text.zh.startswith("有 60.00 元没有花：当日预算低于一个单元的起投门槛 100.00 元")
    assert {cell.reason.en for cell in plan.cells} == {
        "the day's budget, 60.00, is below the platform minimum of a cell, 100"
    }
    assert [limit.price.zh for limit in plan.binding] == ["预算到 100.00 元才能投第一个单元"]
    enough = planned([Cell("a", "ALL"), Cell("b", "ALL")], shop.with_budget(Decimal(100)))
    assert enough.planned_fen == 100_00
    assert not any("minimum" in notice.text.en for notice in enough.notices)
