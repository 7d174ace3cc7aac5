"""Noise: orders against an inverse distribution function summed by hand, and moments within stated errors."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace

import numpy as np
import pytest

from adspend_datasets.cell import Cell
from adspend_models.market.delivery import UnderDelivered
from adspend_models.market.luck import uniforms
from adspend_models.market.noise import NoisyWorld
from adspend_models.market.truth import HillTruth
from adspend_models.market.world import Day

SEED = 11
FIRST = datetime.date(2026, 1, 1)
CELLS = (Cell("新客", "20:00-22:00"), Cell("老客", "20:00-22:00"), Cell("智能放量", "22:00-26:00"))
CEILING, HALF, SHAPE = (40.0, 12.0, 90.0), (1_500.0, 700.0, 2_500.0), (1.7, 1.0, 2.6)
BUDGET_FEN = np.array([80_000, 30_000, 250_000])
DISPERSION, CV = 6.0, 0.6
DAYS = 3_000
SIGMAS = 4.5  # a correct world fails one such check in 150,000 seeds; the seed is fixed


def world() -> NoisyWorld:
    truth = HillTruth(
        cells=CELLS,
        ceiling=np.array(CEILING),
        half_cost=np.array(HALF),
        shape=np.array(SHAPE),
        order_value=np.array([300.0, 360.0, 290.0]),
    )
    return NoisyWorld(
        truth=truth,
        seed=SEED,
        dispersion=DISPERSION,
        order_value_cv=CV,
        cpm=np.array([50.0, 60.0, 40.0]),
        ctr=np.array([0.04, 0.06, 0.03]),
        funnel_sd=0.1,
    )


def closed_form() -> list[float]:
    """Mean orders at the budgets, from the formula with plain floats."""
    cost = (800.0, 300.0, 2_500.0)
    cells = zip(cost, CEILING, HALF, SHAPE, strict=True)
    return [top * x**a / (x**a + half**a) for x, top, half, a in cells]


@pytest.fixture(scope="module")
def days() -> list[Day]:
    noisy = world()
    return [noisy.day(FIRST + datetime.timedelta(days=k), BUDGET_FEN) for k in range(DAYS)]


def test_mean_orders_are_the_closed_form(days: list[Day]) -> None:
    """The error of the mean of n days is sqrt((mu + mu^2 / k) / n)."""
    orders = np.array([day.orders for day in days])
    for i, mean in enumerate(closed_form()):
        error = math.sqrt((mean + mean**2 / DISPERSION) / DAYS)
        got = orders[:, i].mean()
        assert abs(got - mean) < SIGMAS * error, f"{CELLS[i].label}: want {mean:.3f}, got {got:.3f} +- {error:.3f}"


def test_orders_vary_as_a_negative_binomial(days: list[Day]) -> None:
    """Var = mu + mu^2 / k within 15 %; Poisson orders would miss it by 40 to 85 % in these cells."""
    orders = np.array([day.orders for day in days])
    for i, mean in enumerate(closed_form()):
        assert orders[:, i].var() == pytest.approx(mean + mean**2 / DISPERSION, rel=0.15)


def test_order_values_have_the_stated_mean_and_spread(days: list[Day]) -> None:
    for i, value in enumerate(world().truth.order_value):
        yuan = np.concatenate([day.order_fen[i] for day in days]) / 100
        assert abs(yuan.mean() - value) < SIGMAS * CV * value / math.sqrt(yuan.size)
        assert np.std(np.log(yuan)) == pytest.approx(math.sqrt(math.log(1 + CV**2)), rel=0.05)


def test_the_funnel_has_the_stated_prices(days: list[Day]) -> None:
    """Medians: 1000 cost / CPM impressions, and CTR clicks per impression."""
    shown = np.median([day.impressions for day in days], axis=0)
    assert shown.tolist() == pytest.approx([16_000, 5_000, 62_500], rel=0.02)
    clicks = np.median([day.clicks / day.impressions for day in days], axis=0)
    assert clicks.tolist() == pytest.approx([0.04, 0.06, 0.03], rel=0.02)


def smallest_count(luck: float, mean: float) -> int:
    """The least n with P(N <= n) >= luck, the probabilities summed one by one."""
    k, total, n = DISPERSION, 0.0, 0
    while True:
        log_p = math.lgamma(n + k) - math.lgamma(k) - math.lgamma(n + 1)
        total += math.exp(log_p + k * math.log(k / (k + mean)) + n * math.log(mean / (k + mean)))
        if total >= luck:
            return n
        n += 1


def test_orders_are_the_inverse_distribution_function_of_the_luck(days: list[Day]) -> None:
    """Summed by hand day by day: any other use of the luck would break common random numbers."""
    for day in days[:60]:
        luck = [uniforms(3, seed=SEED, effect="day", cell=cell, date=day.date)[0] for cell in CELLS]
        want = [smallest_count(float(u), mean) for u, mean in zip(luck, closed_form(), strict=True)]
        assert day.orders.tolist() == want, f"{day.date}: want {want}, got {day.orders}"


def test_the_oracle_itself_on_a_case_done_by_hand() -> None:
    """Dispersion 6, mean 6: P(0) = 2^-6 = 0.015625, P(1) = 6 * 2^-7 = 0.046875, so 0.0625 is the step from 1 to 2."""
    assert [smallest_count(u, 6.0) for u in (0.0156, 0.0157, 0.0624, 0.0626)] == [0, 1, 1, 2]


def test_delivery_spends_the_stated_share_on_average() -> None:
    """U^(1/a) is Beta(a, 1): mean a / (a + 1), variance a / ((a + 1)^2 (a + 2))."""
    share, n = 0.9, 1_500
    delivered = UnderDelivered(world=world(), seed=SEED, share=share)
    dates = [FIRST + datetime.timedelta(days=k) for k in range(n)]
    got = np.array([delivered.day(date, BUDGET_FEN).cost_fen / BUDGET_FEN for date in dates])
    a = share / (1 - share)
    error = math.sqrt(a / ((a + 1) ** 2 * (a + 2)) / n)
    assert np.all(abs(got.mean(axis=0) - share) < SIGMAS * error), f"{got.mean(axis=0)} +- {error}"
    assert delivered.truth.cells == CELLS


def test_a_world_without_refunds_does_not_know_them(days: list[Day]) -> None:
    assert days[0].refund_fen(within_days=14) is None


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_impossible_deliveries_are_refused(share: float) -> None:
    with pytest.raises(ValueError, match=f"`0 < share < 1` must hold, but got {share}"):
        UnderDelivered(world=world(), seed=SEED, share=share)


def test_impossible_spreads_are_refused() -> None:
    good = world()
    with pytest.raises(ValueError, match="`dispersion` must be above 0, but got 0"):
        replace(good, dispersion=0)
    with pytest.raises(ValueError, match="`order_value_cv` must be above 0, but got -1"):
        replace(good, order_value_cv=-1)
    with pytest.raises(ValueError, match=r"`ctr` must have one entry per cell, but got \(1,\)"):
        replace(good, ctr=np.ones(1))
