"""Thompson sampling (汤普森采样): one joint draw of all curves a day, allocated exactly as if it were the truth.

Exploration comes from the posterior's own spread: a cell that may be good is drawn good now and then. The scheme of
combinatorial Thompson sampling for budgets: a posterior per campaign, a draw, and a knapsack solved exactly each day.

Source: Nuara, Trovo, Gatti, Restelli, "Online joint bid/daily budget optimization of internet advertising campaigns",
Artificial Intelligence 305 (2022), AdComB-TS; there Gaussian processes, here pooled Hill curves.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import ClassVar, final

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.curve_plan import best_budgets
from adspend.strategies.observed import observe
from adspend.strategies.posterior import fitted, mean_curves
from adspend.strategies.rules import open_ranges
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text
from adspend_models.memory import Memory


@final
@dataclass(frozen=True, slots=True)
class Thompson:
    """Believes one draw a day."""

    name: ClassVar[str] = "thompson"
    label: ClassVar[Text] = Text("汤普森采样", "Thompson sampling")

    def open(self, shop: Shop, seed: int) -> _Session:
        """A run of days whose draws are of ``seed``."""
        return _Session(shop, seed)


@dataclass(frozen=True, slots=True)
class _Session:
    shop: Shop
    seed: int
    memory: Memory = field(default_factory=Memory)

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """The best budgets on today's draw: a bank of one draw, whose mean is that draw."""
        ranges = open_ranges(self.shop, observe(self.shop, report, date).histories())
        bank = fitted(self.shop, report, date, self.seed, draws=1, memory=self.memory)
        return best_budgets(self.shop, mean_curves(self.shop, bank), ranges)
