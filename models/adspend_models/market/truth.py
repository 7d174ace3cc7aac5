"""The truth (真实曲线): what a world expects of every cell, by date, cost and the days before.

Notation: n cells, m costs per cell. Costs are yuan per day, orders are per day, order value is yuan per order.

    mean_orders_i(x) = ceiling_i * x^a_i / (x^a_i + half_i^a_i)          Hill, S-shaped where a_i > 1
    expected today   = mean_orders_i(x) + natural_orders_i

What today's cost brings and what comes without it are two columns, because only the first can be planned with: a plan
that cannot change an order must not be credited with it. A report shows their sum, as a shop's own report does, so a
paused cell may have a row with orders and no cost.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, final

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats


class Truth(Protocol):
    """The curves that a strategy never sees and the clairvoyant plans with."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in the order of every array."""
        ...

    @property
    def order_value(self) -> Floats:
        """Mean GMV per order, yuan; shape (n,)."""
        ...

    def mean_orders(self, date: datetime.date, cost: Floats, past: Sequence[Day] = ()) -> Floats:
        """Orders that today's ``cost`` is expected to bring, shape (n,) or (n, m); same shape; 0 at cost 0.

        Given the ``past`` (oldest first) this is everything a myopic planner can want: it leaves out what today's
        cost does for later days.
        """
        ...

    def natural_orders(self, date: datetime.date, past: Sequence[Day] = ()) -> Floats:
        """Orders expected on ``date`` whatever is spent on it (自然流量, and what earlier days sowed); shape (n,)."""
        ...


# The base world's curve is written out here although the estimator has a Hill of its own: if truth and estimate
# shared code, a fault in it would cancel out and no simulation could show it.
def _hill(cost: Floats, half: Floats, shape: Floats) -> Floats:
    powered = np.power(cost / half, shape)
    return np.asarray(powered / (1.0 + powered), dtype=np.float64)


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HillTruth:
    """One Hill curve per cell, the same every day.

    Shapes: ``ceiling`` (orders per day), ``half_cost`` (yuan per day), ``shape`` and ``order_value`` all (n,).
    """

    cells: tuple[Cell, ...]
    ceiling: Floats
    half_cost: Floats
    shape: Floats
    order_value: Floats

    def __post_init__(self) -> None:
        """Refuses parameters that are not positive numbers, one per cell."""
        for name in ("ceiling", "half_cost", "shape", "order_value"):
            column = getattr(self, name)
            if column.shape != (len(self.cells),):
                raise ValueError(f"`{name}` must have shape ({len(self.cells)},), but got {column.shape}")
            if not np.all(np.isfinite(column) & (column > 0)):
                raise ValueError(f"`{name}` must be above 0 in every cell, but got {column.min()}")

    # This truth has no calendar and no memory.
    def mean_orders(self, date: datetime.date, cost: Floats, past: Sequence[Day] = ()) -> Floats:  # noqa: ARG002
        """Expected orders at ``cost`` (n,) or (n, m); neither the date nor the past matters here."""
        share = _hill(cost, as_column(self.half_cost, cost), as_column(self.shape, cost))
        return np.asarray(as_column(self.ceiling, cost) * share, dtype=np.float64)

    def natural_orders(self, date: datetime.date, past: Sequence[Day] = ()) -> Floats:  # noqa: ARG002
        """None: every order of the base world is bought."""
        return np.zeros(len(self.cells))


def as_column(per_cell: Floats, cost: Floats) -> Floats:
    """A column (n,), shaped so that it multiplies costs of shape (n,) or (n, m) cell by cell."""
    return per_cell.reshape((-1,) + (1,) * (cost.ndim - 1))
