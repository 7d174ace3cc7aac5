"""Drift (漂移): every cell's response wanders slowly; last month's curve is not this month's.

    log factor = sd * ((1 - w) z_k + w z_(k+1)) / sqrt((1 - w)^2 + w^2) - sd^2 / 2

z_k are keyed standard normals at knots ``memory`` days apart, w in [0, 1) is the place between two knots: mean 1 and
log-sd ``sd`` on every day, days more than two knots apart independent, and no memory needed. Source: a real
advertiser's days keep a lag-one correlation near one half after trend (models/README.md); the default size is the
``DRIFT_SD`` found there, doubled because it is each cell's own.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import ndtri

from adspend_datasets.cell import Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats, cell_uniforms


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """``sd`` of the logarithm of the factor; ``memory`` days between knots."""

    cells: tuple[Cell, ...]
    seed: int
    sd: float = 0.2
    memory: int = 14

    def __post_init__(self) -> None:
        """Refuses a negative spread and a memory under a day."""
        if self.sd < 0 or self.memory < 1:
            raise ValueError(f"`sd >= 0` and `memory >= 1` must hold, but got {self.sd}, {self.memory}")

    def factor(self, date: datetime.date, past: Sequence[Day]) -> Floats:  # noqa: ARG002  the knots are the memory
        """Each cell's level on ``date``, (n,)."""
        knot, place = divmod(date.toordinal(), self.memory)
        w = place / self.memory
        before, after = self._normals(knot), self._normals(knot + 1)
        level = self.sd * ((1 - w) * before + w * after) / np.hypot(1 - w, w)
        return np.asarray(np.exp(level - self.sd**2 / 2), dtype=np.float64)

    def _normals(self, knot: int) -> Floats:
        effect = f"drift {self.memory} {knot}"
        return np.asarray(ndtri(cell_uniforms([1] * len(self.cells), seed=self.seed, effect=effect, cells=self.cells)))
