"""A day (一天): what happened in every cell, order by order.

Notation: n cells. Money is integer fen.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.luck import Ints

KEPT = -1  # an order's refund lag when it is never refunded


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Day:
    """What happened on one business day: one entry per cell, and every single order.

    Shapes: ``budget_fen``, ``cost_fen``, ``impressions``, ``clicks`` (n,). ``order_fen`` holds one array per cell
    with the value of each order, natural orders among them; a bigger day begins with the orders of the smaller.
    ``refund_lag`` holds the days until each was refunded (``KEPT`` = never), or is None in a world without refunds,
    whose refunds are missing rather than zero; ``product`` the index of the product that each order bought, or None.

    ``overspend`` is the share of a budget that the world's platform may spend on top of it: 0 in most worlds.
    ``orders`` and ``gmv_fen`` (n,), paid and before refunds, are counted at birth.
    """

    date: datetime.date
    cells: tuple[Cell, ...]
    budget_fen: Ints
    cost_fen: Ints
    impressions: Ints
    clicks: Ints
    order_fen: tuple[Ints, ...]
    refund_lag: tuple[Ints, ...] | None = None
    product: tuple[Ints, ...] | None = None
    overspend: float = 0.0
    orders: Ints = field(init=False)
    gmv_fen: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Refuses costs above the budget and its stated tolerance, and columns of unequal length."""
        lengths = {len(self.cells), len(self.order_fen), len(self.refund_lag or self.order_fen)}
        lengths |= {column.size for column in (self.budget_fen, self.cost_fen, self.impressions, self.clicks)}
        if len(lengths) != 1:
            raise ValueError(f"a day's columns must have one entry per cell, but got the lengths {sorted(lengths)}")
        if np.any(self.cost_fen > self.budget_fen * (1 + self.overspend)):
            law = "cost_fen <= budget_fen" + (f" * (1 + {self.overspend:g})" if self.overspend else "")
            raise ValueError(f"`{law}` must hold, but got {self.cost_fen} over {self.budget_fen}")
        object.__setattr__(self, "orders", np.array([values.size for values in self.order_fen], dtype=np.int64))
        object.__setattr__(self, "gmv_fen", self._per_cell(self._all_order_fen()))

    def refund_fen(self, *, within_days: int) -> Ints | None:
        """GMV refunded at most ``within_days`` after the day; shape (n,). None in a world without refunds."""
        if self.refund_lag is None:
            return None
        lag = np.concatenate(self.refund_lag) if self.refund_lag else np.empty(0, dtype=np.int64)
        return self._per_cell(np.where((lag != KEPT) & (lag <= within_days), self._all_order_fen(), 0))

    def _all_order_fen(self) -> Ints:
        return np.concatenate(self.order_fen) if self.order_fen else np.empty(0, dtype=np.int64)

    def _per_cell(self, values: Ints) -> Ints:
        """Sums of one value per order, (orders in all,), by cell, (n,)."""
        running = np.concatenate([[0], np.cumsum(values)])
        sums: Ints = np.diff(running[np.concatenate([[0], np.cumsum(self.orders)])])
        return sums


def split_by_cell(values: Ints, orders: Ints) -> tuple[Ints, ...]:
    """One value per order, (orders in all,), cut into one array per cell."""
    ends = np.cumsum(orders).tolist()
    return tuple(values[end - count : end] for end, count in zip(ends, orders.tolist(), strict=True))
