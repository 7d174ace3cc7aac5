"""Noise (随机性): mean curves become counted orders with values, by inverse distribution functions of keyed luck.

Notation (per cell and day): x cost, yuan; mu = mean orders at x, natural ones included; u, u_j keyed uniforms that do
not depend on x.

    orders        N   = NegBin^{-1}(u; mean mu, dispersion k)          variance mu + mu^2 / k
    value of j    V_j = v exp(s Phi^{-1}(u_j) - s^2 / 2),  s^2 = ln(1 + cv^2)      lognormal with mean v
    impressions       = floor(1000 x / (cpm * luck)),  clicks = floor(impressions * ctr * luck)

N rises with mu for fixed u and later orders do not change earlier ones, so orders, GMV, impressions and clicks never
fall when the budget rises: a strategy cannot gain or lose by luck it did not have.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import ndtri
from scipy.stats import nbinom

from adspend_models.market.day import Day, split_by_cell
from adspend_models.market.luck import Floats, Ints, cell_uniforms
from adspend_models.market.truth import Truth
from adspend_models.market.world import checked_budget

FEN_PER_YUAN = 100


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NoisyWorld:
    """Spends every budget in full and draws the day's funnel and orders.

    Attributes:
        truth: mean orders and order values.
        seed: of all luck in this world.
        dispersion: k of the negative binomial; large is nearly Poisson.
        order_value_cv: coefficient of variation of one order's value.
        cpm: yuan per thousand impressions, shape (n,).
        ctr: clicks per impression, shape (n,).
        funnel_sd: standard deviation of the logarithm of a day's CPM, and of its CTR.
    """

    truth: Truth
    seed: int
    dispersion: float
    order_value_cv: float
    cpm: Floats
    ctr: Floats
    funnel_sd: float

    def __post_init__(self) -> None:
        """Refuses spreads that are not positive and a funnel that is not one entry per cell."""
        for name in ("dispersion", "order_value_cv"):
            if getattr(self, name) <= 0:
                raise ValueError(f"`{name}` must be above 0, but got {getattr(self, name)}")
        for name in ("cpm", "ctr"):
            if getattr(self, name).shape != (len(self.truth.cells),):
                raise ValueError(f"`{name}` must have one entry per cell, but got {getattr(self, name).shape}")

    def day(self, date: datetime.date, budget_fen: Ints, past: Sequence[Day] = ()) -> Day:
        """The day's rows when every yuan of the budgets is spent."""
        cells = self.truth.cells
        budget = checked_budget(budget_fen, len(cells))
        cost = budget / FEN_PER_YUAN
        luck = cell_uniforms([3] * len(cells), seed=self.seed, effect="day", cells=cells, date=date).reshape(-1, 3)
        mean = self.truth.mean_orders(date, cost, past) + self.truth.natural_orders(date, past)
        orders = self._orders(mean, luck[:, 0])
        spread = np.exp(self.funnel_sd * ndtri(luck[:, 1:]))
        # No order without a click, no click without an impression, however unlucky the funnel.
        impressions = np.maximum(np.floor(1000 * cost / (self.cpm * spread[:, 0])).astype(np.int64), orders)
        clicks = np.floor(impressions * np.minimum(self.ctr * spread[:, 1], 1.0)).astype(np.int64)
        return Day(
            date=date,
            cells=cells,
            budget_fen=budget,
            cost_fen=budget,
            impressions=impressions,
            clicks=np.maximum(clicks, orders),
            order_fen=self._order_values(date, orders),
        )

    def _orders(self, mean: Floats, luck: Floats) -> Ints:
        counts = nbinom.ppf(luck, self.dispersion, self.dispersion / (self.dispersion + mean))
        return np.where(mean > 0, counts, 0).astype(np.int64)

    def _order_values(self, date: datetime.date, orders: Ints) -> tuple[Ints, ...]:
        sd = np.sqrt(np.log1p(self.order_value_cv**2))
        cells = self.truth.cells
        luck = cell_uniforms(orders.tolist(), seed=self.seed, effect="order value", cells=cells, date=date)
        yuan = np.repeat(self.truth.order_value, orders) * np.exp(sd * ndtri(luck) - sd**2 / 2)
        # A paid order has a price: at least one fen.
        return split_by_cell(np.maximum(np.rint(yuan * FEN_PER_YUAN), 1).astype(np.int64), orders)
