"""Creative decay (素材衰减): an advertisement wears out while it runs, until it is replaced.

    factor = floor + (1 - floor) 2^(-g / half_life),   g = days with cost since the segment's creatives were replaced

Creatives are replaced every ``refresh`` days, each segment on a day of its own. A day without cost wears nothing.
Defaults: after three days of running the factor is 0.7, since operators give a creative about three days and call a
fall of 30 % in CTR worn (several operators' sources agree); floor and refresh are assumptions.
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
class CreativeDecay:
    """``half_life`` and ``refresh`` in days; ``floor`` is what a worn creative keeps, in [0, 1]."""

    cells: tuple[Cell, ...]
    half_life: float = 3.0
    floor: float = 0.4
    refresh: int = 7
    _turn: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Refuses a floor outside [0, 1] and times that are not positive; gives every segment its day."""
        if not 0 <= self.floor <= 1:
            raise ValueError(f"`0 <= floor <= 1` must hold, but got {self.floor}")
        if self.half_life <= 0 or self.refresh < 1:
            raise ValueError(f"`half_life > 0` and `refresh >= 1` must hold, but got {self.half_life}, {self.refresh}")
        order = {segment: turn for turn, segment in enumerate(dict.fromkeys(cell.segment for cell in self.cells))}
        object.__setattr__(self, "_turn", np.array([order[cell.segment] for cell in self.cells], dtype=np.int64))

    def factor(self, date: datetime.date, past: Sequence[Day]) -> Floats:
        """What each cell's creatives still bring, (n,)."""
        since = (date.toordinal() + self._turn) % self.refresh  # days since they were replaced
        recent = past[-self.refresh :]
        ran = (past_cost(recent, len(self.cells)) > 0) & (ages(date, recent)[:, None] <= since)
        worn = 2.0 ** (-ran.sum(axis=0) / self.half_life)
        return np.asarray(self.floor + (1 - self.floor) * worn, dtype=np.float64)
