"""The shop rating (体验分): customer service that cannot answer loses rating, and a worse rating loses traffic.

    overload = max(0, orders * consult_rate / (agents * sessions) - 1)        of one past day, whole shop
    lost     = sum over past days of memory^(age - 1) * penalty * overload
    factor   = max(floor, 1 - lost)

Source: 26 agents were one large shop's team, 50-80 sessions an agent and day are called normal (one page); that the
rating decides traffic is official, by how much was not found: penalty, memory and floor are assumptions.
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
from adspend_models.market.past import ages, past_orders


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRating:
    """``sessions`` an agent holds a day; ``consult_rate`` sessions an order asks for."""

    cells: tuple[Cell, ...]
    agents: int = 26
    sessions: float = 65.0
    consult_rate: float = 0.6
    penalty: float = 0.3
    memory: float = 0.8
    floor: float = 0.5

    def __post_init__(self) -> None:
        """Refuses a capacity or rate that is not positive and shares outside their range."""
        if self.agents < 1 or min(self.sessions, self.consult_rate) <= 0 or self.penalty < 0:
            raise ValueError("`agents >= 1`, `sessions`, `consult_rate` above 0 and `penalty >= 0` must hold")
        if not (0 <= self.memory < 1 and 0 <= self.floor <= 1):
            raise ValueError(f"`memory` in [0, 1), `floor` in [0, 1] must hold, but got {self.memory}, {self.floor}")

    def factor(self, date: datetime.date, past: Sequence[Day]) -> Floats:
        """What the rating leaves of the traffic, the same in every cell, (n,)."""
        n = len(self.cells)
        consults = past_orders(past, n).sum(axis=1) * self.consult_rate
        overload = np.maximum(consults / (self.agents * self.sessions) - 1, 0.0)
        lost = self.penalty * float(self.memory ** (ages(date, past) - 1.0) @ overload)
        return np.full(n, max(self.floor, 1 - lost))
