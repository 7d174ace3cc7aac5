"""Split by last return (按回报分配): tomorrow's budget in proportion to each cell's latest ROI.

The first day is an even split. A cell that rests keeps the ROI of its last active day; one whose last day sold
nothing gets nothing from then on, as a split by return has no way back.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.observed import observe
from adspend.strategies.rules import evenly, most_of, open_ranges, snap
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text


@final
@dataclass(frozen=True, slots=True)
class ReturnProportional:
    """Chases yesterday's winners."""

    name: ClassVar[str] = "return-proportional"
    label: ClassVar[Text] = Text("按上次回报分配", "split by last return")

    def open(self, shop: Shop, seed: int) -> _Session:
        """A run of days; there is no luck in it."""
        del seed
        return _Session(shop)


@dataclass(frozen=True, slots=True)
class _Session:
    shop: Shop

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """The budget in proportion to the last returns."""
        seen = observe(self.shop, report, date)
        most = most_of(open_ranges(self.shop, seen.histories()))
        roi = np.nan_to_num(seen.last_active(seen.gmv) / seen.last_active(seen.cost))
        if roi.sum() == 0:
            return snap(self.shop, evenly(self.shop), most)
        return snap(self.shop, self.shop.budget_fen * roi / roi.sum(), most)
