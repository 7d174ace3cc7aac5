"""Presets at the trade's own scales: single days of 10万 and 100万 GMV, and a month of 2亿 with one day of 1800万.

A Hill shop is scaled exactly: ceilings and half-saturation costs times s at s times the budget give s times the
orders at the same ROI. So each preset states the GMV expected at an even split of its budget, and s follows.

    peak day / mean day = 1800万 / (2亿 / 30) = 2.7

so 1800万 is a peak, never the daily level. With c_d the conversion of day d and h(q) = GMV(B / q) / GMV(B) what a cost
multiplier q leaves at an even split, S the sum of c_d h(q_d) over the other 29 days and p = c h(q) of the peak:

    30 p / (S + p) = 2.7   =>   p = 2.7 S / 27.3,   c = p / h(q),   GMV of a normal day = 2亿 / (S + p)
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np

from adspend_models.market.case import MarketCase
from adspend_models.market.delivery import UnderDelivered
from adspend_models.market.families import FIRST, REFUND_DAILY, REFUND_RATE
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar, FestivalTruth, sale
from adspend_models.market.random_shop import ShopStyle, grid, lucky_world, random_truth
from adspend_models.market.refunds import Refunded
from adspend_models.market.truth import HillTruth

MONTH_GMV = 200_000_000.0  # yuan: 2亿
PEAK_GMV = 18_000_000.0  # yuan: 1800万
MONTH_DAYS = 30
TEN_DAYS = datetime.timedelta(days=10)  # the peak comes about ten days after the cold start
SPEND_SHARE = 0.25  # of GMV at an even split: an ROI of 4, near break-even


def preset_100k(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """A first success: 10万 GMV on an even day."""
    return _case("preset_100k", seed, _scaled(seed, segments, slots, 1e5), 1e5, NO_FESTIVAL)


def preset_1m(seed: int, segments: int = 12, slots: int = 8) -> MarketCase:
    """Ten times that: 单日百万."""
    return _case("preset_1m", seed, _scaled(seed, segments, slots, 1e6), 1e6, NO_FESTIVAL)


def preset_18m(seed: int, segments: int = 12, slots: int = 8) -> MarketCase:
    """A month of 2亿 whose one burst day makes 1800万, 2.7 times the mean day, at an even split every day."""
    unit = _scaled(seed, segments, slots, 1.0)
    calendar = sale("年货节", FIRST + TEN_DAYS, days=1)
    burst = next(phase for phase in calendar.phases if phase.phase == "爆发")
    levels = [_level(unit, calendar, FIRST + datetime.timedelta(days=k)) for k in range(MONTH_DAYS)]
    peak = levels[TEN_DAYS.days]
    others = sum(levels) - peak
    ratio = PEAK_GMV / (MONTH_GMV / MONTH_DAYS)
    wanted = ratio * others / (MONTH_DAYS - ratio)
    raised = replace(burst, conversion=burst.conversion * wanted / peak)
    calendar = FestivalCalendar(phases=tuple(raised if phase is burst else phase for phase in calendar.phases))
    normal = MONTH_GMV / (others + wanted)
    return _case("preset_18m", seed, _scaled(seed, segments, slots, normal), normal, calendar)


def even_gmv(case: MarketCase, date: datetime.date) -> float:
    """Expected GMV, yuan, of a date when the case's budget is split evenly and spent in full."""
    cost = np.full(len(case.cells), case.daily_budget / len(case.cells))
    return float(case.world.truth.mean_orders(date, cost) @ case.world.truth.order_value)


def _scaled(seed: int, segments: int, slots: int, gmv: float) -> HillTruth:
    """The seed's random shop, scaled in money and in level so that an even split of SPEND_SHARE * gmv brings gmv."""
    truth = random_truth(seed, grid(segments, slots), ShopStyle())
    n = len(truth.cells)
    scale = SPEND_SHARE * gmv / (n * 25_000 / 48)  # over the base families' budget
    sized = replace(truth, ceiling=truth.ceiling * scale, half_cost=truth.half_cost * scale)
    brought = float(sized.mean_orders(FIRST, np.full(n, SPEND_SHARE * gmv / n)) @ sized.order_value)
    return replace(sized, ceiling=sized.ceiling * gmv / brought)


def _level(unit: HillTruth, calendar: FestivalCalendar, date: datetime.date) -> float:
    """GMV of a date over a normal day's, at an even split, of a shop that makes 1 yuan a day."""
    n = len(unit.cells)
    truth = FestivalTruth(truth=unit, calendar=calendar)
    return float(truth.mean_orders(date, np.full(n, SPEND_SHARE / n)) @ unit.order_value)


def _case(name: str, seed: int, truth: HillTruth, gmv: float, calendar: FestivalCalendar) -> MarketCase:
    world = lucky_world(FestivalTruth(truth=truth, calendar=calendar), seed)
    delivered = UnderDelivered(world=world, seed=seed, share=0.96)
    budget = round(SPEND_SHARE * gmv)
    return MarketCase(
        name=name,
        seed=seed,
        world=Refunded(world=delivered, seed=seed, rate=REFUND_RATE, daily=REFUND_DAILY, calendar=calendar),
        first=FIRST,
        daily_budget=budget,
        refund_rate=REFUND_RATE,
        max=budget // 4,  # the base families' 6,000 of 25,000, rounded
        step=100,
        calendar=calendar,
    )
