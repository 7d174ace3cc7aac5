"""Refunds (退款): some orders come back, days later.

Each order is refunded with probability ``rate``; the refund of such an order arrives on each day, from the day of
the order on, with probability ``daily``, so its lag in days is geometric:

    P(lag <= d | refunded) = 1 - (1 - daily)^(d + 1)

Yesterday's refunds are therefore mostly still to come: a young day looks better than it is, and only days of the
same maturity may be compared.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from adspend_models.market.day import KEPT, Day, split_by_cell
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar
from adspend_models.market.luck import Floats, Ints, cell_uniforms
from adspend_models.market.truth import Truth
from adspend_models.market.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """Decides for every order of the wrapped world whether and when it is refunded.

    ``rate`` is that of a normal day; festival phases of the ``calendar`` multiply it.
    """

    world: World
    seed: int
    rate: float
    daily: float
    calendar: FestivalCalendar = NO_FESTIVAL

    def __post_init__(self) -> None:
        """Refuses rates outside their range, on festival days too."""
        if not 0 <= self.rate < 1:
            raise ValueError(f"`0 <= rate < 1` must hold, but got {self.rate}")
        if any(self.rate * phase.refund >= 1 for phase in self.calendar.phases):
            raise ValueError(f"`rate * refund < 1` must hold in every festival phase, but the rate is {self.rate}")
        if not 0 < self.daily < 1:
            raise ValueError(f"`0 < daily < 1` must hold, but got {self.daily}")

    @property
    def truth(self) -> Truth:
        """The wrapped world's truth: GMV is counted before refunds."""
        return self.world.truth

    def day(self, date: datetime.date, budget_fen: Ints, past: Sequence[Day] = ()) -> Day:
        """The wrapped world's day with the lag of every refund."""
        day = self.world.day(date, budget_fen, past)
        luck = cell_uniforms(day.orders.tolist(), seed=self.seed, effect="refund", cells=day.cells, date=date)
        return replace(day, refund_lag=split_by_cell(self._lags(luck, self.rate_on(date)), day.orders))

    def rate_on(self, date: datetime.date) -> float:
        """The share of the day's orders that is refunded in the end."""
        phase = self.calendar.on(date)
        return self.rate if phase is None else self.rate * phase.refund

    def _lags(self, luck: Floats, rate: float) -> Ints:
        # One uniform decides both: below `rate` it is refunded, and its place below `rate` is again uniform.
        refunded = luck < rate
        within = np.where(refunded, luck / rate, 0.5) if rate else np.full_like(luck, 0.5)
        lag = np.floor(np.log1p(-within) / np.log1p(-self.daily))
        return np.where(refunded, lag, KEPT).astype(np.int64)
