"""Curves as tomorrow's hosts and groups change them: a factor on every measure, and commission off the value.

    orders' = f orders,  gmv' = f gmv,  value' = f (value - c gmv)

f is the host's factor of the slot, c the commission rates of the cell's groups added up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.value_curves import Expected, ValueCurves
from adspend_datasets.cell import Cell
from adspend_models.bank import Floats, Grading, Observations


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdjustedCurves:
    """``ValueCurves`` with a ``factor`` and a ``commission`` per cell, shape (n,)."""

    curves: ValueCurves
    factor: Floats
    commission: Floats

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in the order of every array."""
        return self.curves.cells

    @property
    def gradings(self) -> tuple[Grading, ...]:
        """How far each curve may be trusted."""
        return self.curves.gradings

    @property
    def observations(self) -> tuple[Observations, ...]:
        """What was observed of each cell."""
        return self.curves.observations

    def expected(self, cost: Floats) -> Expected:
        """Expectations at ``cost`` (n, m) yuan."""
        base, factor = self.curves.expected(cost), self.factor[:, None]
        value = factor * (base.value - self.commission[:, None] * base.gmv)
        return Expected(value=value, orders=factor * base.orders, gmv=factor * base.gmv)

    def value_draws(self, cost: Floats) -> Floats:
        """Each draw changed as its mean is, shape (d, n, m)."""
        before, after = self.curves.expected(cost).value, self.expected(cost).value
        ratio = np.divide(after, before, out=np.ones_like(after), where=before != 0)
        return np.asarray(self.curves.value_draws(cost) * ratio, dtype=np.float64)

    def observed_value(self, i: int) -> Floats:
        """What was observed, as it was."""
        return self.curves.observed_value(i)

    def spend_points(self, i: int, minimum_fen: int, maximum_fen: int, step_fen: int) -> Ints:
        """The spends at which cell i's curve is tabulated."""
        return self.curves.spend_points(i, minimum_fen, maximum_fen, step_fen)


def adjusted(shop: Shop, curves: ValueCurves) -> ValueCurves:
    """The curves under the shop's hosts and group commissions; themselves where there are none."""
    factors = {host.slot: host.factor for host in shop.hosts}
    factor = np.array([factors.get(cell.slot, 1.0) for cell in curves.cells])
    commission = np.array(
        [sum(group.commission_rate for group in shop.groups if group.covers(cell)) for cell in curves.cells]
    )
    if (factor == 1.0).all() and not commission.any():
        return curves
    return AdjustedCurves(curves=curves, factor=factor, commission=commission)
