"""A report on which no plan can rest is refused in words, and what of a report does not count is said.

Dates, cells and yuan of the made reports are known, so every number in a fault or notice is worked out by hand here.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

import pytest

from adspend.day import known_report
from adspend.designer import design_test
from adspend.plan import Notice, Severity
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend.report_notices import report_notices
from adspend.shop import Shop, parse_shop
from adspend_datasets.errors import BadDataError, Fault
from adspend_datasets.report import TrafficReport
from oracles.made_reports import FIRST_DAY, Row, cell_rows, day_after, report_of

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 4000
[cells]
segments = ["新客", "老客"]
slots = ["08:00-10:00"]
min_if_active = 100
max = 3000
step = 10
"""
COSTS, ORDERS = [200.0, 500.0, 900.0, 300.0], [4, 11, 20, 7]


def shop_file(extra: str = "") -> Shop:
    return parse_shop((SHOP + extra).encode(), file="shop.toml")


def rows_of(*segments: str, costs: Sequence[float] = COSTS) -> list[Row]:
    return [row for segment in segments for row in cell_rows(costs, ORDERS, segment=segment, slot="08:00-10:00")]


def refusals(shop: Shop, report: TrafficReport, date: datetime.date) -> tuple[Fault, ...]:
    with pytest.raises(BadDataError) as refused:
        make_plan(shop, default_policy(shop), report, date)
    return refused.value.faults


def notices(shop: Shop, report: TrafficReport, date: datetime.date) -> tuple[Notice, ...]:
    return report_notices(shop, report, known_report(shop, report, date), date)


def test_another_shop_s_report_is_refused_with_cells_of_both_and_the_nearest_name() -> None:
    (fault,) = refusals(shop_file(), report_of(rows_of("新客户", "路人")), day_after(4))
    assert fault.code == "E-REPORT-SHOP"
    assert fault.value == "新客户 × 08:00-10:00、路人 × 08:00-10:00"
    for words in (fault.remedy.zh, fault.remedy.en):
        assert "新客 × 08:00-10:00" in words
        assert "[[mapping]]" in words
    assert "「新客户」是否应为「新客」？" in fault.remedy.zh
    assert "'新客户': did you mean '新客'?" in fault.remedy.en


def test_one_cell_of_the_shop_with_cost_is_enough_to_plan_but_one_without_is_not() -> None:
    report = report_of([*rows_of("路人"), Row(day=0, cost=0.0, orders=0, segment="新客", slot="08:00-10:00")])
    assert [fault.code for fault in refusals(shop_file(), report, day_after(4))] == ["E-REPORT-SHOP"]
    known_report(shop_file(), report_of(rows_of("路人", "新客")), day_after(4))


@pytest.mark.parametrize(
    ("yuan", "severity", "share"), [(1.0, Severity.WARN, "33.3%"), (1.01, Severity.REVIEW, "33.6%")]
)
def test_strangers_are_told_with_their_share_of_the_cost(yuan: float, severity: Severity, share: str) -> None:
    """One of three equal cells is a third and may pass; a little more needs a person."""
    strangers = rows_of("新客户", costs=[cost * yuan for cost in COSTS])
    report = report_of([*rows_of("新客", "老客"), *strangers])
    (notice,) = notices(shop_file(), report, day_after(4))
    assert (notice.code, notice.severity) == ("NOT-IN-SHOP", severity)
    assert share in notice.text.zh
    assert share in notice.text.en
    assert "did you mean '新客'?" in notice.text.en


def test_hours_are_never_guessed_at() -> None:
    """Every pair of hours is spelt nearly alike; to propose one would be a guess."""
    late = cell_rows([10.0], [1], segment="新客", slot="08:00-11:00")
    (notice,) = notices(shop_file(), report_of([*rows_of("新客"), *late]), day_after(4))
    assert "did you mean" not in notice.text.en


def test_a_date_before_every_day_of_the_report_is_refused_by_every_command() -> None:
    """It is no cold start: the shop has a report. On the day after the first one a plan is possible."""
    shop, report = shop_file(), report_of(rows_of("新客"))
    (fault,) = refusals(shop, report, FIRST_DAY)
    assert (fault.code, fault.value, fault.place.column) == ("E-REPORT-DATE", "2026-06-01", "--date")
    for words in (fault.law.zh, fault.law.en):
        assert "2026-06-01" in words
        assert "2026-06-04" in words
    with pytest.raises(BadDataError, match="E-REPORT-DATE"):
        design_test(shop, default_policy(shop), report, FIRST_DAY, budget_fen=100_00, days=1)
    assert not make_plan(shop, default_policy(shop), report, day_after(1)).notices[0].text.en.startswith("no report")


def test_no_report_at_all_is_still_a_cold_start() -> None:
    shop = shop_file()
    plan = make_plan(shop, default_policy(shop), report_of([]), FIRST_DAY)
    assert "COLD-START" in {notice.code for notice in plan.notices}


def test_rows_on_or_after_the_planning_date_are_counted_as_left_out() -> None:
    """Four days of two cells, planned on the third: two days and four rows."""
    shop, report = shop_file(), report_of(rows_of("新客", "老客"))
    assert notices(shop, report, day_after(4)) == ()
    (notice,) = notices(shop, report, day_after(2))
    assert "2 天（4 行）" in notice.text.zh
    assert notice.text.en.startswith("2 days of the report (4 rows) on or after 2026-06-03")
    plan = make_plan(shop, default_policy(shop), report, day_after(2))
    assert notice in plan.notices


def test_a_report_without_any_gmv_is_refused_unless_the_shop_file_says_what_an_order_is_worth() -> None:
    report = report_of([replace(row, gmv=None) for row in rows_of("新客")])
    (fault,) = refusals(shop_file(), report, day_after(4))
    assert fault.code == "E-REPORT-GMV"
    assert "order_value" in fault.remedy.en
    told = shop_file("[prior]\norder_value = 80.5\n")
    (notice,) = notices(told, report, day_after(4))
    assert notice.severity is Severity.REVIEW
    assert "80.5" in notice.text.zh
    assert "80.5" in notice.text.en


def test_some_gmv_is_enough_and_a_day_without_orders_needs_none() -> None:
    """Where one row says it, orders are valued by it; a row with 0 orders says nothing of their worth."""
    first, *rest = rows_of("新客")
    known_report(shop_file(), report_of([first, *(replace(row, gmv=None) for row in rest)]), day_after(4))
    silent = Row(day=0, cost=50.0, orders=0, gmv=0.0, segment="新客", slot="08:00-10:00")
    faults = refusals(shop_file(), report_of([silent, *(replace(row, gmv=None) for row in rest)]), day_after(4))
    assert [fault.code for fault in faults] == ["E-REPORT-GMV"]


def test_every_law_broken_is_told_at_once() -> None:
    report = report_of([replace(row, gmv=None) for row in rows_of("路人")])
    assert {fault.code for fault in refusals(shop_file(), report, day_after(4))} == {"E-REPORT-SHOP", "E-REPORT-GMV"}
