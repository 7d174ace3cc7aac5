"""The sample shop (示例店铺): one invented livestream room, its 36 true curves and its luck.

Every number here is an assumption of the simulation, chosen so that a plan is interesting: at the break-even ROI of
about 3.5 some cells earn well, some lose, and the broad audiences pay only above a spend that timid tests never
reach (S-shape). Only what is marked [room] was reported by a real room (one dashboard's settings: order value 329
yuan, refund rate 46 %, about 1,800 yuan an hour, live from 06:00 to 02:00). Nothing here was fitted to a real shop.

A cell's curve is stated by the cost at which it brings half of its ceiling (half-saturation), its ROI at that cost,
and its shape. Where the shape is 1 a small spend earns up to twice that ROI; where it is 2 or more that ROI is about
the best the cell can do, and a small spend earns next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from adspend_datasets.cell import ALL, Cell
from adspend_models.market.delivery import UnderDelivered
from adspend_models.market.luck import Floats, uniforms
from adspend_models.market.noise import NoisyWorld
from adspend_models.market.refunds import Refunded
from adspend_models.market.truth import HillTruth
from adspend_models.market.weekday import WeekdayTruth
from adspend_models.market.world import World

REFUND_RATE = 0.46  # [room]
CELL_SD = 0.18  # of the logarithm of a cell's own part of its ROI and of its half-saturation cost
# Monday first, mean 1: weekends a little stronger. An assumption.
WEEKDAY_FACTORS = (0.95, 0.94, 0.96, 0.98, 1.03, 1.09, 1.05)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A segment: half-saturation cost (yuan), ROI at it, Hill exponent, order value and CPM (yuan), CTR."""

    name: str
    roi: float
    half_cost: float
    shape: float
    order_value: float
    cpm: float
    ctr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A slot: factors on the segment's ROI, half-saturation cost and CPM."""

    name: str
    roi: float
    half_cost: float
    cpm: float


# Order values lie around the 329 yuan of [room]. Small warm audiences start high and saturate early (shape 1);
# the broad ones need volume before they convert (shape up to 2.6).
AUDIENCES = (
    Audience(name="新客", roi=4.2, half_cost=1900.0, shape=1.7, order_value=309.0, cpm=52.0, ctr=0.035),
    Audience(name="老客", roi=5.0, half_cost=900.0, shape=1.0, order_value=368.0, cpm=64.0, ctr=0.060),
    Audience(name="抖音号粉丝", roi=4.4, half_cost=600.0, shape=1.1, order_value=339.0, cpm=58.0, ctr=0.055),
    Audience(name="达人相似", roi=4.1, half_cost=1500.0, shape=1.4, order_value=329.0, cpm=48.0, ctr=0.040),
    Audience(name="行为兴趣", roi=3.0, half_cost=1200.0, shape=1.3, order_value=319.0, cpm=45.0, ctr=0.032),
    Audience(name="智能放量", roi=4.4, half_cost=2400.0, shape=2.6, order_value=299.0, cpm=38.0, ctr=0.028),
)
HOURS = (
    Hours(name="08:00-10:00", roi=0.72, half_cost=0.60, cpm=0.85),
    Hours(name="10:00-12:00", roi=0.86, half_cost=0.75, cpm=0.95),
    Hours(name="12:00-14:00", roi=1.00, half_cost=0.85, cpm=1.00),
    Hours(name="18:00-20:00", roi=1.05, half_cost=1.00, cpm=1.08),
    Hours(name="20:00-22:00", roi=1.25, half_cost=1.40, cpm=1.20),
    Hours(name="22:00-26:00", roi=1.00, half_cost=1.15, cpm=0.95),
)
SEGMENTS = tuple(audience.name for audience in AUDIENCES)
SLOTS = tuple(hours.name for hours in HOURS)


def sample_truth(seed: int) -> WeekdayTruth:
    """The true curves of the room's 36 cells, segments outermost."""
    pairs = [(audience, hours) for audience in AUDIENCES for hours in HOURS]
    cells = tuple(Cell(audience.name, hours.name) for audience, hours in pairs)
    own = np.exp(CELL_SD * ndtri(np.stack([uniforms(2, seed=seed, effect="truth", cell=cell) for cell in cells])))
    roi = np.array([audience.roi * hours.roi for audience, hours in pairs]) * own[:, 0]
    half = np.array([audience.half_cost * hours.half_cost for audience, hours in pairs]) * own[:, 1]
    shape = np.array([audience.shape for audience, _ in pairs])
    value = np.array([audience.order_value for audience, _ in pairs])
    return WeekdayTruth(truth=_hill_truth(cells, roi, half, shape, value), factors=WEEKDAY_FACTORS)


def sample_world(seed: int) -> World:
    """The room as a world: noisy orders, budgets not quite spent, refunds that arrive late."""
    cpm = np.array([audience.cpm * hours.cpm for audience in AUDIENCES for hours in HOURS])
    ctr = np.array([audience.ctr for audience in AUDIENCES for _ in HOURS])
    return _with_luck(sample_truth(seed), seed, cpm, ctr)


def uni_world(seed: int) -> World:
    """A second, smaller room on 全域推广: one plan for everybody, no segment and no slot."""
    cells = (Cell(ALL, ALL),)
    roi, half, shape, value = (np.array([number]) for number in (4.6, 9_000.0, 1.3, 329.0))
    truth = WeekdayTruth(truth=_hill_truth(cells, roi, half, shape, value), factors=WEEKDAY_FACTORS)
    return _with_luck(truth, seed, np.array([50.0]), np.array([0.04]))


def _hill_truth(cells: tuple[Cell, ...], roi: Floats, half: Floats, shape: Floats, value: Floats) -> HillTruth:
    ceiling = 2 * roi * half / value  # half of the ceiling is what it brings at the half-saturation cost
    return HillTruth(cells=cells, ceiling=ceiling, half_cost=half, shape=shape, order_value=value)


def _with_luck(truth: WeekdayTruth, seed: int, cpm: Floats, ctr: Floats) -> World:
    noisy = NoisyWorld(
        truth=truth,
        seed=seed,
        dispersion=12.0,
        order_value_cv=0.6,
        cpm=cpm,
        ctr=ctr,
        funnel_sd=0.08,
    )
    # A mean delivery of 96 %: an operator's plans usually spend most of a modest budget.
    delivered = UnderDelivered(world=noisy, seed=seed, share=0.96)
    # A quarter of the outstanding refunds arrives each day: by day 7, 1 - 0.75^8 = 90 % have come; by day 14, 99 %.
    return Refunded(world=delivered, seed=seed, rate=REFUND_RATE, daily=0.25)
