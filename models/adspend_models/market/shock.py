"""Day shocks (大盘波动): weather, a rival's sale, the platform's mood: a day moves all cells together.

    factor = exp(sd z - sd^2 / 2),   z one keyed normal per day

Default: the log-sd of a real advertiser's days that no trend explains (``calendar_effects``: 0.15 in all, half of its
variance a shock). It is part of the truth, so a clairvoyant sees today's shock before it plans.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import ndtri

from adspend_datasets.cell import ALL, Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats, uniforms


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DayShock:
    """``sd`` of the logarithm of the day's factor, the same in every cell."""

    cells: tuple[Cell, ...]
    seed: int
    sd: float = 0.106

    def __post_init__(self) -> None:
        """Refuses a negative spread."""
        if self.sd < 0:
            raise ValueError(f"`sd >= 0` must hold, but got {self.sd}")

    def factor(self, date: datetime.date, past: Sequence[Day]) -> Floats:  # noqa: ARG002  shocks are independent
        """The day's factor, (n,)."""
        luck = uniforms(1, seed=self.seed, effect="day shock", cell=Cell(ALL, ALL), date=date)[0]
        return np.full(len(self.cells), float(np.exp(self.sd * ndtri(luck) - self.sd**2 / 2)))
