"""The snowball (滚雪球): today's buyers and followers bring tomorrow's natural orders and warm tomorrow's traffic.

    A(today)   = sum over past days of keep^(age - 1) * followers * orders of the whole shop
    natural_i += reach * A * share_i
    paid_i    *= 1 + lift * A / (A + half)

One order leaves ``followers`` in the stock A, of which ``keep`` remains each day; one of them brings ``reach`` orders a
day. Natural orders feed the stock again, so keep + reach * followers < 1 must hold, or the shop would grow for ever.
Source: the trade's own picture of growth that rolls on (A' = rho A + conversions, natural = kappa A); every number is
an assumption. A myopic plan cannot see it: the value of tomorrow's stock is not in today's curve.
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
from adspend_models.market.past import ages, past_orders
from adspend_models.market.truth import Truth

_ROUNDING = 1e-9


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SnowballTruth:
    """A truth whose shop gathers followers.

    Attributes:
        truth: the wrapped truth.
        share: which part of the natural orders comes in each cell's slot, (n,), sums to 1.
        followers: of one order.
        keep: share of the stock that remains after a day.
        reach: natural orders a day of one follower.
        lift: largest relative gain of the paid response.
        half: the stock at which half of it is reached.
    """

    truth: Truth
    share: Floats
    followers: float
    keep: float
    reach: float
    lift: float
    half: float

    def __post_init__(self) -> None:
        """Refuses shares that do not sum to 1 and a stock that grows without bound."""
        if (
            self.share.shape != (len(self.truth.cells),)
            or self.share.min() < 0
            or abs(self.share.sum() - 1) > _ROUNDING
        ):
            raise ValueError(f"`share` must be at least 0, one per cell, and sum to 1, but got {self.share}")
        if min(self.followers, self.keep, self.reach, self.lift) < 0 or self.half <= 0:
            raise ValueError("`followers`, `keep`, `reach` and `lift` must be at least 0 and `half` above 0")
        if self.keep + self.reach * self.followers >= 1:
            growth = self.keep + self.reach * self.followers
            raise ValueError(f"`keep + reach * followers < 1` must hold, but got {growth:g}")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The wrapped truth's cells."""
        return self.truth.cells

    @property
    def order_value(self) -> Floats:
        """The wrapped truth's order values."""
        return self.truth.order_value

    def stock(self, date: datetime.date, past: Sequence[Day]) -> float:
        """Followers on the morning of ``date``."""
        orders = past_orders(past, len(self.cells)).sum(axis=1)
        return float(self.followers * (self.keep ** (ages(date, past) - 1.0) @ orders))

    def mean_orders(self, date: datetime.date, cost: Floats, past: Sequence[Day] = ()) -> Floats:
        """The wrapped truth's orders at ``cost``, lifted by the stock."""
        stock = self.stock(date, past)
        lifted = 1 + self.lift * stock / (stock + self.half)
        return np.asarray(lifted * self.truth.mean_orders(date, cost, past), dtype=np.float64)

    def natural_orders(self, date: datetime.date, past: Sequence[Day] = ()) -> Floats:
        """What the stock brings, beside the wrapped truth's natural orders."""
        own = self.reach * self.stock(date, past) * self.share
        return np.asarray(self.truth.natural_orders(date, past) + own, dtype=np.float64)
