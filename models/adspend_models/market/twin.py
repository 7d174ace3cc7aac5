"""A twin (孪生店铺): a world calibrated from a shop's own fitted curves, to rehearse on before money is spent.

    curves of a twin  = one posterior draw per seed, joint over the cells, at the fitted weekday's level removed
    its luck          = the fitted dispersion, weekday factors and day shocks

Twins of different seeds differ as much as the posterior is unsure: a plan that does well on all of them does not rest
on a curve that nobody knows. What the bank does not know the twin does not either: order values are posterior means,
natural orders are left out, the funnel and the refunds' lag are the caller's, nothing has memory.

The curves are the estimator's own: here that is the point, where ``truth`` must not share its code.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats
from adspend_models.market.noise import NoisyWorld
from adspend_models.market.refunds import Refunded
from adspend_models.market.scaled import ScaledTruth
from adspend_models.market.shock import DayShock
from adspend_models.market.weekday import WeekdayTruth
from adspend_models.posterior import PosteriorBank

DAYS_A_WEEK = 7


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnTruth:
    """Draw ``draw`` of a posterior as the truth of an average weekday: ``scale`` times the planning date's."""

    bank: PosteriorBank
    draw: int
    scale: float

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The bank's."""
        return self.bank.cells

    @property
    def order_value(self) -> Floats:
        """The bank's, yuan (n,)."""
        return self.bank.order_value

    def mean_orders(self, date: datetime.date, cost: Floats, past: Sequence[Day] = ()) -> Floats:  # noqa: ARG002
        """Orders at ``cost`` (n,) or (n, m), the same every day."""
        orders = self.bank.one_draw(self.draw, cost.reshape(len(self.cells), -1))
        return np.asarray(self.scale * orders.reshape(cost.shape), dtype=np.float64)

    def natural_orders(self, date: datetime.date, past: Sequence[Day] = ()) -> Floats:  # noqa: ARG002
        """None: a bank keeps only what cost brings."""
        return np.zeros(len(self.cells))


def twin_truth(bank: PosteriorBank, seed: int) -> WeekdayTruth:
    """The curves of draw ``seed`` (modulo the draws), on a week like the fitted one."""
    week = np.array(bank.hyper.weekday)
    drawn = DrawnTruth(bank=bank, draw=seed % bank.draws, scale=float(week.mean() / week[bank.plan_date.weekday()]))
    factors = week / week.mean()
    return WeekdayTruth(truth=drawn, factors=tuple(factors.tolist()))


def twin_world(  # one argument per thing that the bank does not know
    bank: PosteriorBank,
    seed: int,
    *,
    refund_rate: float,
    refund_daily: float = 0.25,
    order_value_cv: float = 0.6,
    cpm: float = 50.0,
    ctr: float = 0.04,
) -> Refunded:
    """A world of the twin's curves.

    Args:
        bank: the shop's fitted curves.
        seed: chooses the posterior draw and keys the luck.
        refund_rate: share of orders refunded in the end.
        refund_daily: share of the refunds still to come that arrives each day.
        order_value_cv: coefficient of variation of one order's value.
        cpm: yuan per thousand impressions.
        ctr: clicks per impression.
    """
    n = len(bank.cells)
    shock = DayShock(cells=bank.cells, seed=seed, sd=bank.hyper.day_shock)
    noisy = NoisyWorld(
        truth=ScaledTruth(truth=twin_truth(bank, seed), effect=shock, natural=True),
        seed=seed,
        dispersion=bank.hyper.dispersion,
        order_value_cv=order_value_cv,
        cpm=np.full(n, cpm),
        ctr=np.full(n, ctr),
        funnel_sd=0.08,
    )
    return Refunded(world=noisy, seed=seed, rate=refund_rate, daily=refund_daily)
