"""Does a designed test teach as much as equal levels for half the money?

One world: an operator's history (``design_markets``), three test days, then one day's budget split on the mean curves
over every cell ever tried (a cell never tried gets nothing, as in a plan). The value is the day's true orders as a
share of the best split of the true curves. Equal levels give every cell 0.3, 1 and 3 times its share of the test's
money, a level a day; the D-optimal test gives every cell the three levels, within its share of the money, that pin
down the typical curve's parameters best; the designed test is ``adspend design-test``, once for three days, or again
every morning with the days seen so far. The same worlds and the same luck for every test.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend.design_worth import equal_levels
from adspend.designer import design_on_curves
from adspend.history import histories
from adspend.policy import Policy, default_policy
from adspend.shop import Shop, parse_shop
from adspend_datasets.report import COLUMNS, TrafficReport
from adspend_models.fit import fit_curves
from adspend_models.optimal_design import AllParameters
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import Prior
from adspend_models.shapes import HILL
from benchmarks.curves.design_markets import CELLS, EVEN, MARKETS, Market, draw_market

Floats = NDArray[np.float64]

FIRST = datetime.date(2026, 6, 1)
TEST_DAYS = 3
VALUE = 500.0  # yuan an order: the best split of the whole budget earns money with its last yuan
MONEY = (0.125, 0.25, 0.5)  # a test day's money as a share of the daily budget, of the equal-level test
WORLDS = 24
STEP, REACH = 0.05, 20.0  # the grid a day is split on, in even splits
GRID = np.tile(EVEN * np.arange(0.0, REACH + STEP / 2, STEP), (CELLS, 1))
SHOP = """
[shop]
name = "benchmark"
[economics]
gross_margin = 0.5
[budget]
daily = 12000
[cells]
segments = ["a", "b", "c", "d", "e"]
slots = ["08:00-10:00", "10:00-12:00", "12:00-14:00", "14:00-16:00", "16:00-18:00", "18:00-20:00", "20:00-22:00",
    "22:00-24:00"]
min_if_active = 15
step = 1
[limits]
max_raise_per_day = inf
max_over_tested = inf
"""

Tester = Callable[[Market, int, float, np.random.Generator], Market]


def designed_tests(smoke: bool) -> list[dict[str, str | int | float]]:
    """Rows: market, money of the equal-level test, and the plan value (percent of the best) after every test."""
    rows: list[dict[str, str | int | float]] = []
    for name, money in itertools.product(MARKETS[:1] if smoke else MARKETS, MONEY[:1] if smoke else MONEY):
        worlds = range(1 if smoke else WORLDS)
        found = np.array([[_value(name, seed, test, money * share) for _, test, share in TESTS] for seed in worlds])
        lead = found[:, -1] - found[:, 0]
        row: dict[str, str | int | float] = {"market": name, "equal levels' money a day": f"{money:.1%}"}
        row |= {
            f"{label} ({share:g} x)": f"{100 * mean:.1f}"
            for (label, _, share), mean in zip(TESTS, found.mean(axis=0), strict=True)
        }
        row["lead at half the money"] = f"{100 * lead.mean():+.1f} +- {100 * lead.std() / np.sqrt(len(lead)):.1f}"
        rows.append(row)
    return rows


def _value(name: str, seed: int, test: Tester, money: float) -> float:
    """Share of the best split's orders after the test."""
    market = test(draw_market(name, seed), seed, money * CELLS * EVEN, np.random.default_rng([9, seed]))
    seen = market.cost.any(axis=1)
    truth = market.expected(GRID)
    ours = best_split(_fit(market, seed).mean_orders(GRID) * seen[:, None])
    return float(_orders(truth, ours) / _orders(truth, best_split(truth)))


def _untested(market: Market, seed: int, money: float, rng: np.random.Generator) -> Market:
    """No test."""
    del seed, money, rng
    return market


def _equal(market: Market, seed: int, money: float, rng: np.random.Generator) -> Market:
    """Equal levels, a level a day, in as many cells as the minimum leaves money for."""
    levels, cells = equal_levels(_shop(), _policy(), round(money * TEST_DAYS * 100), TEST_DAYS)
    cost = np.zeros((CELLS, TEST_DAYS))
    chosen = np.random.default_rng([8, seed]).permutation(CELLS)[:cells]
    cost[chosen] = np.array(levels) / 100
    return _observe(market, cost, rng)


def _d_optimal(market: Market, seed: int, money: float, rng: np.random.Generator) -> Market:
    """The three levels that pin down the typical curve best within a cell's share of the money."""
    hyper = _fit(market, seed).hyper
    levels = np.geomspace(0.1, 3.0, 25) * EVEN
    theta = np.log([[hyper.order_return, hyper.half_saturation / EVEN, hyper.shape]])
    ratio = np.log(levels / EVEN)[None, :]
    mean = EVEN * HILL.orders(theta, ratio)[0]
    slopes = np.stack([np.ones_like(levels), *(by[0] for by in HILL.slopes(theta, ratio))], axis=1)
    size = hyper.dispersion
    parameters = AllParameters(gradients=slopes, information=mean * size / (mean + size))
    triples = [t for t in itertools.combinations(range(25), 3) if levels[list(t)].sum() <= money * TEST_DAYS / CELLS]
    best = max(triples, key=lambda t: parameters.value(np.bincount(t, minlength=25) / 3), default=(0, 1, 2))
    orders = np.random.default_rng([8, seed]).permuted(np.tile(levels[list(best)], (CELLS, 1)), axis=1)
    return _observe(market, np.round(orders, 2), rng)


def _designed_once(market: Market, seed: int, money: float, rng: np.random.Generator) -> Market:
    """One design for the three days."""
    cost = _design(market, seed, money * TEST_DAYS, TEST_DAYS)
    return _observe(market, cost, rng)


def _designed_daily(market: Market, seed: int, money: float, rng: np.random.Generator) -> Market:
    """A design for each day, with what the days before taught; money left over passes on."""
    left = money * TEST_DAYS
    for day in range(TEST_DAYS):
        cost = _design(market, seed, left / (TEST_DAYS - day), 1)
        left -= cost.sum()
        market = _observe(market, cost, rng)
    return market


TESTS: tuple[tuple[str, Tester, float], ...] = (
    ("equal levels", _equal, 1.0),
    ("no test", _untested, 0.0),
    ("D-optimal", _d_optimal, 1.0),
    ("designed once", _designed_once, 0.5),
    ("designed every morning", _designed_daily, 0.5),
)


def _design(market: Market, seed: int, money: float, days: int) -> Floats:
    """What ``adspend design-test`` spends, yuan, (n, days)."""
    shop = _shop()
    past = histories(_report(market), shop.grid)
    design = design_on_curves(shop, _policy(), _fit(market, seed), past, budget_fen=int(money * 100), days=days)
    cost = np.zeros((CELLS, days))
    for test in design.tests:
        cost[shop.grid.index(test.cell)] = np.array(test.schedule_fen) / 100
    return cost


def _observe(market: Market, cost: Floats, rng: np.random.Generator) -> Market:
    """The market after days at ``cost`` (n, days)."""
    return Market(
        height=market.height,
        half=market.half,
        exponent=market.exponent,
        size=market.size,
        cost=np.concatenate([market.cost, cost], axis=1),
        orders=np.concatenate([market.orders, market.sell(cost, rng)], axis=1),
    )


def _fit(market: Market, seed: int) -> PosteriorBank:
    """The Hill curves of the days seen; a shop that knows its return at an even split."""
    prior = Prior(reference_cost=EVEN, gmv_return=3.0 * VALUE / EVEN, order_value=VALUE)
    date = FIRST + datetime.timedelta(days=market.cost.shape[1])
    return fit_curves(_report(market), _shop().grid, plan_date=date, prior=prior, rng=np.random.default_rng([8, seed]))


def _report(market: Market) -> TrafficReport:
    """The days of the market as a report; a day without spend is no row."""
    cell, day = np.nonzero(market.cost)
    grid = _shop().grid
    frame = pd.DataFrame({"date": pd.Timestamp(FIRST) + pd.to_timedelta(day, unit="D")}, columns=list(COLUMNS))
    frame["segment"] = [grid[i].segment for i in cell]
    frame["slot"] = [grid[i].slot for i in cell]
    frame["cost_fen"] = np.rint(market.cost[cell, day] * 100).astype(np.int64)
    frame["orders"] = market.orders[cell, day]
    frame["gmv_fen"] = np.rint(market.orders[cell, day] * VALUE * 100).astype(np.int64)
    for name in ("lever", "shop", "plan_id", "product", "phase"):
        frame[name] = ""
    frame["basis"] = "direct"
    whole = ("cost_fen", "impressions", "clicks", "orders", "gmv_fen", "refund_fen")
    return TrafficReport(frame.astype(dict.fromkeys(whole, "Int64")))


def _shop() -> Shop:
    return parse_shop(SHOP.encode(), file="shop.toml")


def _policy() -> Policy:
    return default_policy(_shop())


def best_split(value: Floats) -> NDArray[np.int64]:
    """Grid steps for every cell: the concave envelopes of ``value`` (n, m) from the steepest piece down."""
    pieces = sorted((piece for cell, row in enumerate(value) for piece in _envelope(cell, row)), reverse=True)
    steps, left = np.zeros(len(value), dtype=np.int64), round(CELLS / STEP)
    for slope, cell, end, width in pieces:
        if slope <= 0 or left <= 0:
            break
        steps[cell] = end if width <= left else steps[cell] + left
        left -= min(width, left)
    return steps


def _envelope(cell: int, row: Floats) -> list[tuple[float, int, int, int]]:
    """The upper concave envelope's pieces: slope per step, cell, end, width."""
    hull = [0]
    for point in range(1, len(row)):
        while len(hull) > 1:
            before, last = hull[-2], hull[-1]
            if (row[last] - row[before]) * (point - last) > (row[point] - row[last]) * (last - before):
                break
            hull.pop()
        hull.append(point)
    return [(float((row[b] - row[a]) / (b - a)), cell, b, b - a) for a, b in itertools.pairwise(hull)]


def _orders(truth: Floats, steps: NDArray[np.int64]) -> float:
    return float(np.take_along_axis(truth, steps[:, None], axis=1).sum())
