"""Epsilon-greedy (ε-贪心): the best budgets on the posterior mean, with a share of the money on cells taken at random.

    first day                an even split: every cell once
    epsilon of the budget    cells in random order, an even split each, while the money lasts; at least one
    the rest                 exact allocation on the posterior-mean curves

Source: Sutton and Barto, "Reinforcement Learning", section 2.2; for budgets the share is of money, not of days.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, final

import numpy as np

from adspend.caps import CellRange
from adspend.money import floor_to_step
from adspend.planned_test import Test
from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.curve_plan import best_budgets
from adspend.strategies.observed import observe
from adspend.strategies.posterior import fitted, mean_curves
from adspend.strategies.rules import evenly, most_of, open_ranges, snap
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text
from adspend_models.memory import Memory


@final
@dataclass(frozen=True, slots=True)
class EpsilonGreedy:
    """``epsilon`` is the share of the day's budget that goes to cells taken at random; 0 is plain greed."""

    name: ClassVar[str] = "epsilon-greedy"
    label: ClassVar[Text] = Text("ε-贪心（后验均值）", "epsilon-greedy on the posterior mean")

    epsilon: float = 0.1

    def open(self, shop: Shop, seed: int) -> _Session:
        """A run of days; which cells are taken is of ``seed``."""
        return _Session(self, shop, seed)


@dataclass(frozen=True, slots=True)
class _Session:
    rule: EpsilonGreedy
    shop: Shop
    seed: int
    memory: Memory = field(default_factory=Memory)

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """Greed beside the random cells."""
        seen = observe(self.shop, report, date)
        ranges = open_ranges(self.shop, seen.histories())
        if not len(seen.day):
            return snap(self.shop, evenly(self.shop), most_of(ranges))
        bank = fitted(self.shop, report, date, self.seed, memory=self.memory)
        return best_budgets(self.shop, mean_curves(self.shop, bank), ranges, self._at_random(date, ranges))

    def _at_random(self, date: datetime.date, ranges: Sequence[CellRange]) -> tuple[Test, ...]:
        rng = np.random.default_rng([self.seed, date.toordinal(), 1])  # 1: not the luck of the posterior's draws
        order = rng.permutation(len(ranges))
        level = max(floor_to_step(self.shop.budget_fen // order.size, self.shop.step_fen), self.shop.minimum_fen)
        spend = np.minimum(level, most_of(ranges))[order]
        reserve = max(self.rule.epsilon * self.shop.budget_fen, level) if self.rule.epsilon else 0
        affordable = (spend > 0) & (np.cumsum(spend) <= reserve)
        locked = {(lock.segment, lock.slot) for lock in self.shop.locks}
        return tuple(
            Test(index=int(i), spend_fen=int(amount), promise=0.0)
            for i, amount in zip(order[affordable], spend[affordable], strict=True)
            if (self.shop.grid[i].segment, self.shop.grid[i].slot) not in locked
        )
