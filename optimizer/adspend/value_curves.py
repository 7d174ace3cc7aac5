"""The curves as the allocator sees them: what a cost brings in each cell, wherever the curve came from.

Notation: n cells, m costs per cell, d posterior draws. Costs and values in yuan per day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from adspend.problem import Ints
from adspend_datasets.cell import Cell
from adspend_models.bank import Floats, Grading, Observations


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expected:
    """Expectations at a cost, each of shape (n, m). ``value`` is net value before ad cost."""

    value: Floats
    orders: Floats
    gmv: Floats


class ValueCurves(Protocol):
    """Curves of n cells for one day."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in the order of every array."""
        ...

    @property
    def gradings(self) -> tuple[Grading, ...]:
        """How far each curve may be trusted."""
        ...

    @property
    def observations(self) -> tuple[Observations, ...]:
        """What was observed of each cell."""
        ...

    def expected(self, cost: Floats) -> Expected:
        """Expectations at ``cost`` (n, m) yuan; all zero at cost 0."""
        ...

    def value_draws(self, cost: Floats) -> Floats:
        """Net value before ad cost under each posterior draw, shape (d, n, m)."""
        ...

    def observed_value(self, i: int) -> Floats:
        """Net value before ad cost of each observed day of cell i, yuan; NaN where GMV is missing."""
        ...

    def spend_points(self, i: int, minimum_fen: int, maximum_fen: int, step_fen: int) -> Ints:
        """The spends at which cell i's curve is tabulated, rising from minimum to maximum (fen)."""
        ...
