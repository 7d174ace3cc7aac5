"""The morning's posterior: what every strategy that learns curves fits, on the reports alone.

Hill curves only and few draws: a strategy is run for hundreds of days, and neither moves a score by what strategies
differ by.
"""

from __future__ import annotations

import datetime

import numpy as np

from adspend.day import prior_of, rows_before
from adspend.shop import Shop
from adspend.strategies.curve_plan import OrderCurves
from adspend_datasets.report import TrafficReport
from adspend_models.fit import fit_curves
from adspend_models.memory import Memory
from adspend_models.posterior import PosteriorBank
from adspend_models.shapes import HILL

DRAWS = 60


def fitted(
    shop: Shop,
    report: TrafficReport,
    date: datetime.date,
    seed: int,
    draws: int = DRAWS,
    memory: Memory | None = None,
) -> PosteriorBank:
    """The shop's curves for ``date`` from the rows before it; the draws are of (seed, date)."""
    known = rows_before(shop, report, date)
    rng = np.random.default_rng([seed, date.toordinal()])
    return fit_curves(
        known,
        shop.grid,
        plan_date=date,
        prior=prior_of(shop, known),
        rng=rng,
        draws=draws,
        shapes=(HILL,),
        memory=memory,
    )


def mean_curves(shop: Shop, bank: PosteriorBank) -> OrderCurves:
    """The posterior-mean curves: the risk-neutral plan's."""
    return OrderCurves(
        cells=bank.cells,
        orders=bank.mean_orders,
        order_value=bank.order_value,
        net_value_rate=shop.economics.net_value_rate,
    )
