"""Even split (平均分配): the same budget for every cell, every day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import ClassVar, final

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.observed import observe
from adspend.strategies.rules import evenly, most_of, open_ranges, snap
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text


@final
@dataclass(frozen=True, slots=True)
class EvenSplit:
    """What a strategy has to beat before anything else."""

    name: ClassVar[str] = "even-split"
    label: ClassVar[Text] = Text("平均分配", "even split")

    def open(self, shop: Shop, seed: int) -> _Session:
        """A run of days; there is no luck in it."""
        del seed
        return _Session(shop)


@dataclass(frozen=True, slots=True)
class _Session:
    shop: Shop

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """The even split."""
        most = most_of(open_ranges(self.shop, observe(self.shop, report, date).histories()))
        return snap(self.shop, evenly(self.shop), most)
