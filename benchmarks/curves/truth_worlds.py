"""Worlds of known truth: forty cells' true curves, and the days of a test or a history that a method may see.

| scenario | true curves | what is seen | orders of the median cell in all |
|---|---|---|---|
| 1 level, 20 orders | emax | one day at the even split | 20 |
| 3 levels, 5 orders | emax | a day each at 0.3, 1 and 3 even splits | 5 |
| 3 levels x 3 days, 5 orders | emax | three days each | 5 |
| 3 levels x 3 days, 20 orders | emax | three days each | 20 |
| sparse, 3 levels, 1 order | emax | a day each | 1 |
| S-shaped; threshold; logistic in cost; power law; fatigue; mixture | see ``truth_curves`` | 3 levels x 3 days | 20 |
| over-dispersed | emax | 3 levels x 3 days, counts of size 1 | 20 |
| heavy-tailed order values | emax | 3 levels x 3 days; value is GMV | 20 |
| day shocks, 9 days; 21 days | emax | levels in each cell's own order; a day moves all cells, log-sd 0.3 | 20; 47 |
| 8 cells never tried | emax | 3 levels x 3 days in the other 32, which share the budget | 20 |
| confounded history | emax | 30 days; money follows demand the fit cannot see | 90 |
| confounded, 3 test days | emax | the same, then 3 days of random levels tagged "test" | 90 |

Counts are negative binomial of size 5. An order is worth 80 yuan; in the heavy-tailed scenario a cell's typical order
is worth 80 e^0.13z, single orders scatter with CV 3 (log-normal), and one in 500 is worth 100 times as much.

Demand of the confounded worlds, log scale: a shock of the day with sd 0.3 and one of the cell and day with sd 0.4, so
sd 0.5 in all; a cell's cost is its habit times demand times e^0.3z. Within a cell, log cost and log demand correlate by
0.5 / sqrt(0.5^2 + 0.3^2) = 0.86, and the slope of log demand in log cost is 0.25 / 0.34 = 0.74: that much elasticity is
not the ads'. The planned day is an average day.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.report import COLUMNS, TrafficReport
from adspend_models.prior import Prior
from benchmarks.curves.design_markets import CELLS, EVEN
from benchmarks.curves.truth_curves import (
    Curve,
    Family,
    emax,
    fatigue,
    logistic,
    mixture,
    power,
    s_shaped,
    scaled,
    threshold,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FIRST = datetime.date(2026, 6, 1)
GRID_OF_CELLS = tuple(Cell(f"s{i}", f"t{j}") for i in range(5) for j in range(8))
LEVELS = (0.3, 1.0, 3.0)  # even splits
ORDER_VALUE = 80.0  # yuan
SIZE = 5.0
DAY_SHOCK = 0.3
HISTORY_DAYS, HISTORY_ORDERS = 30, 3.0  # orders a day of the median cell at the even split
COMMON_DEMAND, OWN_DEMAND, COST_NOISE, HABIT = 0.3, 0.4, 0.3, 0.5  # log-sds
CELL_VALUE, ORDER_CV, RARE, RARE_TIMES = 0.13, 3.0, 0.002, 100.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What a method may see: days as arrays (n, T); a cost of 0 is a day the cell did not run."""

    cost: Floats  # yuan
    orders: Ints
    gmv: Floats  # yuan
    test: Bools  # tagged as a randomised test
    prior: Prior

    @property
    def tried(self) -> Bools:
        """Cells that ever ran, (n,)."""
        return self.cost.any(axis=1)

    @property
    def plan_date(self) -> datetime.date:
        """The day after."""
        return FIRST + datetime.timedelta(days=self.cost.shape[1])

    def report(self) -> TrafficReport:
        """The same as a traffic report."""
        cell, day = np.nonzero(self.cost)
        frame = pd.DataFrame({"date": pd.Timestamp(FIRST) + pd.to_timedelta(day, unit="D")}, columns=list(COLUMNS))
        frame["segment"] = [GRID_OF_CELLS[i].segment for i in cell]
        frame["slot"] = [GRID_OF_CELLS[i].slot for i in cell]
        frame["cost_fen"] = np.rint(self.cost[cell, day] * 100).astype(np.int64)
        frame["orders"] = self.orders[cell, day]
        frame["gmv_fen"] = np.rint(self.gmv[cell, day] * 100).astype(np.int64)
        for name in ("lever", "shop", "plan_id", "product"):
            frame[name] = ""
        frame["phase"] = np.where(self.test[cell, day], "test", "")
        frame["basis"] = "direct"
        whole = ("cost_fen", "impressions", "clicks", "orders", "gmv_fen", "refund_fen")
        return TrafficReport(frame.astype(dict.fromkeys(whole, "Int64")))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """The truth: expected ``orders`` of an average day, GMV per order (n,), log demand (n, T), and what was seen."""

    orders: Curve
    order_value: Floats
    demand: Floats
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A name, how to draw a world, and in how many worlds it is measured."""

    name: str
    draw: Callable[[np.random.Generator], World]
    worlds: int = 20


def draw_world(scenario: Scenario, seed: int) -> World:
    """The scenario's world of one seed; scenarios share their seeds, so that emax worlds share their curves."""
    return scenario.draw(np.random.default_rng([29, seed]))


def after_a_test(
    rng: np.random.Generator,
    *,
    family: Family = emax,
    days: int = 9,
    levels: tuple[float, ...] = LEVELS,
    orders: float = 20.0,
    size: float = SIZE,
    day_shock: float = 0.0,
    heavy: bool = False,
    tried: int = CELLS,
) -> World:
    """A test at ``levels`` in turn, of which the median cell brings ``orders`` in all."""
    cost = np.tile(EVEN * np.resize(levels, days), (CELLS, 1))
    curve = scaled(family(rng), cost, orders)
    if day_shock:
        cost = rng.permuted(cost, axis=1)
    cost[rng.permutation(CELLS)[tried:]] = 0.0
    demand = np.tile(day_shock * rng.standard_normal(days), (CELLS, 1))
    return _sell(rng, curve, cost, demand, variance=day_shock**2, size=size, heavy=heavy)


def after_a_history(rng: np.random.Generator, *, test_days: int = 0) -> World:
    """A history in which money follows demand; then ``test_days`` (of 0 or 3) whose levels are drawn by lot."""
    curve = scaled(emax(rng), np.full((CELLS, 1), EVEN), HISTORY_ORDERS)
    days = HISTORY_DAYS + test_days
    demand = COMMON_DEMAND * rng.standard_normal(days) + OWN_DEMAND * rng.standard_normal((CELLS, days))
    habit = HABIT * rng.standard_normal((CELLS, 1))
    cost = np.round(EVEN * np.exp(habit + demand + COST_NOISE * rng.standard_normal((CELLS, days))), 2)
    if test_days:
        cost[:, HISTORY_DAYS:] = EVEN * rng.permuted(np.tile(LEVELS, (CELLS, 1)), axis=1)
    return _sell(rng, curve, cost, demand, variance=COMMON_DEMAND**2 + OWN_DEMAND**2, tests=test_days)


def _sell(
    rng: np.random.Generator,
    curve: Curve,
    cost: Floats,
    demand: Floats,
    *,
    variance: float,
    size: float = SIZE,
    heavy: bool = False,
    tests: int = 0,
) -> World:
    """The days' counts and GMV; ``variance`` of the log demand is taken off, so that an average day's factor is 1."""
    mean = np.maximum(curve(cost) * np.exp(demand - 0.5 * variance), 1e-12)
    orders = np.where(cost > 0, rng.poisson(rng.gamma(size, mean / size)), 0)
    typical = ORDER_VALUE * np.exp(CELL_VALUE * rng.standard_normal(CELLS) * heavy)
    gmv = _heavy_gmv(rng, typical, orders) if heavy else typical[:, None] * orders
    order_value = typical * (1.0 + RARE * (RARE_TIMES - 1.0) * heavy)
    at_even = float(np.median(curve(np.full((CELLS, 1), EVEN))))
    worth = float(order_value.mean())
    return World(
        orders=curve,
        order_value=order_value,
        demand=demand,
        seen=Seen(
            cost=cost,
            orders=orders,
            gmv=gmv,
            test=np.broadcast_to(np.arange(cost.shape[1]) >= cost.shape[1] - tests, cost.shape),
            # A shop that knows its return at the even split, as after a first glance at the test.
            prior=Prior(reference_cost=EVEN, gmv_return=at_even * worth / EVEN, order_value=worth),
        ),
    )


def _heavy_gmv(rng: np.random.Generator, typical: Floats, orders: Ints) -> Floats:
    """GMV of days of ``orders`` (n, T) whose single values are log-normal, now and then 100 times as large."""
    entry = np.repeat(np.arange(orders.size), orders.ravel())
    log_variance = np.log1p(ORDER_CV**2)
    value = np.exp(np.sqrt(log_variance) * rng.standard_normal(entry.size) - 0.5 * log_variance)
    value *= np.where(rng.random(entry.size) < RARE, RARE_TIMES, 1.0)
    total: Floats = np.bincount(entry, value, minlength=orders.size).reshape(orders.shape)
    return typical[:, None] * total


SCENARIOS = (
    Scenario(name="1 level, 20 orders", draw=partial(after_a_test, levels=(1.0,), days=1)),
    Scenario(name="3 levels, 5 orders", draw=partial(after_a_test, days=3, orders=5.0), worlds=60),
    Scenario(name="3 levels x 3 days, 5 orders", draw=partial(after_a_test, orders=5.0)),
    Scenario(name="3 levels x 3 days, 20 orders", draw=after_a_test, worlds=50),
    Scenario(name="sparse, 3 levels, 1 order", draw=partial(after_a_test, days=3, orders=1.0)),
    Scenario(name="S-shaped", draw=partial(after_a_test, family=s_shaped)),
    Scenario(name="threshold", draw=partial(after_a_test, family=threshold)),
    Scenario(name="logistic in cost", draw=partial(after_a_test, family=logistic)),
    Scenario(name="power law", draw=partial(after_a_test, family=power)),
    Scenario(name="fatigue", draw=partial(after_a_test, family=fatigue)),
    Scenario(name="mixture", draw=partial(after_a_test, family=mixture)),
    Scenario(name="over-dispersed", draw=partial(after_a_test, size=1.0)),
    Scenario(name="heavy-tailed order values", draw=partial(after_a_test, heavy=True)),
    Scenario(name="day shocks, 9 days", draw=partial(after_a_test, day_shock=DAY_SHOCK)),
    Scenario(name="day shocks, 21 days", draw=partial(after_a_test, day_shock=DAY_SHOCK, days=21, orders=47.0)),
    Scenario(name="8 cells never tried", draw=partial(after_a_test, tried=32)),
    Scenario(name="confounded history", draw=after_a_history),
    Scenario(name="confounded, 3 test days", draw=partial(after_a_history, test_days=3)),
)
