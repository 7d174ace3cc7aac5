"""The Lagrangian bound: what no plan can beat, whatever solver said so.

Notation: lambda_r >= 0 the price of limit r (micro-yuan per unit), a_ri(s) what cell i uses of limit r at spend s.

    bound(lambda) = sum_r lambda_r rhs_r + sum_i max_{s in S_i} [ objective_i(s) - sum_r lambda_r a_ri(s) ]

Any non-negative prices give a valid upper bound (weak duality; e.g. Everett 1963, "Generalized Lagrange multiplier
method", Operations Research 11). The tables are piecewise linear, so the inner maximum is at a table point or at 0,
and the bound is computed exactly in integers. It relaxes the step grid, never the curves.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from adspend.measures import exact, used_by_cell
from adspend.problem import Limit, Problem, Table

PRICE_DENOMINATOR = 10**9  # prices are rounded to this grid: any price is valid, a short one is quick to check


def price(value: float) -> Fraction:
    """A float as a short non-negative price."""
    return Fraction(max(0, round(value * PRICE_DENOMINATOR)), PRICE_DENOMINATOR)


def lagrangian_bound(problem: Problem, multipliers: Sequence[Fraction]) -> Fraction:
    """The bound at the given prices, micro-yuan, exact."""
    common = math.lcm(*(multiplier.denominator for multiplier in multipliers))
    weights = [int(multiplier * common) for multiplier in multipliers]
    priced = [(weight, limit) for weight, limit in zip(weights, problem.limits, strict=True) if weight]
    scaled = Fraction(sum(weight * limit.rhs for weight, limit in priced))
    for i, table in enumerate(problem.tables):
        fixed = int(problem.fixed[i])
        if fixed >= 0:
            scaled += _fixed(i, table, priced, common, fixed)
        elif table is not None:
            scaled += max(0, _best(i, table, priced, common))
    return scaled / common


def _best(i: int, table: Table, priced: list[tuple[int, Limit]], common: int) -> int:
    """The most an active cell i can add at these prices, times the common denominator."""
    net = table.objective.astype(object) * common  # Python integers: int64 would overflow
    for weight, limit in priced:
        for column, measure in ((limit.spend, table.spend), (limit.orders, table.orders), (limit.gmv, table.gmv)):
            if column is not None and column[i]:
                net = net - measure.astype(object) * (weight * int(column[i]))
        if limit.active is not None and limit.active[i]:
            net = net - weight * int(limit.active[i])
    return int(np.max(net))


def _fixed(i: int, table: Table | None, priced: list[tuple[int, Limit]], common: int, spend: int) -> Fraction:
    """What a fixed cell i adds at these prices, times the common denominator."""
    net = exact(table, "objective", spend) * common
    for weight, limit in priced:
        net -= weight * used_by_cell(limit, i, table, spend)
    return net
