"""What every strategy must do: decide from reports alone, the same way each time, within the shop's rules."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from adspend.market_shop import market_shop
from adspend.shop import Shop
from adspend.simulate import seeing_reports, simulate
from adspend.strategies.registry import builtin_strategies
from adspend.strategies.strategy import Strategy
from adspend_datasets.report import TrafficReport
from adspend_models.market.day import Day
from adspend_models.market.day_report import report_of
from adspend_models.market.families import learning_and_delivery

SEED, DAYS = 5, 6
STRATEGIES = builtin_strategies()
every_strategy = pytest.mark.parametrize("name", STRATEGIES)


@cache
def market() -> tuple[Shop, object, datetime.date]:
    """A small market in which budgets are not spent exactly."""
    case = learning_and_delivery(3, segments=3, slots=3)
    return market_shop(case, guarded=True), case.world, case.first


def run(strategy: Strategy, seed: int = SEED) -> tuple[Day, ...]:
    """The strategy's days in the market."""
    found, world, first = market()
    return simulate(world, seeing_reports(strategy.open(found, seed)), first=first, days=DAYS)


@cache
def days_of(name: str) -> tuple[Day, ...]:
    """The same, once."""
    return run(STRATEGIES[name])


def test_a_strategy_s_name_is_its_key_and_it_has_a_label() -> None:
    for key, strategy in STRATEGIES.items():
        assert strategy.name == key
        assert strategy.label.zh
        assert strategy.label.en


@every_strategy
def test_the_same_seed_gives_the_same_budgets(name: str) -> None:
    for day, again in zip(days_of(name), run(STRATEGIES[name]), strict=True):
        assert day.budget_fen.tolist() == again.budget_fen.tolist()


@every_strategy
def test_rules_are_kept_counted_one_by_one(name: str) -> None:
    """Counted in plain integers from the shop's file and the executed days, apart from any code of the strategies."""
    shop, _, _ = market()
    rise, reach = 1 + shop.limits.max_raise_per_day, shop.limits.max_over_tested
    days = days_of(name)
    for t, day in enumerate(days):
        budgets = day.budget_fen.tolist()
        assert len(budgets) == len(shop.grid)
        assert sum(budgets) <= shop.budget_fen
        for i, budget in enumerate(budgets):
            assert budget == 0 or 30_000 <= budget <= 600_000
            assert budget % 100 == 0
            before = [int(past.cost_fen[i]) for past in days[:t]]
            if any(before):
                yesterday = before[-1] or [cost for cost in before if cost][-1] / rise  # a rested cell: its last spend
                assert budget <= max(rise * yesterday, 30_000) + 1e-6, (t, i, before)
                assert budget <= max(reach * max(before), 30_000) + 1e-6, (t, i, before)


@every_strategy
def test_money_is_spent(name: str) -> None:
    """No strategy passes the rules by pausing everything."""
    assert all(day.budget_fen.sum() > 0 for day in days_of(name)[:3])


@every_strategy
def test_reports_are_not_changed(name: str) -> None:
    shop, _, first = market()
    session, known = STRATEGIES[name].open(shop, SEED), days_of(name)
    for t in range(DAYS):
        date = first + datetime.timedelta(days=t)
        report = report_of(known[:t], date)
        copy = report.rows.copy(deep=True)
        session.budgets(date, report)
        pd.testing.assert_frame_equal(report.rows, copy)


@every_strategy
def test_a_report_alone_decides_and_its_future_rows_do_not(name: str) -> None:
    """The reports replayed without their world, with rows of the day itself and later ones added, decide the same."""
    shop, _, first = market()
    session, known = STRATEGIES[name].open(shop, SEED), days_of(name)
    for t in range(DAYS):
        date = first + datetime.timedelta(days=t)
        honest = report_of(known[:t], date)
        later = report_of(known[t:], first + datetime.timedelta(days=DAYS))
        both = TrafficReport(pd.concat([honest.rows, later.rows], ignore_index=True))
        assert session.budgets(date, both).tolist() == known[t].budget_fen.tolist()


@every_strategy
def test_a_shop_that_sells_nothing_is_still_planned(name: str) -> None:
    """All orders and GMV set to zero: no division, no fit and no solve may fail on it."""
    shop, _, first = market()
    session, known = STRATEGIES[name].open(shop, SEED), days_of("even-split")
    for t in range(5):
        date = first + datetime.timedelta(days=t)
        report = report_of(known[:t], date)
        barren = replace(
            report, rows=report.rows.assign(orders=0 * report.rows["orders"], gmv_fen=0 * report.rows["gmv_fen"])
        )
        assert session.budgets(date, barren).sum() <= shop.budget_fen


@every_strategy
@pytest.mark.parametrize("daily", [0, 700])
def test_a_budget_below_the_minimums_is_kept(name: str, daily: int) -> None:
    """700 yuan pay for two cells of at least 300."""
    found, world, first = market()
    poor = found.model_copy(update={"budget": found.budget.model_copy(update={"daily": daily})})
    days = simulate(world, seeing_reports(STRATEGIES[name].open(poor, SEED)), first=first, days=3)
    for day in days:
        assert day.budget_fen.sum() <= daily * 100
        assert np.count_nonzero(day.budget_fen) <= daily // 300
