"""Shops whose true curves are known, tested at set levels: the published protocol of one-day commits.

f(x) = E x / (x + D) with log-sd 0.7 of D (median 2.25 even splits) and 0.5 of the first slope, negative-binomial orders
of size 5, tests at multiples of the even split. Cells form a grid of segments and slots that mean nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.report import COLUMNS, TrafficReport
from adspend_models.calendar_effects import Calendar, lay_out_calendar
from adspend_models.effects import Effects, lay_out_effects
from adspend_models.panel import read_panel
from adspend_models.prior import Prior
from adspend_models.sample import Sample, take_sample

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EVEN, SIZE, VALUE = 300.0, 5.0, 80.0  # yuan; negative-binomial size; yuan per order
FIRST = datetime.date(2026, 6, 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnchorShop:
    """n cells with half-saturation (yuan) and height (orders), and T days at ``cost``, (n, T)."""

    cells: tuple[Cell, ...]
    half: Floats
    height: Floats
    cost: Floats
    orders: Ints

    def expected(self, cost: Floats) -> Floats:
        """True orders at ``cost`` (n, m), yuan."""
        return self.height[:, None] * cost / (self.half[:, None] + cost)

    @property
    def plan_date(self) -> datetime.date:
        """The day after the last."""
        return FIRST + datetime.timedelta(days=self.cost.shape[1])

    @property
    def prior(self) -> Prior:
        """A shop that knows its return at the even split, as after a first glance at the test."""
        at_even = float(np.median(self.expected(np.full((len(self.cells), 1), EVEN))))
        return Prior(reference_cost=EVEN, gmv_return=at_even * VALUE / EVEN, order_value=VALUE)

    def report(self) -> TrafficReport:
        """The days as a report."""
        n, days = self.cost.shape
        dates = pd.Timestamp(FIRST) + pd.to_timedelta(np.tile(np.arange(days), n), unit="D")
        frame = pd.DataFrame({"date": dates}, columns=list(COLUMNS))
        frame["segment"] = np.repeat([cell.segment for cell in self.cells], days)
        frame["slot"] = np.repeat([cell.slot for cell in self.cells], days)
        frame["cost_fen"] = np.rint(self.cost * 100).astype(np.int64).ravel()
        frame["orders"] = self.orders.ravel()
        frame["gmv_fen"] = np.rint(self.orders * VALUE * 100).astype(np.int64).ravel()
        for name in ("lever", "shop", "plan_id", "product", "phase"):
            frame[name] = ""
        frame["basis"] = "direct"
        whole = ("cost_fen", "impressions", "clicks", "orders", "gmv_fen", "refund_fen")
        return TrafficReport(frame.astype(dict.fromkeys(whole, "Int64")))

    def laid_out(self) -> tuple[Sample, Effects, Calendar]:
        """What ``learn`` takes, as ``fit_curves`` lays it out."""
        panel = read_panel(self.report(), self.cells, self.plan_date)
        sample = take_sample(panel, panel.usable, self.prior.reference_cost)
        effects = lay_out_effects(panel.cells, np.log(sample.reference / self.prior.reference_cost), self.prior)
        return sample, effects, lay_out_calendar(panel, panel.usable, self.plan_date.toordinal())


def draw_shop(
    rng: np.random.Generator,
    *,
    segments: int,
    slots: int,
    levels: Sequence[float],
    orders_per_cell: float,
    jitter: float = 0.0,
) -> AnchorShop:
    """A shop whose median cell sells ``orders_per_cell`` in all when tested at ``levels`` (even splits), a level a day.

    Args:
        rng: Source of the curves and the orders.
        segments: Rows of the grid.
        slots: Columns of the grid.
        levels: One per day.
        orders_per_cell: In the whole test.
        jitter: Log-sd of a day's cost around its level.
    """
    n = segments * slots
    half = EVEN * 2.25 * np.exp(0.7 * rng.standard_normal(n))
    height = half * np.exp(0.5 * rng.standard_normal(n))
    level = EVEN * np.tile(np.array(levels), (n, 1))
    total = (height[:, None] * level / (half[:, None] + level)).sum(axis=1)
    height = height * orders_per_cell / np.median(total)
    cost = np.round(level * np.exp(jitter * rng.standard_normal(level.shape)), 2)
    expected = height[:, None] * cost / (half[:, None] + cost)
    return AnchorShop(
        cells=tuple(Cell(f"s{i:03d}", f"t{j:03d}") for i in range(segments) for j in range(slots)),
        half=half,
        height=height,
        cost=cost,
        orders=rng.poisson(rng.gamma(SIZE, expected / SIZE)),
    )
