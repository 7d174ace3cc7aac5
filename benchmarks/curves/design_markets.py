"""Markets for tests of tests: forty cells with known curves, and what operators have learned of them so far.

Half-saturation has a median of 2.25 even splits and log-sd 0.7, the first slope log-sd 0.5, and the median cell sells
3 orders a day at an even split of 300 yuan. In fourteen days an operator has run a third of the cells at 1.5 to 3 even
splits by habit, a third at 0.1 to 0.6, and never the rest.

| market | what differs |
|---|---|
| saturating | curves flatten from the first yuan (exponent 1), orders scatter with size 5 |
| S-shaped | exponents 1.3 to 2.3 |
| noisy | size 1.5 |
| cold start | no history |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELLS, EVEN, DAYS = 40, 300.0, 14
MARKETS = ("saturating", "S-shaped", "noisy", "cold start")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Market:
    """True curves of n cells, the scatter of their orders, and the days observed, (n, T)."""

    height: Floats
    half: Floats
    exponent: Floats
    size: float
    cost: Floats
    orders: Ints

    def expected(self, cost: Floats) -> Floats:
        """True expected orders at ``cost`` (n, m), yuan."""
        power = np.where(cost > 0, cost, 0.0) ** self.exponent[:, None]
        return np.asarray(self.height[:, None] * power / (self.half[:, None] ** self.exponent[:, None] + power))

    def sell(self, cost: Floats, rng: np.random.Generator) -> Ints:
        """Orders at ``cost`` (n, m); none without spend."""
        mean = np.maximum(self.expected(cost), 1e-12)
        return np.where(cost > 0, rng.poisson(rng.gamma(self.size, mean / self.size)), 0)


def draw_market(name: str, seed: int) -> Market:
    """The market of one seed."""
    rng = np.random.default_rng([7, seed])
    half = EVEN * 2.25 * np.exp(0.7 * rng.standard_normal(CELLS))
    height = half * np.exp(0.5 * rng.standard_normal(CELLS))
    exponent = 1.3 + rng.random(CELLS) if name == "S-shaped" else np.ones(CELLS)
    bare = Market(
        height=height,
        half=half,
        exponent=exponent,
        size=1.5 if name == "noisy" else 5.0,
        cost=np.zeros((CELLS, 0)),
        orders=np.zeros((CELLS, 0), dtype=np.int64),
    )
    height = height * 3.0 / np.median(bare.expected(np.full((CELLS, 1), EVEN)))
    known = Market(height=height, half=half, exponent=exponent, size=bare.size, cost=bare.cost, orders=bare.orders)
    return known if name == "cold start" else _after_habit(known, rng)


def _after_habit(market: Market, rng: np.random.Generator) -> Market:
    """The market after fourteen days of an operator's habit."""
    turn = rng.permutation(CELLS)
    usual = np.where(turn < 13, rng.uniform(1.5, 3.0, CELLS), np.where(turn < 27, rng.uniform(0.1, 0.6, CELLS), 0.0))
    cost = np.round(EVEN * usual[:, None] * np.exp(0.1 * rng.standard_normal((CELLS, DAYS))), 2)
    return Market(
        height=market.height,
        half=market.half,
        exponent=market.exponent,
        size=market.size,
        cost=cost,
        orders=market.sell(cost, rng),
    )
