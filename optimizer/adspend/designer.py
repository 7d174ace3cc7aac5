"""Designing a test (测试设计): which cells, levels and days teach most about where tomorrow's money should go.

``design_worth`` says what every possible test would teach, ``design_choice`` which fit the money, ``design_schedule``
on which day each runs. Run again every morning of the test with the new day in the report: what is no longer worth
testing drops out by itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import brentq

from adspend.day import fitted_bank, known_report
from adspend.design import CellTest, TestDesign
from adspend.design_choice import choose_options
from adspend.design_options import CellOptions
from adspend.design_schedule import draw_schedule
from adspend.design_worth import Morning, all_options, equal_levels_gain, look
from adspend.history import CellHistory, histories
from adspend.policy import Policy
from adspend.shop import Shop
from adspend_datasets.festivals import NO_FESTIVALS, Festivals
from adspend_datasets.report import TrafficReport
from adspend_models.bank import Floats
from adspend_models.posterior import PosteriorBank

STOP_CHANCE = 0.05  # a cell that pays goes this long without an order this rarely


def design_test(
    shop: Shop,
    policy: Policy,
    report: TrafficReport,
    date: datetime.date,
    *,
    budget_fen: int,
    days: int,
    progress: Callable[[int, int], None] | None = None,
    festivals: Festivals = NO_FESTIVALS,
) -> TestDesign:
    """The test that teaches most for at most ``budget_fen``.

    Args:
        shop: The validated shop file.
        policy: Its test levels span what a cell never seen is tested at.
        report: The rows known; those on or after ``date`` are ignored.
        date: The first day of the test.
        budget_fen: The most it may spend in all.
        days: How many days it lasts, at least 1.
        progress: Called with cells done and cells in all.
        festivals: The phase of ``date``, and of the days of the report that bear none.

    Raises:
        BadDataError: No test can rest on the report (see ``known_report``).
        ValueError: ``days`` below 1 or a negative budget.
    """
    if days < 1 or budget_fen < 0:
        raise ValueError(f"a test needs at least 1 day and no negative budget, got {days} and {budget_fen}")
    known = known_report(shop, report, date)
    bank, past = fitted_bank(shop, known, date, festivals=festivals), histories(known, shop.grid)
    return design_on_curves(shop, policy, bank, past, budget_fen=budget_fen, days=days, progress=progress)


def design_on_curves(
    shop: Shop,
    policy: Policy,
    bank: PosteriorBank,
    past: Sequence[CellHistory],
    *,
    budget_fen: int,
    days: int,
    progress: Callable[[int, int], None] | None = None,
) -> TestDesign:
    """``design_test`` on curves and histories already known; the bank's planning date is the first day."""
    date = bank.plan_date
    morning = look(shop, policy, bank, past)
    options = all_options(morning, days, progress)
    choice = choose_options([own.cost_fen for own in options], [own.worth.gain for own in options], budget_fen)
    return TestDesign(
        shop=shop.shop.name,
        date=date,
        days=days,
        budget_fen=budget_fen,
        price=morning.price,
        tests=_tests(morning, options, choice.options, days),
        untested=tuple(cell for cell, option in zip(shop.grid, choice.options, strict=True) if not option),
        gain_fen=round(choice.gain * 100),
        bound_fen=round(choice.bound * 100),
        equal_gain_fen=round(equal_levels_gain(morning, budget_fen, days) * 100),
        seed=shop.shop.seed,
    )


def _tests(morning: Morning, options: Sequence[CellOptions], chosen: Sequence[int], days: int) -> tuple[CellTest, ...]:
    """The cells under test with their days drawn, most worth first."""
    levels = [
        np.repeat(own.levels_fen, own.counts[option]).tolist() for own, option in zip(options, chosen, strict=True)
    ]
    schedule = draw_schedule(
        levels, days, np.random.default_rng([morning.shop.shop.seed, morning.bank.plan_date.toordinal()])
    )
    tests = [
        _cell_test(morning, index, options[index], option, tuple(schedule[index].tolist()))
        for index, option in enumerate(chosen)
        if option
    ]
    return tuple(sorted(tests, key=lambda test: (-test.gain_fen, test.cell)))


def _cell_test(morning: Morning, index: int, own: CellOptions, option: int, schedule: tuple[int, ...]) -> CellTest:
    """One cell's test in full."""
    draws, days = morning.draws[index], [day for day in schedule if day]
    column = {level: at for at, level in enumerate(own.levels_fen)}
    mean = draws.orders_at_levels.mean(axis=0)
    pays = draws.net[:, own.judged] > 0
    return CellTest(
        cell=morning.shop.grid[index],
        schedule_fen=schedule,
        gain_fen=round(float(own.worth.gain[option]) * 100),
        expected_net_fen=round(float(own.expected_net @ own.counts[option]) * 100),
        change=float(own.worth.change[option]),
        power=float(own.worth.clear[option]),
        stop_fen=stop_spend_fen(draws.orders_at_levels[pays][:, [column[day] for day in days]], days, draws.size),
        tested_fen=morning.past[index].tested_fen,
        mean_orders=tuple(float(mean[column[level]]) if level else 0.0 for level in schedule),
    )


def stop_spend_fen(orders: Floats, days_fen: Sequence[int], size: float) -> int:
    """Spend without an order that hardly any cell worth its money reaches; all of ``days_fen`` where there is none.

    A level of an S-shaped cell may rightly sell nothing, so the line is drawn on the curves under which the cell pays,
    not on a return: P(0 orders) = E[prod_t (1 + m_t s_t / k)^-k] = 5 %, s_t the share of day t's level spent so far.

    >>> stop_spend_fen(np.array([[10.0]]), [500_00], 1e9) // 100  # 50 yuan an order: 3.0 orders' worth
    149

    Args:
        orders: Expected orders of each day under each paying draw, (d, T).
        days_fen: The days' levels in order, (T,).
        size: Negative-binomial size of a day's orders.
    """
    levels, total = np.array(days_fen), sum(days_fen)
    before = np.cumsum(levels) - levels

    def silent(spend: float) -> float:
        share = np.clip((spend - before) / levels, 0.0, 1.0)
        return float(np.exp(-size * np.log1p(orders * share / size).sum(axis=1)).mean())

    if not len(orders) or silent(total) > STOP_CHANCE:
        return total
    return round(float(brentq(lambda spend: silent(spend) - STOP_CHANCE, 0.0, total, xtol=0.1)))
