"""Simulation: the order of days, what a strategy is shown, and scores worked out by hand."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import pytest

from adspend.problem import Ints
from adspend.simulate import Run, days_until, first_week, last_week, scored, seeing_reports, share_of, simulate
from adspend_datasets.report import TrafficReport
from adspend_models.market.day import Day
from adspend_models.market.families import snowball_and_seeding, stationary
from adspend_models.market.random_shop import ShopStyle, grid, lucky_world, random_truth
from oracles.quiet_worlds import FIRST, QuietWorld, hills, shop

WORLD = QuietWorld(hills(1, 2, ceiling=np.array([10.0, 40.0]), half=np.array([100.0, 300.0]), shape=1.0, value=50.0))
SHOP = shop(1, 2, daily=500, least=100, most=400, step=10)
ONE = datetime.timedelta(days=1)


def budgets(*yuan: float) -> Ints:
    return np.array([round(100 * amount) for amount in yuan], dtype=np.int64)


def test_every_day_is_decided_on_the_days_before_it() -> None:
    seen: list[tuple[datetime.date, tuple[datetime.date, ...]]] = []

    def decide(date: datetime.date, past: Sequence[Day]) -> Ints:
        seen.append((date, tuple(day.date for day in past)))
        return budgets(100, 100)

    days = simulate(WORLD, decide, first=FIRST, days=3)
    dates = tuple(FIRST + k * ONE for k in range(3))
    assert tuple(day.date for day in days) == dates
    assert seen == [(dates[k], dates[:k]) for k in range(3)]


def test_expected_and_realised_net_by_hand() -> None:
    """10 x 100/200 + 40 x 100/400 = 15 orders of 50 yuan, half kept, 200 spent: 375 - 200; paused: nothing."""
    days = simulate(WORLD, lambda _, past: budgets(0, 0) if past else budgets(100, 100), first=FIRST, days=2)
    run = scored("x", WORLD, SHOP, days)
    assert run.expected == pytest.approx([175, 0])
    assert run.realised == pytest.approx([175, 0])  # a quiet world sells what it expects
    assert run.cost.tolist() == [200, 0]


def test_expected_net_has_no_luck_in_it() -> None:
    """One truth under two seeds of luck: what was sold differs, the score does not."""
    truth = random_truth(4, grid(2, 2), ShopStyle())
    four = shop(2, 2, daily=4_000, least=300, most=6_000, step=1)
    worlds = [lucky_world(truth, seed) for seed in (1, 2)]
    same = budgets(800, 800, 800, 800)
    one, two = (scored("x", w, four, simulate(w, lambda *_: same, first=FIRST, days=5)) for w in worlds)
    assert one.expected.tolist() == two.expected.tolist()
    assert one.realised.tolist() != two.realised.tolist()


def test_what_spending_sowed_counts_on_the_day_it_is_bought() -> None:
    """Spend once, then never again: later days earn the orders still to come, without any cost."""
    case = snowball_and_seeding(2, 2, 2)
    once = simulate(
        case.world,
        lambda _, past: budgets(0, 0, 0, 0) if past else budgets(900, 900, 900, 900),
        first=case.first,
        days=3,
    )
    never = simulate(case.world, lambda *_: budgets(0, 0, 0, 0), first=case.first, days=3)
    four = shop(2, 2, daily=4_000, least=300, most=6_000, step=1)
    run = scored("once", case.world, four, once)
    assert run.cost[1:].tolist() == [0, 0]
    assert np.all(run.expected[1:] > 0)
    assert scored("never", case.world, four, never).expected.tolist() == [0, 0, 0]


def test_orders_beyond_the_stock_earn_nothing() -> None:
    """15 orders are expected; half are of a product of which 5 units are there: 2.5 orders of 50 yuan are lost."""
    products = '[[products]]\nname = "p"\norder_share = 0.5\nstock = 5'
    stocked = shop(1, 2, daily=500, least=100, most=400, step=10, more=products)
    days = simulate(WORLD, lambda *_: budgets(100, 100), first=FIRST, days=1)
    assert scored("x", WORLD, stocked, days).expected == pytest.approx([(15 - 2.5) * 25 - 200])


def test_violations_are_counted_by_rule() -> None:
    """Budget 500; 100 to 400 in steps of 10; after a day of 100 a cell may go to 130."""
    plan = [budgets(100, 300), budgets(140, 130), budgets(50, 125), budgets(450, 300)]
    days = simulate(WORLD, lambda _, past: plan[len(past)], first=FIRST, days=4)
    found = scored("x", WORLD, SHOP, days).violations
    assert found.tolist() == [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],  # 140 > 1.3 x 100
        [0, 1, 0, 1, 0],  # 50 < 100; 125 is off the step
        [1, 0, 1, 0, 1],  # 750 > 500; 450 > 400; 300 > 1.5 x 125
    ]


class Recording:
    """A session that keeps the reports it was shown."""

    def __init__(self) -> None:
        self.reports: list[TrafficReport] = []

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """The same every day."""
        del date
        self.reports.append(report)
        return budgets(400, 0, 400, 400)


def test_a_session_sees_costs_at_once_and_refunds_as_they_arrive() -> None:
    case = stationary(4, 2, 2)
    session = Recording()
    days = simulate(case.world, seeing_reports(session), first=case.first, days=6)
    for t, report in enumerate(session.reports):
        rows = report.rows
        assert rows["date"].nunique() == t
        assert rows["cost_fen"].sum() == sum(int(day.cost_fen.sum()) for day in days[:t])
        assert rows["gmv_fen"].sum() == sum(int(day.gmv_fen.sum()) for day in days[:t])
        known = [day.refund_fen(within_days=t - 1 - s) for s, day in enumerate(days[:t])]
        assert rows["refund_fen"].sum() == sum(int(refund.sum()) for refund in known if refund is not None)
    assert {(row.segment, row.slot) for row in session.reports[-1].rows.itertuples()} == {
        (cell.segment, cell.slot) for i, cell in enumerate(case.cells) if i != 1
    }


def run_of(expected: list[float]) -> Run:
    nothing = np.zeros(len(expected))
    return Run(
        name="x",
        first=FIRST,
        budget_fen=np.zeros((len(expected), 1), dtype=np.int64),
        cost=nothing,
        expected=np.array(expected),
        realised=nothing,
        violations=np.zeros((len(expected), 5), dtype=np.int64),
    )


def test_scores_by_hand() -> None:
    best, run = run_of([10.0] * 10), run_of([-5, 0, 5, 5, 5, 5, 5, 8, 9, 10])
    assert share_of(run, best) == pytest.approx(47 / 100)
    assert first_week(run, best) == pytest.approx(20 / 70)
    assert last_week(run, best) == pytest.approx(47 / 70)
    assert days_until(run, best) == 9
    assert days_until(run, best, 0.5) == 3
    assert days_until(run_of([0.0] * 10), best) is None
    assert np.isnan(share_of(run, run_of([0.0] * 10)))
    assert best.dates[-1] == FIRST + 9 * ONE
