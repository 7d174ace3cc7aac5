"""Under-delivery (花不完): a platform spends at most the budget, and on many days less.

    cost = floor(budget * U^(1/a)),   U keyed uniform, a = share / (1 - share)

U^(1/a) has the Beta(a, 1) distribution with mean ``share``: most days near the full budget, a few well below it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from adspend_models.market.luck import Ints, cell_uniforms
from adspend_models.market.truth import Truth
from adspend_models.market.world import Day, World, checked_budget


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UnderDelivered:
    """Spends a random part of each budget, ``share`` of it on average; the rest of the day follows the cost."""

    world: World
    seed: int
    share: float

    def __post_init__(self) -> None:
        """Refuses a share outside (0, 1)."""
        if not 0 < self.share < 1:
            raise ValueError(f"`0 < share < 1` must hold, but got {self.share}")

    @property
    def truth(self) -> Truth:
        """The wrapped world's truth: orders as a function of the cost, not of the budget."""
        return self.world.truth

    def day(self, date: datetime.date, budget_fen: Ints, past: Sequence[Day] = ()) -> Day:
        """The wrapped world's day at the cost that was delivered."""
        cells = self.truth.cells
        budget = checked_budget(budget_fen, len(cells))
        luck = cell_uniforms([1] * len(cells), seed=self.seed, effect="delivery", cells=cells, date=date)
        delivered = luck ** ((1 - self.share) / self.share)
        cost_fen = np.floor(budget * delivered).astype(np.int64)
        return replace(self.world.day(date, cost_fen, past), budget_fen=budget)
