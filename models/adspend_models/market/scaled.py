"""Effects that are a factor (系数): most of what a market does to a curve multiplies it, cell by cell.

mean_orders_i(x) = factor_i(date, past) * mean_orders_i(x) of the wrapped truth
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, final

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats
from adspend_models.market.truth import Truth, as_column


class Effect(Protocol):
    """What multiplies the mean orders of a day, given what was done before."""

    def factor(self, date: datetime.date, past: Sequence[Day]) -> Floats:
        """Numbers of at least 0, one per cell of the truth it is put on; shape (n,)."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledTruth:
    """A truth under an effect.

    Attributes:
        truth: the wrapped truth.
        effect: what multiplies it.
        natural: whether natural orders are multiplied too: yes for what happens to the room (a host, a rating, a good
            day), no for what happens to the advertisement (a worn creative, a plan that is still learning).
    """

    truth: Truth
    effect: Effect
    natural: bool

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The wrapped truth's cells."""
        return self.truth.cells

    @property
    def order_value(self) -> Floats:
        """The wrapped truth's order values: an effect changes how many buy, not how much."""
        return self.truth.order_value

    def mean_orders(self, date: datetime.date, cost: Floats, past: Sequence[Day] = ()) -> Floats:
        """The wrapped truth's orders at ``cost``, times the factor."""
        factor = as_column(self.effect.factor(date, past), cost)
        return np.asarray(factor * self.truth.mean_orders(date, cost, past), dtype=np.float64)

    def natural_orders(self, date: datetime.date, past: Sequence[Day] = ()) -> Floats:
        """The wrapped truth's natural orders, times the factor where the effect concerns them."""
        natural = self.truth.natural_orders(date, past)
        return np.asarray(self.effect.factor(date, past) * natural) if self.natural else natural
