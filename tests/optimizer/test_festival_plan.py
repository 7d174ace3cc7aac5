"""Plans with a festival calendar: the same as with a phase column, and honest about a planning date in a festival."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from adspend.day import observed_day, stage_before
from adspend.designer import design_test
from adspend.outputs.write import plan_files
from adspend.plan import Action, Notice, Plan, Severity
from adspend.planner import make_plan
from adspend.policy import Policy, default_policy
from adspend.policy_stage import StageSection
from adspend.shop import Shop, parse_shop
from adspend_datasets.cell import Cell
from adspend_datasets.festivals import NO_FESTIVALS, Festivals, FestivalWindow
from adspend_datasets.report import TrafficReport
from adspend_models.bank import Grade
from oracles.made_reports import day_after, report_from_arrays

SHOP = b"""
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 4000
[cells]
segments = ["a", "b", "c"]
slots = ["ALL"]
min_if_active = 100
max = 3000
step = 10
"""
CELLS = [Cell(name, "ALL") for name in ("a", "b", "c")]
DAYS, SALE = 24, range(19, 24)


def window(phase: str, start: int, end: int) -> FestivalWindow:
    return FestivalWindow(phase=phase, start=day_after(start), end=day_after(end))


CALENDAR = Festivals(windows=(window("618", SALE[0], SALE[-1]), window("返场", DAYS + 1, DAYS + 2)))


@cache
def shop() -> Shop:
    return parse_shop(SHOP, file="shop.toml")


@cache
def report(*, column: bool = False) -> TrafficReport:
    """Five days at three times the orders end the report; in the column ``phase`` they say so."""
    rng = np.random.default_rng(3)
    cost = rng.choice([200.0, 500.0, 900.0], (len(CELLS), DAYS))
    factor = np.where(np.isin(np.arange(DAYS), SALE), 3.0, 1.0)
    made = report_from_arrays(CELLS, cost, rng.poisson(factor * 15 * cost / (cost + 300)), 100.0)
    sale = made.rows["date"].dt.date.map(lambda day: day >= day_after(SALE[0]))
    tagged = made.rows.assign(phase=made.rows["phase"].mask(sale, "618"))
    return TrafficReport(tagged) if column else made


@cache
def planned(after: int = 0, *, column: bool = False, calendar: Festivals = CALENDAR) -> Plan:
    """The plan so many days after the morning on which the report ends."""
    date = day_after(DAYS + after)
    return make_plan(shop(), default_policy(shop()), report(column=column), date, festivals=calendar)


def festival_notices(plan: Plan) -> list[Notice]:
    return [notice for notice in plan.notices if notice.code.startswith("FESTIVAL")]


def expected_net(plan: Plan) -> int:
    return sum(cell.expected_net_fen for cell in plan.cells)


@pytest.mark.parametrize("after", [0, 1])
def test_a_calendar_in_place_of_the_column_gives_the_same_plan_to_the_byte(after: int) -> None:
    """All four files, on a normal day and in a phase never seen; so does a calendar that only repeats the column."""
    by_calendar, by_both = planned(after), planned(after, column=True)
    assert plan_files(by_calendar, "zh") == plan_files(by_both, "zh")
    if CALENDAR.phase_on(day_after(DAYS + after)) == "":
        by_column = planned(after, column=True, calendar=NO_FESTIVALS)
        assert plan_files(by_calendar, "zh") == plan_files(by_column, "zh")


def test_a_phase_in_the_report_wins_over_the_calendar() -> None:
    """Another name for the same days changes nothing where the report has its own."""
    other = Festivals(windows=(window("双11", SALE[0], SALE[-1]),))
    own = planned(column=True, calendar=NO_FESTIVALS)
    assert plan_files(planned(column=True, calendar=other), "zh", full=False) == plan_files(own, "zh", full=False)


def test_the_day_after_a_sale_is_not_promised_the_sale() -> None:
    """Orders of the plan's own spends against the truth: the calendar is nearer, and does not promise a third more."""

    def over_truth(plan: Plan) -> float:
        cost = np.array([cell.budget_fen for cell in plan.cells]) / 100
        return float(sum(cell.expected_orders for cell in plan.cells) / (15 * cost / (cost + 300)).sum())

    with_calendar, without = over_truth(planned()), over_truth(planned(calendar=NO_FESTIVALS))
    assert without > 1.33
    assert abs(with_calendar - 1) < 0.33


def test_a_planning_date_in_a_known_festival_expects_more_and_says_why() -> None:
    """The sale goes on for one day more than the report: its learned factor is in the numbers and in the notice."""
    longer = Festivals(windows=(window("618", SALE[0], DAYS),))
    plan = planned(calendar=longer)
    (notice,) = festival_notices(plan)
    assert (notice.code, notice.severity) == ("FESTIVAL", Severity.WARN)
    day = observed_day(shop(), default_policy(shop()), report(), day_after(DAYS), festivals=longer)
    assert day.phase == "618"
    assert day.phase_factor is not None
    assert 1.5 < day.phase_factor < 3.5
    assert f"{day.phase_factor:.2f}" in notice.text.zh
    assert f"{day.phase_factor:.2f}" in notice.text.en
    assert expected_net(plan) > 1.5 * expected_net(planned())


def test_a_phase_never_seen_asks_for_a_person_and_widens_what_may_come() -> None:
    """Same report, same day: the gap between the expected net and its tenth percentile grows."""
    unseen = Festivals(windows=(*CALENDAR.windows[:1], window("返场", DAYS, DAYS)))
    plan, normal = planned(calendar=unseen), planned()
    (notice,) = festival_notices(plan)
    assert (notice.code, notice.severity) == ("FESTIVAL-UNSEEN", Severity.REVIEW)
    assert "返场" in notice.text.zh
    assert "返场" in notice.text.en

    def doubt(found: Plan) -> float:
        down = sum(cell.expected_net_fen - cell.p10_net_fen for cell in found.cells)
        return down / sum(cell.expected_gmv_fen for cell in found.cells)

    assert doubt(plan) > 1.2 * doubt(normal)


@pytest.mark.parametrize(
    ("phase_of_day", "code", "severity"),
    [
        ("", "FESTIVAL-ONLY", Severity.REVIEW),
        ("返场", "FESTIVAL-ONLY", Severity.REVIEW),
        ("618", "FESTIVAL", Severity.WARN),
    ],
)
def test_a_report_of_festival_days_alone_knows_no_other_day(phase_of_day: str, code: str, severity: Severity) -> None:
    """No normal day tells the festival's factor: only a day of the same phase is not a guess."""
    ahead = () if not phase_of_day else (window(phase_of_day, DAYS, DAYS),)
    plan = planned(calendar=Festivals(windows=(window("618", 0, DAYS - 1), *ahead)))
    (notice,) = festival_notices(plan)
    assert (notice.code, notice.severity) == (code, severity)
    assert "618" in notice.text.zh
    assert "618" in notice.text.en


def test_a_normal_day_has_no_festival_notice() -> None:
    assert festival_notices(planned()) == []
    assert festival_notices(planned(column=True, calendar=NO_FESTIVALS)) == []


def test_a_cold_start_in_a_festival_says_so() -> None:
    nothing = replace(report(), rows=report().rows.iloc[:0])
    plan = make_plan(shop(), default_policy(shop()), nothing, day_after(DAYS + 1), festivals=CALENDAR)
    assert [notice.code for notice in festival_notices(plan)] == ["FESTIVAL-UNSEEN"]


def test_yesterday_s_stage_is_the_one_that_yesterday_s_plan_was_made_in() -> None:
    """The rule asks the curves of yesterday, a sale day: read as a normal day they would answer otherwise."""
    ends = StageSection(name="学习", name_en="learn", sure_share=0.4, sure_chance=0.6)
    policy = Policy(stages=(ends, StageSection(name="收获", name_en="earn")))
    last, date = day_after(DAYS - 1), day_after(DAYS)

    def found_again(festivals: Festivals) -> int:
        stage = stage_before(shop(), policy, report(), date, festivals=festivals)
        assert stage is not None
        return stage.index

    day = observed_day(shop(), policy, report(), last, festivals=CALENDAR)
    assert day.stage is not None
    assert found_again(CALENDAR) == day.stage.index
    normal = Festivals(windows=(window("618", SALE[0], SALE[-2]),))
    assert found_again(normal) != day.stage.index


def test_a_test_designed_with_a_calendar_is_that_of_the_column() -> None:
    def designed(*, column: bool, calendar: Festivals) -> object:
        rows = report(column=column)
        return design_test(
            shop(), default_policy(shop()), rows, day_after(DAYS), budget_fen=200_000, days=2, festivals=calendar
        )

    assert designed(column=False, calendar=CALENDAR) == designed(column=True, calendar=NO_FESTIVALS)
    assert designed(column=False, calendar=CALENDAR) != designed(column=False, calendar=NO_FESTIVALS)


def test_a_mix_of_days_that_the_curves_account_for_asks_nobody() -> None:
    """Every cell lived through the sale and is graded REVIEW for it; that alone is to be known, not to be approved."""
    plan = planned()
    funded = [cell for cell in plan.cells if cell.budget_fen and cell.action is not Action.TEST]
    assert funded
    assert all(cell.grading.grade is Grade.REVIEW for cell in funded)
    assert sum(cell.grading.mild for cell in funded) > len(funded) * 2 / 3
    notice = next(notice for notice in plan.notices if notice.code == "CURVES-REVIEW")
    assert notice.severity is Severity.WARN
