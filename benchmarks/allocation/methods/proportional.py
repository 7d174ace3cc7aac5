"""A split by return: each cell in proportion to its value per yuan at the even split, as far as its box allows."""

from __future__ import annotations

import numpy as np

from adspend.measures import grid
from adspend.problem import Problem
from benchmarks.allocation.methods.whole_steps import Floats, boxes, budget_of, in_whole_steps

HALVINGS = 60  # of a factor's interval: below a fen


def proportional(problem: Problem) -> tuple[int, ...]:
    """Spends in fen."""
    least, most = boxes(problem)
    budget = budget_of(problem)
    even = np.clip(np.full(most.size, budget / max(1, int((most > 0).sum()))), least, most)
    value = np.maximum(grid(problem).at("value", even), 0.0)
    rate = np.divide(value, even, out=np.zeros_like(value), where=even > 0)
    return in_whole_steps(problem, _scaled(rate, most, float(budget)))


def _scaled(rate: Floats, most: Floats, budget: float) -> Floats:
    """``rate`` times the factor at which the spends, cut to their boxes, use the budget (or all boxes are full)."""
    if rate.sum() == 0:
        return np.zeros_like(rate)
    low, high = 0.0, float((most[rate > 0] / rate[rate > 0]).max())
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(rate * middle, most).sum() <= budget else (low, middle)
    return np.minimum(rate * low, most)
