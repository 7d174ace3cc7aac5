"""The Lagrangian bound: what no plan can beat, whatever solver said so.

Notation: lambda_r >= 0 the price of limit r (micro-yuan per unit), a_ri(s) what cell i uses of limit r at spend s.

    bound(lambda) = sum_r lambda_r rhs_r + sum_i max_{s in S_i} [ objective_i(s) - sum_r lambda_r a_ri(s) ]

Any non-negative prices give a valid upper bound (weak duality; e.g. Everett 1963, "Generalized Lagrange multiplier
method", Operations Research 11). The tables are piecewise linear, so the inner maximum is at a table point or at 0,
and the bound is computed exactly in integers. It relaxes the step grid, never the curves. With some cells held to a
range between two of their points it bounds the plans within those ranges: one leaf of a branching proof.

Floats only choose which points may be best, with a margin a hundred times their error; those are compared exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from adspend.measures import Grid, exact, grid
from adspend.problem import Problem

PRICE_DENOMINATOR = 10**9  # prices are rounded to this grid: any price is valid, a short one is quick to check
FLOAT_ERROR = 1e-13  # relative to the largest term: some ten operations of 1.1e-16 each, and a margin

Range = tuple[int, int]  # least and most spend, fen; least 0 lets the cell be off


def price(value: float) -> Fraction:
    """A float as a short non-negative price."""
    return Fraction(max(0, round(value * PRICE_DENOMINATOR)), PRICE_DENOMINATOR)


def lagrangian_bound(problem: Problem, multipliers: Sequence[Fraction]) -> Fraction:
    """The bound at the given prices, micro-yuan, exact."""
    return ExactLagrangian(problem, multipliers).bound({})


class ExactLagrangian:
    """The Lagrangian at one price vector, everything times the prices' common denominator."""

    def __init__(self, problem: Problem, multipliers: Sequence[Fraction], arrays: Grid | None = None) -> None:
        """Prices every measure of every cell; ``arrays`` spares making the problem's grid again."""
        self.problem = problem
        self.grid = grid(problem) if arrays is None else arrays
        self.common = math.lcm(*(multiplier.denominator for multiplier in multipliers))
        weights = [int(multiplier * self.common) for multiplier in multipliers]
        self.rhs = sum(weight * limit.rhs for weight, limit in zip(weights, problem.limits, strict=True))
        self.charge: dict[str, NDArray[np.object_]] = {}
        for weight, limit in zip(weights, problem.limits, strict=True):
            for name, column in limit.columns.items() if weight else ():
                charged = self.charge.get(name)
                extra = column.astype(object) * weight  # Python integers: int64 would overflow
                self.charge[name] = extra if charged is None else charged + extra
        self.best = self._best_of_all()
        self.total = self.rhs + sum(self.best)

    def bound(self, ranges: Mapping[int, Range]) -> Fraction:
        """The bound where each cell of ``ranges`` (index -> fen) is held to its range; micro-yuan, exact."""
        total = self.total
        for i, within in ranges.items():
            total += self._best_within(i, within) - self.best[i]
        return Fraction(total) / self.common

    def _best_of_all(self) -> list[int | Fraction]:
        best: list[int | Fraction] = [0] * self.problem.size
        for i, k in self._candidates().tolist():
            best[i] = max(best[i], self._net(i, k))
        for i, fixed in enumerate(self.problem.fixed.tolist()):
            if fixed >= 0:
                best[i] = self._fixed(i, fixed)
        return best

    def _candidates(self) -> NDArray[np.intp]:
        """Cells and points that may be their cell's best, by floats with a margin; rows (i, k)."""
        net, size = self.grid.columns["objective"].copy(), np.abs(self.grid.columns["objective"])
        for name, charge in self.charge.items():
            rate = (charge / self.common).astype(np.float64)[:, None]
            measure = self.grid.spend if name == "spend" else self.grid.columns.get(name, np.ones_like(size))
            net -= rate * measure
            size += np.abs(rate * measure)
        margin = FLOAT_ERROR * size.max(axis=1, initial=0.0)
        own = np.arange(net.shape[1]) < self.grid.points[:, None]
        net[~own] = -np.inf
        return np.argwhere(own & (net >= (net.max(axis=1) - 2 * margin)[:, None]))

    def _net(self, i: int, k: int) -> int:
        """What cell i nets at its k-th point."""
        table = self.problem.tables[i]
        assert table is not None
        net = int(table.objective[k]) * self.common
        for name, charge in self.charge.items():
            measure = 1 if name == "active" else int((table.spend if name == "spend" else table.column(name))[k])
            net -= charge[i] * measure
        return net

    def _fixed(self, i: int, spend: int) -> Fraction:
        """What a fixed cell nets."""
        table = self.problem.tables[i]
        net = exact(table, "objective", spend) * self.common
        for name, charge in self.charge.items() if spend else ():
            own = {"active": Fraction(1), "spend": Fraction(spend)}
            net -= charge[i] * (own[name] if name in own else exact(table, name, spend))
        return net

    def _best_within(self, i: int, within: Range) -> int | Fraction:
        """The most that cell i nets at its points within the range, or off where that is allowed."""
        if self.problem.fixed[i] >= 0:
            return self.best[i]
        table, (least, most) = self.problem.tables[i], within
        points = range(0) if table is None else range(table.spend.size)
        inside = [self._net(i, k) for k in points if table is not None and least <= table.spend[k] <= most]
        return max([*inside, 0] if least == 0 else inside)
