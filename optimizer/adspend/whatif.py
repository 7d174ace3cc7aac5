"""What if a limit were another: the same shop solved again, warm, in the time of a click.

The first answer's prices say which points matter; their LP stays in HiGHS with its basis, so that another right-hand
side takes a few simplex steps, one repair and one look at the bound. An answer whose gap is wide is solved from
scratch instead: warm or cold, it is repaired, judged exactly, and comes with its bound.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from adspend.allocation import Allocation
from adspend.bound import ExactLagrangian
from adspend.branch import as_prices
from adspend.certificate import certify
from adspend.core import core_model
from adspend.measures import grid, total
from adspend.pinned import pinned
from adspend.problem import Problem
from adspend.repair import repair, roundings
from adspend.solve import allocate

POINTS_PER_CELL = 8  # around the first answer: enough for a budget half or twice as large
WIDE = 0.01  # gap beyond which a warm answer is solved again from scratch


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Spends (fen, options' levels after the cells'), what they are worth and what nothing can beat (micro-yuan)."""

    spend: tuple[int, ...]
    value_micro: int
    bound_micro: int
    warm: bool

    @property
    def gap(self) -> float:
        """Share of the bound that the spends may still miss."""
        return (self.bound_micro - self.value_micro) / self.bound_micro if self.bound_micro > 0 else 0.0


class WhatIf:
    """One solved problem, ready to be asked about other right-hand sides."""

    def __init__(self, problem: Problem, allocation: Allocation) -> None:
        """Keeps the LP near the allocation's prices."""
        self.problem = pinned(problem)
        self.arrays = grid(self.problem)
        prices = np.array([float(price) for price in allocation.multipliers])
        self.model = core_model(self.arrays, prices, POINTS_PER_CELL * self.problem.size)
        self.model.solve()
        self.rows = {limit.key: r for r, limit in enumerate(problem.limits)}

    def ask(self, rhs: Mapping[str, int]) -> Answer:
        """The answer with other right-hand sides (limit key -> units of the limit); limits not named stay.

        Raises:
            KeyError: no such limit.
            NoPlanError: nothing meets the changed limits.
        """
        limits = list(self.problem.limits)
        for key, value in rhs.items():
            limits[self.rows[key]] = replace(limits[self.rows[key]], rhs=value)
        changed = self.problem.with_limits(tuple(limits))
        return self._warm(changed) or _cold(changed)

    def _warm(self, changed: Problem) -> Answer | None:
        arrays = replace(self.arrays, rhs=np.array([float(limit.rhs) for limit in changed.limits]))
        for r, value in enumerate(arrays.rhs.tolist()):
            self.model.set_rhs(r, value)
        solved = self.model.solve()
        if solved is None:
            return None
        weight = self.model.spread(solved)
        plans = [repair(changed, arrays, start) for start in roundings(weight, arrays.spend)]
        found = [plan for plan in plans if plan is not None]
        if not found:
            return None
        spend = max(found, key=lambda plan: total(changed, "objective", plan))
        bound = ExactLagrangian(changed, as_prices(solved.prices), arrays).bound({})
        answer = _answer(changed, spend, math.ceil(bound), warm=True)
        return answer if answer.gap <= WIDE else None


def _answer(problem: Problem, spend: tuple[int, ...], bound: int, *, warm: bool) -> Answer:
    value = math.floor(total(problem, "objective", spend))
    return Answer(spend=spend, value_micro=value, bound_micro=bound, warm=warm)


def _cold(problem: Problem) -> Answer:
    allocation = allocate(problem)
    return _answer(problem, allocation.spend, certify(problem, allocation).bound_micro, warm=False)
