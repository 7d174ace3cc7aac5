"""What a small shop gains when it is fitted among the shops of its category: next day's net on the true curves.

A small shop has 12 cells and three days of its operator's tests: fewer than 50 orders in total (shops with more are
left out). Its teachers are 40 shops of 48 cells and 30 days. Curves fitted alone and in the category are allocated by
the engine under the shop's limits, without caps on raises, which would hide what curves are worth; the clairvoyant does
the same on the true curves. Shares are sums of net over all shops; intervals are a paired bootstrap over shops.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial

import numpy as np

from adspend.day import known_report, prior_of
from adspend.market_shop import market_shop
from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.clairvoyant import Clairvoyant, executed
from adspend.strategies.curve_plan import best_budgets
from adspend.strategies.posterior import mean_curves
from adspend.strategies.rules import open_ranges
from adspend_datasets.report import TrafficReport
from adspend_models.bank import Floats
from adspend_models.category_prior import Lesson, learn_category, take_lesson
from adspend_models.fit import fit_curves
from adspend_models.market.case import MarketCase
from adspend_models.market.day import Day
from adspend_models.market.day_report import report_of
from adspend_models.market.families import concave, sparse
from adspend_models.market.operator_rule import run
from adspend_models.prior import CategoryPrior
from benchmarks.batch.make_shops import operator_of

TEACHERS, TEACHER_DAYS, FIRST_TEACHER = 40, 30, 100_000
SMALL_SEGMENTS, SMALL_SLOTS, SMALL_DAYS, MOST_ORDERS = 3, 4, 3, 50
DRAWS, RESAMPLES = 200, 4_000

Family = Callable[..., MarketCase]


def batch_pooling(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row per kind of teachers: share of the clairvoyant alone and pooled, and the gain with its 95 % interval."""
    shops, teachers = (10, 4) if smoke else (300, TEACHERS)
    return [
        _row("of the same category", sparse, sparse, shops, teachers),
        _row("of another kind (concave, cheap goods)", sparse, concave, shops, teachers),
    ]


def _row(label: str, family: Family, teacher: Family, shops: int, teachers: int) -> dict[str, str | int | float]:
    category = learn_category([_lesson(teacher(FIRST_TEACHER + number)) for number in range(teachers)])
    found = [score for number in range(shops) if (score := _scores(family, number, category)) is not None]
    orders, best, alone, pooled = np.array(found).T
    low, high = _interval(best, alone, pooled)
    return {
        "teachers": label,
        "small shops": len(found),
        "orders a shop": round(float(orders.mean()), 1),
        "alone, % of clairvoyant": round(100 * float(alone.sum() / best.sum()), 1),
        "pooled, % of clairvoyant": round(100 * float(pooled.sum() / best.sum()), 1),
        "gain, points": round(100 * float((pooled - alone).sum() / best.sum()), 1),
        "95 % low": round(100 * low, 1),
        "95 % high": round(100 * high, 1),
    }


def _lesson(case: MarketCase) -> Lesson:
    shop, days, date = _lived(case, TEACHER_DAYS)
    known = known_report(shop, report_of(days, date), date)
    return take_lesson(known, shop.grid, plan_date=date, prior=prior_of(shop, known))


def _lived(case: MarketCase, days: int) -> tuple[Shop, tuple[Day, ...], datetime.date]:
    """The case's shop after so many days of its operator's own work."""
    past = run(case.world, operator_of(case, case.daily_budget * 100), first=case.first, days=days)
    return market_shop(case), past, case.first + datetime.timedelta(days=days)


def _scores(family: Family, number: int, category: CategoryPrior | None) -> tuple[float, float, float, float] | None:
    """Orders seen, and the next day's true net of the clairvoyant, alone and pooled; None with too many orders."""
    case = family(number, SMALL_SEGMENTS, SMALL_SLOTS)
    shop, days, date = _lived(case, SMALL_DAYS)
    orders = float(sum(day.orders.sum() for day in days))
    if orders >= MOST_ORDERS:
        return None
    known = known_report(shop, report_of(days, date), date)
    worth = partial(_net, case, shop, date, days)
    best = worth(Clairvoyant(case.world, shop).decide(date, days))
    alone, pooled = (worth(_planned(shop, known, date, days, prior)) for prior in (None, category))
    return orders, best, alone, pooled


def _planned(
    shop: Shop, known: TrafficReport, date: datetime.date, days: tuple[Day, ...], category: CategoryPrior | None
) -> Ints:
    rng = np.random.default_rng(shop.shop.seed)
    bank = fit_curves(known, shop.grid, plan_date=date, prior=prior_of(shop, known, category), rng=rng, draws=DRAWS)
    return best_budgets(shop, mean_curves(shop, bank), open_ranges(shop, executed(days, len(shop.grid))))


def _net(case: MarketCase, shop: Shop, date: datetime.date, days: tuple[Day, ...], budget_fen: Ints) -> float:
    truth, cost = case.world.truth, np.asarray(budget_fen) / 100
    value = truth.mean_orders(date, cost, days) * truth.order_value * shop.economics.net_value_rate
    return float((value - cost).sum())


def _interval(best: Floats, alone: Floats, pooled: Floats) -> tuple[float, float]:
    rng = np.random.default_rng(7)
    drawn = rng.integers(0, best.size, (RESAMPLES, best.size))
    gains = (pooled - alone)[drawn].sum(axis=1) / best[drawn].sum(axis=1)
    low, high = np.quantile(gains, (0.025, 0.975))
    return float(low), float(high)
