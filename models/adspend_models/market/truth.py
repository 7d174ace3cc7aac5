"""The truth (真实曲线): what a world expects of every cell, by date and cost.

Notation: n cells, m costs per cell. Costs are yuan per day, orders are per day, order value is yuan per order.

    mean_orders_i(x) = ceiling_i * x^a_i / (x^a_i + half_i^a_i)          Hill, S-shaped where a_i > 1
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Protocol, final

import numpy as np

from adspend_datasets.cell import Cell
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

    def mean_orders(self, date: datetime.date, cost: Floats) -> Floats:
        """Expected orders on ``date`` at ``cost``, shape (n,) or (n, m); same shape; 0 at cost 0."""
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

    def mean_orders(self, date: datetime.date, cost: Floats) -> Floats:  # noqa: ARG002  this truth has no calendar
        """Expected orders at ``cost`` (n,) or (n, m); the date does not matter here."""
        column = (-1,) + (1,) * (cost.ndim - 1)
        share = _hill(cost, self.half_cost.reshape(column), self.shape.reshape(column))
        return np.asarray(self.ceiling.reshape(column) * share, dtype=np.float64)
