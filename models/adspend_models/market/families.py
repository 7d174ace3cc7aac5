"""World families (市场族): seeded shops of one kind, for strategies to be measured on.

A family is a function (seed, segments, slots) -> ``MarketCase``. The seed draws the shop and its luck, so ten seeds
are ten shops. Every family starts from ``random_shop`` and adds what its name says; budgets and capacities grow with
the number of cells. "stationary" is the plainest: Hill curves, negative binomial orders (k = 8), 25,000 yuan a day for
48 cells, each 0 or at least 300. All numbers are assumptions of the simulation.
"""

from __future__ import annotations

import datetime
from types import MappingProxyType
from typing import Protocol

import numpy as np

from adspend_models.market.case import MarketCase
from adspend_models.market.creative import CreativeDecay
from adspend_models.market.delivery import UnderDelivered
from adspend_models.market.drift import Drift
from adspend_models.market.fatigue import AudienceFatigue
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar, FestivalTruth, sale
from adspend_models.market.hosts import HostRota
from adspend_models.market.hours import HourProfile
from adspend_models.market.learning import LearningPhase
from adspend_models.market.overdelivery import OverDelivered
from adspend_models.market.products import PORTFOLIO, WithProducts
from adspend_models.market.random_shop import ShopStyle, grid, lucky_world, random_truth
from adspend_models.market.refunds import Refunded
from adspend_models.market.scaled import ScaledTruth
from adspend_models.market.seeding import SeedingTruth
from adspend_models.market.service import ServiceRating
from adspend_models.market.shock import DayShock
from adspend_models.market.snowball import SnowballTruth
from adspend_models.market.stock import StockedOut
from adspend_models.market.truth import Truth
from adspend_models.market.weekday import WeekdayTruth
from adspend_models.market.world import World

FIRST = datetime.date(2026, 6, 1)  # a Monday
BUDGET_A_CELL = 25_000 / 48  # yuan a day
REFUND_RATE = 0.46
REFUND_DAILY = 0.25  # of the refunds still to come
WEEK = (0.95, 0.94, 0.96, 0.98, 1.03, 1.09, 1.05)


class Family(Protocol):
    """Draws one shop of a kind."""

    def __call__(self, seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
        """The shop of this seed, segments x slots cells."""
        ...


def stationary(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """Nothing changes: every day is the same draw from the same curves."""
    return _case("stationary", seed, lucky_world(_base(seed, segments, slots), seed))


def concave(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """Returns fall from the first yuan in every cell."""
    return _case("concave", seed, lucky_world(_base(seed, segments, slots, ShopStyle(shape=(1.0, 1.0))), seed))


def s_shaped(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """Every cell needs volume before it pays; small tests see almost nothing."""
    style = ShopStyle(shape=(1.7, 3.0), roi=4.6, half_cost=1_800.0)
    return _case("s_shaped", seed, lucky_world(_base(seed, segments, slots, style), seed))


def sparse(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """Dear goods: an order or two per cell and day."""
    style = ShopStyle(order_value=1_900.0, order_value_sd=0.25)
    return _case("sparse", seed, lucky_world(_base(seed, segments, slots, style), seed))


def festival(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """A sale in the third week, known beforehand, and a weekday rhythm."""
    calendar = sale("618", FIRST + datetime.timedelta(days=17))
    truth = FestivalTruth(truth=WeekdayTruth(truth=_base(seed, segments, slots), factors=WEEK), calendar=calendar)
    return _case("festival", seed, lucky_world(truth, seed), calendar=calendar)


def snowball_and_seeding(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """A quarter of the orders comes later, and buyers become followers who come by themselves."""
    truth = _snowball(SeedingTruth(truth=_base(seed, segments, slots), later=0.25))
    return _case("snowball+seeding", seed, lucky_world(truth, seed))


def fatigue_and_decay(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """Audiences tire of what they see every day, creatives wear out within a week."""
    base = _base(seed, segments, slots)
    truth = _worn(ScaledTruth(truth=base, effect=CreativeDecay(cells=base.cells, floor=0.7), natural=False), slots)
    return _case("fatigue+decay", seed, lucky_world(truth, seed))


def service_and_stock(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """The hit product sells out, and too many orders overload the shop's service."""
    base = _base(seed, segments, slots)
    size = len(base.cells) / 48
    rating = ServiceRating(cells=base.cells, agents=max(round(4 * size), 1))
    sold = WithProducts(world=lucky_world(ScaledTruth(truth=base, effect=rating, natural=True), seed), seed=seed)
    stock = tuple(max(round(units * size), 1) for units in (150, 200, 120))
    world = StockedOut(world=sold, seed=seed, stock=stock)
    return _case("service+stock", seed, world, stock=stock)


def drift_and_hosts(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """Curves wander, and the host on air changes from day to day."""
    base = _base(seed, segments, slots)
    wandering = ScaledTruth(truth=base, effect=Drift(cells=base.cells, seed=seed), natural=True)
    truth = ScaledTruth(truth=wandering, effect=HostRota(cells=base.cells, seed=seed), natural=True)
    return _case("drift+host", seed, lucky_world(truth, seed))


def learning_and_delivery(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """New plans convert worse, budgets are rarely spent in full and sometimes overspent."""
    base = _base(seed, segments, slots)
    truth = ScaledTruth(truth=base, effect=LearningPhase(cells=base.cells), natural=False)
    under = UnderDelivered(world=lucky_world(truth, seed), seed=seed, share=0.88)
    return _case("learning+delivery", seed, OverDelivered(world=under, seed=seed))


def heavy_noise(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """Days scatter widely, all cells together, and a few orders carry much of the GMV."""
    base = _base(seed, segments, slots)
    truth = ScaledTruth(truth=base, effect=DayShock(cells=base.cells, seed=seed, sd=0.2), natural=True)
    return _case("heavy noise", seed, lucky_world(truth, seed, dispersion=2.0, order_value_cv=1.7))


def everything(seed: int, segments: int = 6, slots: int = 8) -> MarketCase:
    """An ordinary month with a little of every effect at once, but no shortage."""
    calendar = sale("618", FIRST + datetime.timedelta(days=17))
    # Seeding lies innermost: what was sown is bought under the conditions of the day it is bought.
    truth: Truth = SeedingTruth(truth=_base(seed, segments, slots), later=0.15)
    cells = truth.cells
    for effect, natural in (
        (HourProfile(cells=cells, weekend=1.1), True),
        (HostRota(cells=cells, seed=seed), True),
        (Drift(cells=cells, seed=seed, sd=0.1), True),
        (DayShock(cells=cells, seed=seed), True),
        (CreativeDecay(cells=cells, floor=0.8), False),
        (LearningPhase(cells=cells, floor=0.85), False),
    ):
        truth = ScaledTruth(truth=truth, effect=effect, natural=natural)
    truth = _snowball(FestivalTruth(truth=WeekdayTruth(truth=truth, factors=WEEK), calendar=calendar))
    world = UnderDelivered(world=lucky_world(truth, seed), seed=seed, share=0.96)
    return _case("everything", seed, world, calendar=calendar)


FAMILIES: MappingProxyType[str, Family] = MappingProxyType(
    {
        "stationary": stationary,
        "concave": concave,
        "s_shaped": s_shaped,
        "sparse": sparse,
        "festival": festival,
        "snowball+seeding": snowball_and_seeding,
        "fatigue+decay": fatigue_and_decay,
        "service+stock": service_and_stock,
        "drift+host": drift_and_hosts,
        "learning+delivery": learning_and_delivery,
        "heavy noise": heavy_noise,
        "everything": everything,
    }
)


def _base(seed: int, segments: int, slots: int, style: ShopStyle | None = None) -> Truth:
    return random_truth(seed, grid(segments, slots), style or ShopStyle())


def _snowball(truth: Truth) -> SnowballTruth:
    """At the base shop's 500 paid orders a day the stock tends to 2,500 followers, who bring 100 orders a day."""
    n = len(truth.cells)
    share = np.full(n, 1 / n)
    return SnowballTruth(truth=truth, share=share, followers=0.5, keep=0.9, reach=0.04, lift=0.3, half=2_500.0 * n / 48)


def _worn(truth: Truth, slots: int) -> ScaledTruth:
    """Spent evenly every day, a segment's stock is 3.3 days of its money and its response falls to 0.86."""
    capacity = np.full(len(truth.cells), 20 * BUDGET_A_CELL * slots)
    effect = AudienceFatigue(cells=truth.cells, capacity=capacity)
    return ScaledTruth(truth=truth, effect=effect, natural=False)


def _case(
    name: str,
    seed: int,
    world: World,
    *,
    calendar: FestivalCalendar = NO_FESTIVAL,
    stock: tuple[int, ...] = (),
) -> MarketCase:
    budget = round(BUDGET_A_CELL * len(world.truth.cells) / 100) * 100
    return MarketCase(
        name=name,
        seed=seed,
        world=Refunded(world=world, seed=seed, rate=REFUND_RATE, daily=REFUND_DAILY, calendar=calendar),
        first=FIRST,
        daily_budget=budget,
        refund_rate=REFUND_RATE,
        calendar=calendar,
        products=PORTFOLIO if stock else (),
        stock=stock,
    )
