"""The learning phase (学习期): a new plan converts worse until the platform has seen enough of its orders.

    factor = floor + (1 - floor) min(1, N / threshold),   N = orders since the plan started or was last forgotten

A plan that has not spent for ``forget`` days in a row starts again. Threshold: about 20 orders (several
operators' sources agree); how much worse it converts and when it is forgotten are assumptions.
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
from adspend_models.market.past import ages, past_cost, past_orders


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPhase:
    """``threshold`` orders end it; ``floor`` is a plan's first response in [0, 1]; ``forget`` in days."""

    cells: tuple[Cell, ...]
    threshold: float = 20.0
    floor: float = 0.7
    forget: int = 7

    def __post_init__(self) -> None:
        """Refuses a floor outside [0, 1] and a threshold or memory that is not positive."""
        if not 0 <= self.floor <= 1:
            raise ValueError(f"`0 <= floor <= 1` must hold, but got {self.floor}")
        if self.threshold <= 0 or self.forget < 1:
            raise ValueError(f"`threshold > 0`, `forget >= 1` must hold, but got {self.threshold}, {self.forget}")

    def factor(self, date: datetime.date, past: Sequence[Day]) -> Floats:
        """How far each plan has learned, (n,)."""
        n = len(self.cells)
        age, spent = ages(date, past), past_cost(past, n) > 0
        last = np.full(n, np.inf)  # age of the last day with cost, while walking from the oldest day to today
        learned = np.zeros(n)
        for days_ago, ran, orders in zip(age, spent, past_orders(past, n), strict=True):
            learned[last - days_ago > self.forget] = 0.0
            learned[ran] += orders[ran]
            last[ran] = days_ago
        learned[last > self.forget] = 0.0
        return np.asarray(self.floor + (1 - self.floor) * np.minimum(learned / self.threshold, 1.0), dtype=np.float64)
