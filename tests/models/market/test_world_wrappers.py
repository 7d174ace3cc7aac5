"""Wrappers of worlds: over-delivery, products, stock and natural orders against formulas and one-by-one simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import nbinom

from adspend_models.market.day import Day
from adspend_models.market.festival import sale
from adspend_models.market.luck import uniforms
from adspend_models.market.overdelivery import OverDelivered
from adspend_models.market.products import PORTFOLIO, Product, WithProducts
from adspend_models.market.random_shop import ShopStyle, grid, lucky_world, random_truth
from adspend_models.market.refunds import Refunded
from adspend_models.market.snowball import SnowballTruth
from adspend_models.market.stock import StockedOut
from oracles.made_days import day_number, made_day

CELLS = grid(2, 3)
BUDGET = np.array([150_000, 90_000, 0, 200_000, 30_000, 120_000])
BASE = lucky_world(random_truth(5, CELLS, ShopStyle(shape=(1.0, 1.0))), 5)
SIGMAS = 4.5  # a correct world fails one such check in 150,000 seeds; the seed is fixed


def days_of(world: OverDelivered | WithProducts | Refunded, count: int) -> list[Day]:
    return [world.day(day_number(k), BUDGET) for k in range(count)]


def test_overspending_follows_the_keyed_luck() -> None:
    """Luck 0.9 with chance 0.2 is half of the way: 5 % over of at most 10 %; luck under 0.8 spends the budget."""
    days = days_of(OverDelivered(world=BASE, seed=5, chance=0.2, most=0.1), 50)
    for day in days:
        luck = [uniforms(1, seed=5, effect="over-delivery", cell=cell, date=day.date)[0] for cell in CELLS]
        want = [int(b * (1 + 0.1 * max(0.0, (u - 0.8) / 0.2))) for b, u in zip(BUDGET.tolist(), luck, strict=True)]
        assert day.cost_fen.tolist() == want
        assert day.budget_fen.tolist() == BUDGET.tolist()
    over = np.array([day.cost_fen > day.budget_fen for day in days])[:, BUDGET > 0]
    assert abs(over.mean() - 0.2) < SIGMAS * math.sqrt(0.16 / over.size)


def test_products_keep_their_shares_and_the_mean_order_value() -> None:
    """Shares within binomial error; the prices average 1, so a world's GMV stays what its truth says."""
    sold = days_of(WithProducts(world=BASE, seed=5), 200)
    product = np.concatenate([p for day in sold for p in day.product or ()])
    for index, one in enumerate(PORTFOLIO):
        error = math.sqrt(one.share * (1 - one.share) / product.size)
        assert abs((product == index).mean() - one.share) < SIGMAS * error
    plain = sum(int(day.gmv_fen.sum()) for day in days_of(WithProducts(world=BASE, seed=5, products=(ONE,)), 200))
    assert sum(int(day.gmv_fen.sum()) for day in sold) == pytest.approx(
        plain, rel=SIGMAS * 0.8 / math.sqrt(product.size)
    )


ONE = Product(name="全部", role="hit", share=1.0, price=1.0)


def test_one_product_at_the_mean_price_changes_no_order() -> None:
    got, want = (
        WithProducts(world=BASE, seed=5, products=(ONE,)).day(day_number(0), BUDGET),
        BASE.day(day_number(0), BUDGET),
    )
    assert [values.tolist() for values in got.order_fen] == [values.tolist() for values in want.order_fen]


def test_prices_that_would_move_the_mean_are_refused() -> None:
    with pytest.raises(ValueError, match="average a price of 1, but got 1 and 2"):
        WithProducts(world=BASE, seed=5, products=(Product(name="贵", role="hit", share=1.0, price=2.0),))


def test_stock_goes_to_the_orders_that_come_first() -> None:
    """Every order is sold one by one at its moment until its product has run out."""
    inner = Refunded(world=WithProducts(world=BASE, seed=5), seed=5, rate=0.4, daily=0.3)
    stock = (3, 6, 2)
    for number in range(20):
        day, got = (
            inner.day(day_number(number), BUDGET),
            StockedOut(world=inner, seed=5, stock=stock).day(day_number(number), BUDGET),
        )
        assert day.product is not None
        queue = []
        for i, cell in enumerate(CELLS):
            start = int(cell.slot[:2]) * 60
            luck = uniforms(len(day.order_fen[i]), seed=5, effect="arrival", cell=cell, date=day.date)
            queue += [(start + 120 * u, i, j, day.product[i][j]) for j, u in enumerate(luck)]
        left, kept = list(stock), [[] for _ in CELLS]
        for _, i, j, p in sorted(queue):
            if left[p] > 0:
                left[p] -= 1
                kept[i].append(j)
        for i, places in enumerate(kept):
            assert got.order_fen[i].tolist() == day.order_fen[i][sorted(places)].tolist()
            assert got.refund_lag is not None
            assert got.refund_lag[i].size == got.order_fen[i].size
        assert got.cost_fen.tolist() == day.cost_fen.tolist(), "the traffic was paid for all the same"


def test_without_products_all_orders_share_one_stock() -> None:
    assert StockedOut(world=BASE, seed=5, stock=(7,)).day(day_number(0), BUDGET).orders.sum() == 7


def test_orders_are_drawn_from_what_cost_and_what_followers_bring() -> None:
    """One inverse distribution function of the sum: a paused cell sells to followers."""
    share = np.full(6, 1 / 6)
    rolled = SnowballTruth(truth=BASE.truth, share=share, followers=2, keep=0.5, reach=0.2, lift=0, half=1)
    world = lucky_world(rolled, 5)
    past = [made_day(0, CELLS, [0] * 6, [300] * 6)]  # 3,600 followers bring 120 orders to each cell
    mean = BASE.truth.mean_orders(day_number(1), BUDGET / 100) + 120
    day = world.day(day_number(1), BUDGET, past)
    luck = [uniforms(3, seed=5, effect="day", cell=cell, date=day.date)[0] for cell in CELLS]
    assert day.orders.tolist() == nbinom.ppf(luck, 8, 8 / (8 + mean)).tolist()
    assert day.orders[2] > 0
    assert day.cost_fen[2] == 0


def test_more_comes_back_after_a_burst() -> None:
    """Rate 0.4 on a normal day, 0.46 on a burst day, each within binomial error over 40 shops' worth of orders."""
    world = Refunded(world=BASE, seed=5, rate=0.4, daily=0.5, calendar=sale("618", day_number(0), days=300))
    lags = np.concatenate([lag for day in days_of(world, 300) for lag in day.refund_lag or ()])
    assert world.rate_on(day_number(-8)) == 0.4
    assert world.rate_on(day_number(5)) == pytest.approx(0.46)
    assert abs((lags >= 0).mean() - 0.46) < SIGMAS * math.sqrt(0.46 * 0.54 / lags.size)
    with pytest.raises(ValueError, match=r"in every festival phase, but the rate is 0\.9"):
        Refunded(world=BASE, seed=5, rate=0.9, daily=0.5, calendar=sale("618", day_number(0)))
