"""Twins: a world drawn from a fitted bank gives reports from which the same bank can be fitted again."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from adspend_models.fit import fit_curves
from adspend_models.market.day import Day
from adspend_models.market.day_report import report_of
from adspend_models.market.families import stationary
from adspend_models.market.luck import Floats
from adspend_models.market.sample_shop import sample_world
from adspend_models.market.twin import twin_truth, twin_world
from adspend_models.market.world import World
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import Prior

CASE = stationary(2, 5, 4)
DAYS = 21
LEVELS = np.array([30_000, 80_000, 200_000, 120_000])


def month_of(world: World) -> list[Day]:
    """Three weeks in which every cell takes four levels in turn."""
    n, past = len(CASE.cells), []
    for number in range(DAYS):
        budget = LEVELS[(np.arange(n) + number) % 4]
        past.append(world.day(CASE.first + datetime.timedelta(days=number), budget, past))
    return past


def fitted(days: list[Day]) -> PosteriorBank:
    morning = days[-1].date + datetime.timedelta(days=1)
    prior = Prior(reference_cost=1_000.0, gmv_return=4.0, order_value=329.0)
    rng = np.random.default_rng(1)
    return fit_curves(report_of(days, morning), CASE.cells, plan_date=morning, prior=prior, rng=rng)


@pytest.fixture(scope="module")
def bank() -> PosteriorBank:
    return fitted(month_of(CASE.world))


def inner_costs(bank: PosteriorBank) -> Floats:
    """Costs inside the tested range, (n, 3)."""
    return np.outer(bank.fitted_max, [0.2, 0.5, 1.0])


def test_on_the_plan_date_a_twin_is_its_posterior_draw(bank: PosteriorBank) -> None:
    """Weekday factors taken out and put back: the draws themselves, by the bank's own evaluation."""
    draws = bank.order_draws(inner_costs(bank))
    for seed in (0, 3, 7, 7 + bank.draws):
        got = twin_truth(bank, seed).mean_orders(bank.plan_date, inner_costs(bank))
        assert got == pytest.approx(draws[seed % bank.draws], rel=1e-9)


def test_over_all_seeds_twins_average_to_the_mean_curve(bank: PosteriorBank) -> None:
    every = [twin_truth(bank, seed).mean_orders(bank.plan_date, inner_costs(bank)) for seed in range(bank.draws)]
    assert np.mean(every, axis=0) == pytest.approx(bank.mean_orders(inner_costs(bank)), rel=1e-9)
    low, high = np.quantile(bank.order_draws(inner_costs(bank)), (0.05, 0.95), axis=0)
    assert np.std(every, axis=0).max() > 0.2 * (high - low).max(), "twins differ as much as the posterior is unsure"


def test_other_weekdays_stand_in_the_fitted_proportion(bank: PosteriorBank) -> None:
    truth, cost = twin_truth(bank, 5), inner_costs(bank)
    week = [truth.mean_orders(bank.plan_date + datetime.timedelta(days=k), cost)[0, 0] for k in range(7)]
    fitted_week = np.roll(bank.hyper.weekday, -bank.plan_date.weekday())
    assert week / week[0] == pytest.approx(fitted_week / fitted_week[0])


def test_a_twin_s_month_is_fitted_back_within_the_bands(bank: PosteriorBank) -> None:
    """90 % bands of the refit hold the twin's true curves in at least 85 % of 180 places, three twins together.

    Thirty twins average 95 % (83 to 100 % each): a twin is a draw of the pooled posterior that the refit believes in.
    """
    inside = []
    for seed in (1, 2, 3):
        again = fitted(month_of(twin_world(bank, seed, refund_rate=CASE.refund_rate)))
        low, high = np.quantile(again.order_draws(inner_costs(bank)), (0.05, 0.95), axis=0)
        true = twin_truth(bank, seed).mean_orders(again.plan_date, inner_costs(bank))
        inside.append((low <= true) & (true <= high))
    assert np.mean(inside) >= 0.85, f"{np.mean(inside, axis=(1, 2))}"


def test_a_twin_has_the_shop_s_luck(bank: PosteriorBank) -> None:
    """Dispersion, order values and refund rate are the fitted or the given ones, and the same seed lives again."""
    world = twin_world(bank, 4, refund_rate=0.3)
    days = month_of(world)
    lags = np.concatenate([lag for day in days for lag in day.refund_lag or ()])
    assert (lags >= 0).mean() == pytest.approx(0.3, abs=4.5 * 0.46 / np.sqrt(lags.size))
    assert world.truth.order_value.tolist() == bank.order_value.tolist()
    again = month_of(twin_world(bank, 4, refund_rate=0.3))
    assert [day.orders.tolist() for day in days] == [day.orders.tolist() for day in again]


def test_the_sample_shop_has_a_twin_too() -> None:
    """A bank of all 36 cells under weekday swings gives a world that runs."""
    world = sample_world(3)
    cells, budget = world.truth.cells, np.full(36, 80_000)
    first = datetime.date(2026, 11, 1)
    days = [world.day(first + datetime.timedelta(days=k), budget + 20_000 * (k % 3)) for k in range(14)]
    morning = first + datetime.timedelta(days=14)
    prior = Prior(reference_cost=800.0, gmv_return=4.0, order_value=329.0)
    rng = np.random.default_rng(1)
    bank = fit_curves(report_of(days, morning), cells, plan_date=morning, prior=prior, rng=rng, draws=40)
    twin = twin_world(bank, 1, refund_rate=0.46).day(morning, budget)
    assert twin.cells == cells
    assert twin.orders.sum() > 0
