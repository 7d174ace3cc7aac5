"""A world (模拟市场): it takes a day's budgets and what happened before, and answers with the day's rows.

Notation: n cells. Money is integer fen.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from adspend_models.market.day import KEPT as KEPT
from adspend_models.market.day import Day as Day
from adspend_models.market.luck import Ints
from adspend_models.market.truth import Truth


class World(Protocol):
    """Known curves, and days that follow them with luck.

    A world has no memory of its own: an effect that depends on what went before reads it from the days that were
    executed. The same (date, budgets, past) is the same day, and a simulation can be cut, copied and resumed anywhere.
    """

    @property
    def truth(self) -> Truth:
        """The true curves, every effect on the mean included."""
        ...

    def day(self, date: datetime.date, budget_fen: Ints, past: Sequence[Day] = ()) -> Day:
        """What happens on ``date`` under these budgets, shape (n,); 0 = paused. It changes nothing.

        Args:
            date: the day.
            budget_fen: fen per cell, (n,).
            past: the days executed before, of the same cells, oldest first; a world without memory ignores them.
        """
        ...


def checked_budget(budget_fen: Ints, cells: int) -> Ints:
    """A copy of the budgets, shape (cells,), once they are known to be whole fen of at least 0.

    Raises:
        ValueError: another shape, a type that is not whole, or a negative budget.
    """
    if budget_fen.shape != (cells,):
        raise ValueError(f"budgets must have one entry per cell, shape ({cells},), but got {budget_fen.shape}")
    if not np.issubdtype(budget_fen.dtype, np.integer) or np.any(budget_fen < 0):
        raise ValueError(f"budgets must be whole fen of at least 0, but got {budget_fen.dtype} {budget_fen.min()}")
    return budget_fen.astype(np.int64)
