"""What each strategy is for, by hand or against another way to the same answer."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import pytest

from adspend.day import observed_day
from adspend.market_shop import market_shop
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend.simulate import seeing_reports, simulate
from adspend.strategies.engine import Engine
from adspend.strategies.epsilon_greedy import EpsilonGreedy
from adspend.strategies.even_split import EvenSplit
from adspend.strategies.explore_then_commit import ExploreThenCommit
from adspend.strategies.operators_rule import OperatorsRule
from adspend.strategies.own_hill import OwnHill
from adspend.strategies.refit import Refitted
from adspend.strategies.refit_greedy import walk
from adspend.strategies.refit_slsqp import climb
from adspend.strategies.return_proportional import ReturnProportional
from adspend.strategies.rules import with_seed
from adspend_datasets.report import TrafficReport
from adspend_models.market.day_report import report_of as morning_report
from adspend_models.market.families import stationary
from adspend_models.shapes import HILL, SHAPES
from oracles.made_reports import FIRST_DAY, Row, day_after, report_of
from oracles.quiet_worlds import QuietWorld, hills, shop

FREE = "[limits]\nmax_raise_per_day = inf\nmax_over_tested = inf"
SHOP = shop(1, 3, daily=900, least=100, most=900, step=10, more=FREE)  # break-even ROI: 2


def days(*rois: Sequence[float | None], cost: float = 300, orders: int = 5) -> TrafficReport:
    """A report of days on which every cell spent ``cost`` and had these ROIs; None = paused."""
    return report_of(
        Row(day=t, cost=cost, orders=orders if roi else 0, gmv=cost * roi, segment="s0", slot=f"t{i}")
        for t, row in enumerate(rois)
        for i, roi in enumerate(row)
        if roi is not None
    )


def test_even_split() -> None:
    assert EvenSplit().open(SHOP, 0).budgets(FIRST_DAY, report_of([])).tolist() == [30_000] * 3


def test_split_by_the_return_of_the_last_active_day() -> None:
    """ROIs 1, 3 and, the day before, 5: 100, 300 and 500 of 900 yuan; without caps a rested cell may start at more."""
    report = days([4.0, 4.0, 5.0], [1.0, 3.0, None])
    assert ReturnProportional().open(SHOP, 0).budgets(day_after(2), report).tolist() == [10_000, 30_000, 50_000]


def test_operators_move_by_20_percent_around_break_even() -> None:
    """ROIs 2.4, 2.0 and 1.6 about break-even 2: raised, held, cut from what was set before, never above 900 in all."""
    session = OperatorsRule().open(SHOP, 0)
    assert session.budgets(FIRST_DAY, report_of([])).tolist() == [30_000] * 3
    first = days([2.4, 2.0, 1.6])
    assert session.budgets(day_after(1), first).tolist() == [36_000, 30_000, 24_000]
    # +20 %, hold, -20 % again: 432 + 300 + 192 = 924 exceed 900; above the minimums 600 of 624 are left
    assert session.budgets(day_after(2), days([2.4, 2.0, 1.6], [2.4, 2.0, 1.6])).sum() == 90_000


def test_operators_kill_for_good() -> None:
    """No order after 3 order values, or three days below half of break-even; good days afterwards change nothing."""
    session = OperatorsRule().open(SHOP, 0)
    bad = [2.0, 0.0, 0.9]
    session.budgets(FIRST_DAY, report_of([]))
    second = session.budgets(day_after(1), days(bad)).tolist()
    assert second == [30_000, 0, 24_000]  # an order is worth (600 + 270) / 10 = 87 yuan: 300 are more than three
    assert session.budgets(day_after(3), days(bad, bad, bad)).tolist()[1:] == [0, 0]
    good = days(bad, bad, bad, [2.0, 4.0, 4.0])
    assert session.budgets(day_after(4), good).tolist()[1:] == [0, 0]


def given(top: list[float], half: list[float], shape: list[float], *, daily: float, current: list[float]) -> Refitted:
    return Refitted(
        shop=shop(1, len(top), daily=daily, least=0.01, most=2_000, step=0.01),
        curves=OwnHill(top=np.array(top), half=np.array(half), shape=np.array(shape)),
        current=np.array(current),
        most=np.full(len(top), 2_000.0),
    )


def test_slsqp_and_greedy_find_the_closed_form_on_concave_curves() -> None:
    """Equal marginal returns: (x1 + 200) / (x2 + 400) = sqrt(2e6 / 8e6) = 1/2 and x1 + x2 = 900 give 300 and 600."""
    one = given([10_000.0, 20_000.0], [200.0, 400.0], [1.0, 1.0], daily=900, current=[450.0, 450.0])
    assert climb(one) == pytest.approx([300.0, 600.0], abs=1.0)
    assert walk(one) == pytest.approx([300.0, 600.0], abs=34.0)  # a row of its table: 33.3


def test_slsqp_stays_where_an_s_curve_is_flat_and_greedy_jumps() -> None:
    """From a paused cell the slope of an S-curve is 0: the gradient method cannot see what a jump to 600 yuan earns."""
    s = given([9_000.0], [500.0], [3.0], daily=900, current=[0.0])
    assert climb(s) == pytest.approx([0.0], abs=1.0)
    assert walk(s)[0] > 500


def test_greedy_ends_at_the_first_jump_that_does_not_fit() -> None:
    """The steepest jump of the S-curve costs more than the budget: the concave cell gets nothing either."""
    both = given([9_000.0, 1_000.0], [500.0, 500.0], [3.0, 1.0], daily=300, current=[0.0, 0.0])
    assert walk(both).tolist() == [0.0, 0.0]


def test_explore_then_commit_never_looks_again() -> None:
    """After its three days the orders of the report no longer matter, only the spends, by which the caps go."""
    world = QuietWorld(hills(2, 2, ceiling=np.array([30.0, 9.0, 20.0, 40.0]), half=300.0, shape=1.0))
    four = shop(2, 2, daily=1_200)
    past = simulate(world, seeing_reports(ExploreThenCommit().open(four, 0)), first=FIRST_DAY, days=6)
    session = ExploreThenCommit().open(four, 0)
    for t, day in enumerate(past):
        date = FIRST_DAY + datetime.timedelta(days=t)
        rows = morning_report(past[:t], date).rows
        later = rows["date"] >= np.datetime64(FIRST_DAY + datetime.timedelta(days=3))
        rows = rows.assign(orders=rows["orders"].mask(later, 1), gmv_fen=rows["gmv_fen"].mask(later, 1))
        assert session.budgets(date, TrafficReport(rows)).tolist() == day.budget_fen.tolist()


def test_epsilon_is_spent_on_cells_that_greed_leaves_out() -> None:
    """Nine of ten cells sell nothing: greed leaves them, and each seed tries some of them, not the same ones."""
    ceiling = np.array([40.0] + [0.01] * 9)
    world, ten = QuietWorld(hills(2, 5, ceiling=ceiling, half=300.0, shape=1.0)), shop(2, 5, daily=2_000, more=FREE)
    even = simulate(world, lambda *_: np.full(10, 20_000), first=FIRST_DAY, days=6)
    report, date = morning_report(even, day_after(6)), day_after(6)
    greed = EpsilonGreedy(epsilon=0.0).open(ten, 1).budgets(date, report)
    tries = [EpsilonGreedy(epsilon=0.2).open(ten, seed).budgets(date, report)[1:] > 0 for seed in range(4)]
    assert greed[1:].sum() == 0
    assert all(1 <= tried.sum() <= 2 for tried in tries)
    assert len({tuple(tried.tolist()) for tried in tries}) > 1


def test_the_engine_decides_what_its_plan_says() -> None:
    """Against ``make_plan`` with the same shapes, draws and settings, from the cold start on."""
    case = stationary(2, 3, 3)
    planned = market_shop(case)
    past = simulate(case.world, seeing_reports(Engine().open(planned, 7)), first=case.first, days=4)
    for t in (0, 1, 4):
        date = case.first + datetime.timedelta(days=t)
        report = morning_report(past[:t], date)
        plan = make_plan(with_seed(planned, 7), default_policy(planned), report, date)
        session = Engine(shapes=SHAPES, draws=200, settings=None).open(planned, 7)
        assert session.budgets(date, report).tolist() == [cell.budget_fen for cell in plan.cells]


def test_a_run_that_remembers_its_fits_decides_as_well_as_one_that_does_not() -> None:
    """On the curves of a fit from nothing, the split of a session that has seen every morning is worth the same."""
    case = stationary(2, 4, 4)
    planned = market_shop(case)
    past = simulate(case.world, seeing_reports(Engine().open(planned, 7)), first=case.first, days=12)
    session, date = Engine().open(planned, 7), case.first
    for t in range(13):
        date = case.first + datetime.timedelta(days=t)
        remembered = session.budgets(date, morning_report(past[:t], date))
    report = morning_report(past, date)
    fresh = Engine().open(planned, 7).budgets(date, report)
    curves = observed_day(planned, default_policy(planned), report, date, shapes=(HILL,), draws=60).curves
    net = [float((curves.expected(b[:, None] / 100).value[:, 0] - b / 100).sum()) for b in (remembered, fresh)]
    assert net[0] == pytest.approx(net[1], rel=0.02)
