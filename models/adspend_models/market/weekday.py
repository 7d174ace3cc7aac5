"""The weekday effect (星期效应): the same cost finds more buyers on some days of the week."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats
from adspend_models.market.truth import Truth

_DAYS = 7
_MEAN_TOLERANCE = 1e-9  # factors are written with few decimals; only rounding of their sum is forgiven


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayTruth:
    """Multiplies the mean orders by a factor per weekday, Monday first; the factors average 1."""

    truth: Truth
    factors: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuses factors that are not seven, positive, and 1 on average."""
        if len(self.factors) != _DAYS or min(self.factors) <= 0:
            raise ValueError(f"`factors` must be 7 numbers above 0, but got {self.factors}")
        if abs(sum(self.factors) / _DAYS - 1) > _MEAN_TOLERANCE:
            raise ValueError(f"`factors` must average 1, but their sum is {sum(self.factors):g} instead of 7")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The wrapped truth's cells."""
        return self.truth.cells

    @property
    def order_value(self) -> Floats:
        """The wrapped truth's order values: the weekday changes how many buy, not how much."""
        return self.truth.order_value

    def mean_orders(self, date: datetime.date, cost: Floats, past: Sequence[Day] = ()) -> Floats:
        """Expected orders at ``cost`` on the weekday of ``date``."""
        return np.asarray(self.factors[date.weekday()] * self.truth.mean_orders(date, cost, past), dtype=np.float64)

    def natural_orders(self, date: datetime.date, past: Sequence[Day] = ()) -> Floats:
        """Natural orders follow the weekday too."""
        return np.asarray(self.factors[date.weekday()] * self.truth.natural_orders(date, past), dtype=np.float64)
