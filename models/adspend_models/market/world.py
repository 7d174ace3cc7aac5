"""A world (模拟市场): it takes a day's budgets and answers with the day's rows.

Notation: n cells. Money is integer fen.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.luck import Ints
from adspend_models.market.truth import Truth

KEPT = -1  # an order's refund lag when it is never refunded


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Day:
    """What happened on one business day: one entry per cell, and every single order.

    Shapes: ``budget_fen``, ``cost_fen``, ``impressions``, ``clicks`` (n,). ``order_fen`` holds one array per cell
    with the value of each order in order of arrival; ``refund_lag`` the days until each was refunded (``KEPT`` =
    never), or None in a world without refunds, whose refunds are missing rather than zero.
    """

    date: datetime.date
    cells: tuple[Cell, ...]
    budget_fen: Ints
    cost_fen: Ints
    impressions: Ints
    clicks: Ints
    order_fen: tuple[Ints, ...]
    refund_lag: tuple[Ints, ...] | None = None

    def __post_init__(self) -> None:
        """Refuses costs above the budget and columns of unequal length."""
        if np.any(self.cost_fen > self.budget_fen):
            raise ValueError(f"`cost_fen <= budget_fen` must hold, but got {self.cost_fen} over {self.budget_fen}")
        lengths = {len(self.cells), len(self.order_fen), len(self.refund_lag or self.order_fen)}
        lengths |= {column.size for column in (self.budget_fen, self.cost_fen, self.impressions, self.clicks)}
        if len(lengths) != 1:
            raise ValueError(f"a day's columns must have one entry per cell, but got the lengths {sorted(lengths)}")

    @property
    def orders(self) -> Ints:
        """Paid orders; shape (n,)."""
        return np.array([values.size for values in self.order_fen], dtype=np.int64)

    @property
    def gmv_fen(self) -> Ints:
        """Paid GMV before refunds; shape (n,)."""
        return np.array([values.sum() for values in self.order_fen], dtype=np.int64)

    def refund_fen(self, *, within_days: int) -> Ints | None:
        """GMV refunded at most ``within_days`` after the day; shape (n,). None in a world without refunds."""
        if self.refund_lag is None:
            return None
        pairs = zip(self.order_fen, self.refund_lag, strict=True)
        return np.array([v[(lag != KEPT) & (lag <= within_days)].sum() for v, lag in pairs], dtype=np.int64)


class World(Protocol):
    """Known curves, and days that follow them with luck."""

    @property
    def truth(self) -> Truth:
        """The true curves, every effect on the mean included."""
        ...

    def day(self, date: datetime.date, budget_fen: Ints) -> Day:
        """What happens on ``date`` under these budgets, shape (n,); 0 = paused. It changes nothing."""
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
