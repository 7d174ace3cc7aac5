"""What the two refitting strategies share: three days of levels to have something to fit, then own curves daily."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.observed import observe
from adspend.strategies.own_hill import FEWEST_DAYS, OwnHill, fit_own_hills
from adspend.strategies.rules import evenly, most_of, open_ranges, snap, wide_levels
from adspend_datasets.report import TrafficReport
from adspend_models.bank import Floats

LEVELS = (0.3, 1.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refitted:
    """What an optimiser is given: curves, the last split and each cell's most (yuan, (n,)), and the shop."""

    shop: Shop
    curves: OwnHill
    current: Floats
    most: Floats

    @property
    def budget(self) -> float:
        """The day's budget, yuan."""
        return self.shop.budget_fen / 100

    @property
    def rate(self) -> float:
        """Net value before ad cost per yuan of GMV."""
        return self.shop.economics.net_value_rate


@dataclass(frozen=True, slots=True)
class RefitSession:
    """Levels first, then ``optimise``: from what was refitted to a wished split, yuan (n,)."""

    shop: Shop
    optimise: Callable[[Refitted], Floats]

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """The optimiser's split, snapped to the shop's rules."""
        seen = observe(self.shop, report, date)
        most = most_of(open_ranges(self.shop, seen.histories()))
        if len(seen.day) < FEWEST_DAYS:
            return snap(self.shop, wide_levels(self.shop, LEVELS, -len(seen.day)), most)
        current = np.nan_to_num(seen.cost[-1])
        current = current if current.any() else evenly(self.shop) / 100
        curves = fit_own_hills(seen.cost, seen.gmv)
        given = Refitted(shop=self.shop, curves=curves, current=np.minimum(current, most / 100), most=most / 100)
        return snap(self.shop, 100 * self.optimise(given), most)
