"""Seeding (种草): a part of what a day's cost brings is bought up to seven days later.

    today's cost brings  (1 - later) * f_today(x)                                          mean_orders
    earlier costs bring  later * sum_k lag_k f_(today - k)(x_(today - k)),  k = 1 .. K     natural_orders

With a constant cost the sum is the wrapped truth again: nothing is lost, it only comes later. What earlier days sowed
comes whatever is spent today, so it counts as natural. Source: 「七天种草」 is the trade's rule and platforms
count orders of seven days; share and weights are assumptions. A myopic plan sees only
the first line and spends too little.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats
from adspend_models.market.past import FEN_PER_YUAN, ages
from adspend_models.market.truth import Truth

LONGEST = 7  # days
LAGS = (0.30, 0.22, 0.16, 0.12, 0.09, 0.06, 0.05)
_ROUNDING = 1e-9


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SeedingTruth:
    """``later`` is the share of a day's orders that comes later; ``lags`` how it spreads over days 1, 2, ..."""

    truth: Truth
    later: float
    lags: tuple[float, ...] = LAGS

    def __post_init__(self) -> None:
        """Refuses a share outside [0, 1) and lags that are too long or do not sum to 1."""
        if not 0 <= self.later < 1:
            raise ValueError(f"`0 <= later < 1` must hold, but got {self.later}")
        if not 1 <= len(self.lags) <= LONGEST or min(self.lags) < 0 or abs(sum(self.lags) - 1) > _ROUNDING:
            raise ValueError(f"`lags` must be 1 to {LONGEST} shares that sum to 1, but got {self.lags}")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The wrapped truth's cells."""
        return self.truth.cells

    @property
    def order_value(self) -> Floats:
        """The wrapped truth's order values."""
        return self.truth.order_value

    def mean_orders(self, date: datetime.date, cost: Floats, past: Sequence[Day] = ()) -> Floats:
        """What today's ``cost`` brings today."""
        return np.asarray((1 - self.later) * self.truth.mean_orders(date, cost, past), dtype=np.float64)

    def natural_orders(self, date: datetime.date, past: Sequence[Day] = ()) -> Floats:
        """What the last days sowed, beside the wrapped truth's natural orders."""
        orders = self.truth.natural_orders(date, past)
        first = max(len(past) - len(self.lags), 0)  # one past day per date: older ones are beyond the last lag
        for index, age in enumerate(ages(date, past[first:]), start=first):
            if age <= len(self.lags):
                sown = self.truth.mean_orders(past[index].date, past[index].cost_fen / FEN_PER_YUAN, past[:index])
                orders = orders + self.later * self.lags[age - 1] * sown
        return np.asarray(orders, dtype=np.float64)
