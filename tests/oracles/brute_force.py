"""The exact answer to a small allocation problem, by trying every plan on the step grid; and exact judges of any plan.

Nothing here knows how the engine solves: ``best_plan`` enumerates, ``feasible`` and ``lagrangian_bound`` write the
problem's own definition (``adspend.problem``) out in fractions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from adspend.problem import Ints, Limit, Problem, Table

MOST_PLANS = 4_000_000  # 30 MB per measure: what a test may use
INT64 = 2**62  # with one bit to spare


@dataclass(frozen=True, slots=True)
class Measures:
    """What a cell does at one spend, exactly; the units are the table's."""

    spend: Fraction
    objective: Fraction
    value: Fraction
    orders: Fraction
    gmv: Fraction
    active: Fraction
    more: Mapping[str, Fraction] = field(default_factory=dict)


NOTHING = Measures(*[Fraction(0)] * 6)


@dataclass(frozen=True, slots=True)
class Optimum:
    """A best plan: its objective in micro-yuan, and the spends in fen."""

    objective: Fraction
    spend: tuple[int, ...]


def measures(table: Table | None, spend: int) -> Measures:
    """The measures at ``spend``: weighted means of the two points around it.

    Raises:
        ValueError: the table has no such spend.
    """
    if spend == 0:
        return NOTHING
    if table is None or not table.minimum <= spend <= table.maximum:
        raise ValueError(f"a cell can spend 0 or what its table holds, got {spend}")
    right = int(np.searchsorted(table.spend, spend))
    left = right if int(table.spend[right]) == spend else right - 1
    low, high = int(table.spend[left]), int(table.spend[right])
    share = Fraction(spend - low, high - low) if high > low else Fraction(0)

    def mean(column: Ints) -> Fraction:
        return (1 - share) * int(column[left]) + share * int(column[right])

    return Measures(
        spend=Fraction(spend),
        objective=mean(table.objective),
        value=mean(table.value),
        orders=mean(table.orders),
        gmv=mean(table.gmv),
        active=Fraction(1),
        more={name: mean(column) for name, column in table.more.items()},
    )


def objective(problem: Problem, spend: Sequence[int]) -> Fraction:
    """The plan's objective, micro-yuan."""
    return sum((measures(t, x).objective for t, x in zip(problem.tables, spend, strict=True)), Fraction(0))


def usage(limit: Limit, i: int, at: Measures) -> Fraction:
    """What cell i uses of a limit."""
    columns = ((limit.spend, at.spend), (limit.orders, at.orders), (limit.gmv, at.gmv), (limit.active, at.active))
    more = [(column, at.more.get(name, Fraction(0))) for name, column in limit.more.items()]
    return sum((int(column[i]) * amount for column, amount in (*columns, *more) if column is not None), Fraction(0))


def feasible(problem: Problem, spend: Sequence[int]) -> list[str]:
    """Everything that is wrong with a plan; empty when it is within its cells' ranges and every limit. Exact."""
    wrong = []
    for i, (table, x) in enumerate(zip(problem.tables, spend, strict=True)):
        if x != 0 and (table is None or not table.minimum <= x <= table.maximum):
            wrong.append(f"cell {i}: {x} is neither 0 nor in the range")
        if x % problem.step_fen:
            wrong.append(f"cell {i}: {x} is not a multiple of the step {problem.step_fen}")
        if problem.fixed[i] >= 0 and x != problem.fixed[i]:
            wrong.append(f"cell {i}: {x} is not the fixed {problem.fixed[i]}")
    if any("range" in words for words in wrong):
        return wrong  # the limits' use is not defined
    at = [measures(table, x) for table, x in zip(problem.tables, spend, strict=True)]
    for limit in problem.limits:
        used = sum((usage(limit, i, here) for i, here in enumerate(at)), Fraction(0))
        if used > limit.rhs:
            wrong.append(f"limit {limit.key}: {used} exceeds {limit.rhs}")
    return wrong


def choices(problem: Problem, i: int) -> list[int]:
    """Every spend that cell i may take, rising."""
    table, fixed = problem.tables[i], int(problem.fixed[i])
    if fixed >= 0:
        return [fixed]
    if table is None:
        return [0]
    return [0, *range(table.minimum, table.maximum + 1, problem.step_fen)]


def best_plan(problem: Problem) -> Optimum | None:
    """The exact optimum over the step grid; of equal plans the one with the lowest first spends. None: infeasible.

    Raises:
        ValueError: more than ``MOST_PLANS`` plans to try.
    """
    options = [choices(problem, i) for i in range(problem.size)]
    if math.prod(map(len, options)) > MOST_PLANS:
        raise ValueError(f"too many plans to try: {' x '.join(str(len(spends)) for spends in options)}")
    at = [[measures(problem.tables[i], x) for x in spends] for i, spends in enumerate(options)]
    within = np.ones(math.prod(map(len, options)), dtype=bool)
    for limit in problem.limits:
        used, common = _sums([[usage(limit, i, here) for here in cell] for i, cell in enumerate(at)])
        within &= (used <= limit.rhs * common).astype(bool)
    if not within.any():
        return None
    values, common = _sums([[here.objective for here in cell] for cell in at])
    candidates = np.flatnonzero(within)
    best = int(candidates[np.argmax(values[candidates])])
    where = np.unravel_index(best, [len(spends) for spends in options])
    spend = tuple(spends[int(k)] for spends, k in zip(options, where, strict=True))
    return Optimum(objective=Fraction(int(values[best]), common), spend=spend)


def _sums(amounts: Sequence[Sequence[Fraction]]) -> tuple[NDArray[np.int64] | NDArray[np.object_], int]:
    """One amount of each cell, summed for every plan, times a common denominator: integers, so exact."""
    common = math.lcm(*(amount.denominator for cell in amounts for amount in cell))
    whole = [[int(amount * common) for amount in cell] for cell in amounts]
    largest = sum(max(map(abs, cell)) for cell in whole)
    sums = np.zeros(1, dtype=np.int64 if largest < INT64 else object)
    for cell in whole:
        sums = (sums[:, None] + np.array(cell, dtype=sums.dtype)[None, :]).reshape(-1)
    return sums, common


def lagrangian_bound(problem: Problem, prices: Mapping[str, Fraction]) -> Fraction:
    """What no plan within the limits can exceed, micro-yuan, on or off the step grid; a missing price is 0.

    Raises:
        ValueError: a price is negative, or of no limit.
    """
    if any(price < 0 for price in prices.values()) or not set(prices) <= {limit.key for limit in problem.limits}:
        raise ValueError(f"prices must be 0 or more, of the problem's limits, got {dict(prices)}")
    return lagrangian(problem, prices)


def lagrangian(problem: Problem, prices: Mapping[str, Fraction]) -> Fraction:
    """The greatest Lagrangian, which is a bound when no price is negative.

    sum_r price_r rhs_r + sum_i max over s of [objective_i(s) - sum_r price_r usage_ri(s)], s over 0 and the table's
    points, or the fixed spend alone.
    """
    paid = [(prices[limit.key], limit) for limit in problem.limits if limit.key in prices]
    bound = sum((price * limit.rhs for price, limit in paid), Fraction(0))
    for i, table in enumerate(problem.tables):
        points = [0] if table is None else [0, *map(int, table.spend)]
        here = [measures(table, x) for x in (points if problem.fixed[i] < 0 else [int(problem.fixed[i])])]
        bound += max(m.objective - sum((price * usage(row, i, m) for price, row in paid), Fraction(0)) for m in here)
    return bound
