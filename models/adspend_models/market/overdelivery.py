"""Over-delivery (超投): on some days a platform spends more than the budget, within a tolerance that it states.

    cost = floor(budget * (1 + most * max(0, (U - 1 + chance) / chance))),   U keyed uniform

With probability ``chance`` a cell overspends, then by a share uniform on [0, most]. The budgets were kept; it is the
platform that did not keep them, so ``Day.overspend`` is ``most``. Around ``UnderDelivered`` it multiplies what that
delivers. Source: overseas platforms state such a share; for 千川 none was found, so
both numbers are assumptions.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from adspend_models.market.day import Day
from adspend_models.market.luck import Ints, cell_uniforms
from adspend_models.market.truth import Truth
from adspend_models.market.world import World, checked_budget


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OverDelivered:
    """Asks the wrapped world for more than the budget on some days, at most ``most`` of it on top."""

    world: World
    seed: int
    chance: float = 0.2
    most: float = 0.1

    def __post_init__(self) -> None:
        """Refuses a chance outside (0, 1] and a negative tolerance."""
        if not 0 < self.chance <= 1 or self.most < 0:
            raise ValueError(f"`0 < chance <= 1` and `most >= 0` must hold, but got {self.chance}, {self.most}")

    @property
    def truth(self) -> Truth:
        """The wrapped world's truth: orders as a function of the cost, not of the budget."""
        return self.world.truth

    def day(self, date: datetime.date, budget_fen: Ints, past: Sequence[Day] = ()) -> Day:
        """The wrapped world's day at the budgets the platform made of ours."""
        cells = self.truth.cells
        budget = checked_budget(budget_fen, len(cells))
        luck = cell_uniforms([1] * len(cells), seed=self.seed, effect="over-delivery", cells=cells, date=date)
        more = self.most * np.maximum((luck - 1 + self.chance) / self.chance, 0.0)
        day = self.world.day(date, np.floor(budget * (1 + more)).astype(np.int64), past)
        return replace(day, budget_fen=budget, overspend=(1 + day.overspend) * (1 + self.most) - 1)
