"""Upper confidence bound (置信上界): each cell is planned on the upper quantile of its curve.

Optimism in the face of uncertainty: what is little known looks good until it has been tried. The quantile is taken of
the drawn curves at every cost, cell by cell; the first day's is the prior's.

Source: Auer, Cesa-Bianchi, Fischer, "Finite-time analysis of the multiarmed bandit problem", Machine Learning 47
(2002); with a posterior's quantile as the bound: Kaufmann, Cappe, Garivier, "On Bayesian upper confidence bounds for
bandit problems", AISTATS (2012).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.curve_plan import best_budgets
from adspend.strategies.observed import observe
from adspend.strategies.posterior import fitted, mean_curves
from adspend.strategies.rules import open_ranges
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text
from adspend_models.bank import Floats
from adspend_models.memory import Memory


@final
@dataclass(frozen=True, slots=True)
class Ucb:
    """``quantile`` of the posterior is what a cell is planned on; 0.75 is two thirds of a standard deviation up."""

    name: ClassVar[str] = "ucb"
    label: ClassVar[Text] = Text("置信上界", "upper confidence bound")

    quantile: float = 0.75

    def open(self, shop: Shop, seed: int) -> _Session:
        """A run of days; ``seed`` is of the posterior's draws."""
        return _Session(self, shop, seed)


@dataclass(frozen=True, slots=True)
class _Session:
    rule: Ucb
    shop: Shop
    seed: int
    memory: Memory = field(default_factory=Memory)

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """The best budgets on the upper curves."""
        ranges = open_ranges(self.shop, observe(self.shop, report, date).histories())
        bank = fitted(self.shop, report, date, self.seed, memory=self.memory)

        def upper(cost: Floats) -> Floats:
            return np.asarray(np.quantile(bank.order_draws(cost), self.rule.quantile, axis=0), dtype=np.float64)

        return best_budgets(self.shop, replace(mean_curves(self.shop, bank), orders=upper), ranges)
