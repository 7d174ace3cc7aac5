"""The clairvoyant (先知基线): plans every day on the true curves, under the shop's own limits.

It is the 100 % of every score, not a strategy: it sees the truth. Each day it takes the true mean orders of that day,
given the days before, as curves, and allocates them with the engine's allocator within the shop's limits, the caps of
its own history among them; on its first day no cell has a history, so no cap holds.

It is myopic: what today's spending does to tomorrow (seeding, fatigue, the platform's learning, caps) enters only
through today's state. In a world where days are linked a plan that sees further could earn more; where they are not,
it is the optimum to the allocator's gap of 0.1 %.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from adspend.history import UNSEEN, CellHistory
from adspend.problem import Ints
from adspend.shop import Shop
from adspend.solve import SolveSettings
from adspend.strategies.curve_plan import QUICK, OrderCurves, best_budgets
from adspend.strategies.rules import open_ranges
from adspend_models.market.day import Day
from adspend_models.market.world import World


@final
@dataclass(frozen=True, slots=True)
class Clairvoyant:
    """Knows the world's truth. The world's cells are the shop's, in the same order."""

    world: World
    shop: Shop
    settings: SolveSettings = QUICK

    def __post_init__(self) -> None:
        """Refuses a world and a shop of different cells."""
        if self.world.truth.cells != self.shop.grid:
            raise ValueError("the cells of the world must be the shop's, in the order of `shop.grid`")

    def decide(self, date: datetime.date, past: Sequence[Day]) -> Ints:
        """The budgets of ``date`` after the days ``past``, fen (n,).

        Raises:
            NoPlanError: no budgets meet the shop's limits.
        """
        truth = self.world.truth
        curves = OrderCurves(
            cells=truth.cells,
            orders=lambda cost: truth.mean_orders(date, cost, past),
            order_value=truth.order_value,
            net_value_rate=self.shop.economics.net_value_rate,
        )
        ranges = open_ranges(self.shop, executed(past, len(truth.cells)))
        return best_budgets(self.shop, curves, ranges, settings=self.settings)


def executed(past: Sequence[Day], n: int) -> tuple[CellHistory, ...]:
    """Each cell's history, read from the executed days; like a report's, it counts what was spent."""
    if not past:
        return (UNSEEN,) * n
    cost = np.array([day.cost_fen for day in past], dtype=np.int64)
    last = len(past) - 1 - (cost > 0)[::-1].argmax(axis=0)
    active = cost[last, np.arange(n)]  # 0 for a cell that never spent
    return tuple(
        CellHistory(yesterday_fen=then, last_active_fen=before, tested_fen=most)
        for then, before, most in zip(cost[-1].tolist(), active.tolist(), cost.max(axis=0).tolist(), strict=True)
    )
