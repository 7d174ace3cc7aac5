"""Refit + greedy: each cell's own curve, then the jump that gains most per yuan, again and again (Meridian style).

The search of google/meridian's ``OptimizationGrid``: on a table of spends, each step takes the steepest jump of any
cell to any higher row, and the walk ends for good when a jump does not fit the budget. Here it also ends when nothing
gains any more, as the objective is net profit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from adspend.shop import Shop
from adspend.strategies.refit import RefitSession, Refitted
from adspend_datasets.text import Text
from adspend_models.bank import Floats

ROWS = 60  # of the table, as many as a budget of 6,000 in steps of 100


@final
@dataclass(frozen=True, slots=True)
class RefitGreedy:
    """Marginal returns on point estimates."""

    name: ClassVar[str] = "refit-greedy"
    label: ClassVar[Text] = Text("逐单元拟合 + 边际贪心（同 Meridian）", "refit + greedy (Meridian style)")

    def open(self, shop: Shop, seed: int) -> RefitSession:
        """A run of days; there is no luck in it."""
        del seed
        return RefitSession(shop, walk)


def walk(given: Refitted) -> Floats:
    """Where the walk ends, yuan (n,)."""
    spend = given.most[:, None] * np.linspace(0.0, 1.0, ROWS + 1)
    net = given.rate * given.curves.gmv(spend) - spend
    at = np.zeros(len(spend), dtype=np.int64)
    slope, to = np.zeros(len(spend)), at.copy()
    left = given.budget
    changed = range(len(spend))
    while True:
        for i in changed:
            slope[i], to[i] = _steepest(spend[i, at[i] :], net[i, at[i] :])
        best = int(slope.argmax())
        width = spend[best, at[best] + to[best]] - spend[best, at[best]]
        if slope[best] <= 0 or width > left:
            return np.asarray(spend[np.arange(len(spend)), at], dtype=np.float64)
        left -= width
        at[best] += to[best]
        changed = range(best, best + 1)


def _steepest(spend: Floats, net: Floats) -> tuple[float, int]:
    """The best gain per yuan from the first row, and how many rows up it is; nothing gained: (0, 0)."""
    if len(spend) < 2 or spend[1] <= spend[0]:
        return 0.0, 0
    slopes = (net[1:] - net[0]) / (spend[1:] - spend[0])
    best = int(slopes.argmax())
    return float(slopes[best]), best + 1
