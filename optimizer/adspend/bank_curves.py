"""Fitted curves in money: a curve bank times the shop's economics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from adspend.problem import Ints
from adspend.value_curves import Expected
from adspend_datasets.cell import Cell
from adspend_models.bank import CurveBank, Floats, Grading, Observations

# Geometric spacing over a range of 20 keeps the chord within 0.19 % of the value for Hill shapes up to 3 (0.062 % up to
# 2) (tested); 300 to 6,000 in steps of 100 are all points, so that the proof can tell every step from the next.
MOST_POINTS = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BankCurves:
    """``ValueCurves`` of a bank; ``net_value_rate`` is net value before ad cost per yuan of GMV."""

    bank: CurveBank
    net_value_rate: float

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in the order of every array."""
        return self.bank.cells

    @property
    def gradings(self) -> tuple[Grading, ...]:
        """How far each curve may be trusted."""
        return self.bank.gradings

    @property
    def observations(self) -> tuple[Observations, ...]:
        """What was observed of each cell."""
        return self.bank.observations

    def expected(self, cost: Floats) -> Expected:
        """Posterior means at ``cost`` (n, m) yuan."""
        orders = self.bank.mean_orders(cost)
        gmv = orders * self.bank.order_value[:, None]
        return Expected(value=gmv * self.net_value_rate, orders=orders, gmv=gmv)

    def value_draws(self, cost: Floats) -> Floats:
        """Net value under each posterior draw, shape (d, n, m)."""
        worth = self.bank.order_value[:, None] * self.net_value_rate
        return np.asarray(self.bank.order_draws(cost) * worth, dtype=np.float64)

    def observed_value(self, i: int) -> Floats:
        """Net value of each observed day of cell i, yuan."""
        return self.bank.observations[i].gmv * self.net_value_rate

    def spend_points(self, i: int, minimum_fen: int, maximum_fen: int, step_fen: int) -> Ints:
        """Points on the step grid: all of them where few, else geometrically spaced; the same rule for every cell."""
        del i
        return spaced_points(minimum_fen, maximum_fen, step_fen)


@lru_cache(maxsize=4096)  # a shop's cells share few ranges; read-only, because they share the points too
def spaced_points(minimum_fen: int, maximum_fen: int, step_fen: int) -> Ints:
    """Spends from minimum to maximum on the step grid.

    >>> spaced_points(300, 600, 100).tolist()
    [300, 400, 500, 600]
    """
    if (maximum_fen - minimum_fen) // step_fen < MOST_POINTS:
        points: Ints = np.arange(minimum_fen, maximum_fen + 1, step_fen, dtype=np.int64)
    else:
        inner = np.geomspace(minimum_fen, maximum_fen, MOST_POINTS)[1:-1].astype(np.int64) // step_fen * step_fen
        points = np.unique(np.concatenate([[minimum_fen], inner, [maximum_fen]]))
    points.flags.writeable = False
    return points
