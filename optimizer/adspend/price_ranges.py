"""What one more and one less of each limit is worth: shadow prices as one-sided differences, by re-solving.

At a kink the price of a limit is a range: one more unit earns less than one unit fewer costs. Solvers return any price
of that range (and different ones, with equal right); two warm re-solves of the dual give its ends, in money, for the
unit that people think in. Like every price here they speak of the relaxation, which a plan misses by its gap at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from adspend.measures import Grid, grid
from adspend.pinned import pinned
from adspend.problem import MICRO, Limit, Problem
from adspend.solver.dual import minimise_dual

PEOPLE_THINK_IN = 100  # yuan: "one more 100 yuan earns 43"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRange:
    """For ``many`` units of a limit: yuan earned by so many more, and lost with so many fewer (None: no plan then)."""

    many: int
    one_more: float
    one_less: float | None


def thought_in(limit: Limit) -> int:
    """How many units of a limit people count at once: 100 yuan, but one cell or one agent."""
    return PEOPLE_THINK_IN if limit.unit.en.startswith("yuan") else 1


def price_ranges(problem: Problem, multipliers: Sequence[float], keys: Sequence[str]) -> dict[str, PriceRange]:
    """The range of each named limit.

    Args:
        problem: the problem.
        multipliers: its prices, micro-yuan per unit, where the re-solves start.
        keys: the limits asked about.
    """
    arrays, start = grid(pinned(problem)), np.array(multipliers, dtype=np.float64)
    now = minimise_dual(arrays, start).bound
    found = {}
    for r, limit in enumerate(problem.limits):
        if limit.key in keys:
            change = thought_in(limit) * limit.per_unit
            more, less = (_bound(arrays, r, limit.rhs + sign * change, start) for sign in (1, -1))
            found[limit.key] = PriceRange(
                many=thought_in(limit),
                one_more=max(0.0, (more - now) / MICRO) if more is not None else 0.0,
                one_less=max(0.0, (now - less) / MICRO) if less is not None else None,
            )
    return found


def _bound(arrays: Grid, r: int, rhs: int, start: np.ndarray) -> float | None:
    changed = arrays.rhs.copy()
    changed[r] = rhs
    dual = minimise_dual(replace(arrays, rhs=changed), start)
    return dual.bound if dual.possible else None
