"""The posterior bank: every cell's draws of its curve, and the mean of these curves.

The mean curve is the mean of the drawn curves, not the curve of mean parameters: what a plan maximises is
expected orders, and the two differ where a cell is little known (algorithm study: allocating on plugged-in parameters
is worth less than an even split).

Beyond the largest cost m a cell's curve was fitted to, no draw's return per yuan rises: a draw H with H(x)/x above
H(m)/m at x > m follows the ray H(m) x / m instead. Days up to m cannot tell how long increasing returns would go on,
and a plan looks for the cells that promise most. Measured on simulated shops (``benchmarks/curves/truth_worlds``, other
seeds, one-day commits without a cap): tests at one level, concave truth, value .53 of the best without the rule and .87
with it, promised over realised 3.3 and 1.09; three levels x 3 days, S-shaped truth, .72 and .75, 1.53 and 1.24; three
levels, concave truth, no difference.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_models.bank import Grading, Observations
from adspend_models.monotone import MonotoneCurves
from adspend_models.shape_choice import ShapeChoice
from adspend_models.shapes import Curves, Shape

Floats = NDArray[np.float64]

DRAWS_AT_ONCE = 16  # keeps a shop of 300 cells and 200 costs within 10 MB a temporary


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperSummary:
    """What the fit learned about the shop, in numbers a person can question.

    Returns and half-saturation are at the prior's reference cost. Spreads are log-sds between cells.
    """

    reference_cost: float  # the prior's, yuan per day
    order_return: float  # orders per yuan of the typical cell
    half_saturation: float  # yuan
    shape: float
    spread: tuple[float, float, float]  # of return, half-saturation, shape; within segment and slot
    scale_slope: tuple[float, float]  # of log return and of log half-saturation / own cost, per log cost
    dispersion: float  # the typical negative-binomial size
    weekday: tuple[float, ...]  # factors, Monday first
    phases: dict[str, float]  # factor of each festival phase over normal days
    plan_day: float  # the planning date's expected factor over the average day observed
    day_shock: float  # log-sd of what a day does to all cells alike
    rounds: int
    family: ShapeChoice

    @property
    def day_size(self) -> float:
        """Negative-binomial size of a day's orders: the cell's own scatter, and what the day does to all alike."""
        return 1.0 / (1.0 / self.dispersion + float(np.expm1(self.day_shock**2)))


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PosteriorBank:
    """Posterior curves of n cells for one planning date; implements ``bank.CurveBank``.

    Attributes:
        plan_date: The day the curves are for.
        plan_phase: The festival phase it lies in, "" on a normal day.
        cells: The cells, in the order asked for.
        gradings: One per cell.
        observations: One per cell.
        order_value: GMV per order, yuan, (n,).
        reference: The cost a curve's return is stated at, yuan, (n,): the cell's median, or the prior's.
        tested_max: The largest cost observed, yuan, (n,); 0 when never tested.
        fitted_max: The largest cost of the days the curves were fitted to, yuan, (n,); 0 without any.
        curves: d draws of the curves, (d, n), the planning date's effects in their levels.
        monotone: Curves through the observed days, by position in ``cells``: used where no family curve fits them.
        shape: The family of the curves.
        hyper: What was learned about the shop.
    """

    plan_date: datetime.date
    plan_phase: str
    cells: tuple[Cell, ...]
    gradings: tuple[Grading, ...]
    observations: tuple[Observations, ...]
    order_value: Floats
    reference: Floats
    tested_max: Floats
    fitted_max: Floats
    curves: Curves
    monotone: Mapping[int, MonotoneCurves]
    shape: Shape
    hyper: HyperSummary

    def mean_orders(self, cost: Floats) -> Floats:
        """Posterior-mean orders at ``cost`` (n, m), yuan per day; 0 at cost 0. Shape (n, m)."""
        total = np.zeros(np.shape(cost))
        for start in range(0, self.draws, DRAWS_AT_ONCE):
            total += self._orders(slice(start, start + DRAWS_AT_ONCE), cost).sum(axis=0)
        mean: Floats = total / self.draws
        for i, curves in self.monotone.items():
            mean[i] = curves.value(cost[i]).mean(axis=0)
        return mean

    def order_draws(self, cost: Floats) -> Floats:
        """Expected orders under each draw at ``cost`` (n, m), yuan per day. Shape (d, n, m)."""
        orders = self._orders(slice(None), cost)
        for i, curves in self.monotone.items():
            orders[:, i] = curves.value(cost[i])
        return orders

    def one_draw(self, draw: int, cost: Floats) -> Floats:
        """Expected orders under one draw at ``cost`` (n, m), yuan per day. Shape (n, m)."""
        orders: Floats = self._orders(slice(draw, draw + 1), cost)[0]
        for i, curves in self.monotone.items():
            orders[i] = curves.value(cost[i])[draw]
        return orders

    @property
    def draws(self) -> int:
        """How many draws."""
        return len(self.curves.level)

    def _orders(self, some: slice, cost: Floats) -> Floats:
        """Some of the draws at ``cost`` (n, m); see the module's docstring for costs beyond the tests."""
        curves, most = self._drawn(some), self.fitted_max[:, None]
        orders = curves.value(cost)
        beyond = (most > 0) & (cost > most)
        if not beyond.any():
            return orders
        ray = curves.value(most) * (cost / np.where(most > 0, most, 1.0))
        return np.minimum(orders, ray, out=orders, where=beyond)

    def _drawn(self, some: slice) -> Curves:
        """Some of the drawn curves, ready for costs (n, m)."""
        columns = (self.curves.level, self.curves.half, self.curves.exponent)
        level, half, exponent = (column[some, :, None] for column in columns)
        return Curves(level=level, half=half, exponent=exponent, response=self.curves.response)
