"""Audience fatigue (人群疲劳): who has been reached lately buys less; slots of a segment share its people.

    S_g(today) = sum over past days of retention^(age - 1) * cost of segment g, yuan
    factor     = 1 / (1 + S_g / capacity_g)

At a constant cost c a day S tends to c / (1 - retention): with retention 0.7 the factor falls to 1 / (1 + 3.3 c /
capacity). Both numbers are assumptions; the form is the usual one of a pool that empties and refills.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats, Ints
from adspend_models.market.past import ages, past_cost


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceFatigue:
    """``capacity`` is the accumulated cost that halves a segment's response, yuan, (n,) one entry per cell."""

    cells: tuple[Cell, ...]
    capacity: Floats
    retention: float = 0.7
    _segment: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Refuses capacities that are not positive and a retention outside [0, 1)."""
        if self.capacity.shape != (len(self.cells),) or np.any(self.capacity <= 0):
            raise ValueError(f"`capacity` must be above 0, one per cell, but got {self.capacity}")
        if not 0 <= self.retention < 1:
            raise ValueError(f"`0 <= retention < 1` must hold, but got {self.retention}")
        order = {name: index for index, name in enumerate(dict.fromkeys(cell.segment for cell in self.cells))}
        object.__setattr__(self, "_segment", np.array([order[cell.segment] for cell in self.cells], dtype=np.int64))

    def factor(self, date: datetime.date, past: Sequence[Day]) -> Floats:
        """What the segment's people still answer with, (n,)."""
        weight = self.retention ** (ages(date, past) - 1.0)
        seen = weight @ past_cost(past, len(self.cells))
        by_segment = np.bincount(self._segment, weights=seen)
        return np.asarray(1 / (1 + by_segment[self._segment] / self.capacity), dtype=np.float64)
