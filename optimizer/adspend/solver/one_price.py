"""The dual of a problem with one limit: a function of one price, least where two of its tangents meet.

Notation: D(p) the dual, rhs - use(p) its slope. D is convex and piecewise linear. A price at which the limit is
overstepped lies left of the least, one at which it holds right of it or there; the tangents of the two meet below D,
and where they meet is the next price (Kelley 1960 with one variable). The two close in until they meet on D itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from adspend.lagrangian import best_choices
from adspend.measures import Grid

EXACT = 1e-12  # of the bound: what the tangents promise below this is rounding
MOST_EVALUATIONS = 100
GROWTH = 4.0  # of a price at which the limit is still overstepped


class _Tangent(NamedTuple):
    price: float
    bound: float
    slope: float


def one_price(grid: Grid, least: float) -> tuple[float, float]:
    """The price of the one limit (micro-yuan per unit) and the bound it proves (micro-yuan).

    Args:
        grid: the problem's arrays.
        least: below it a bound proves that there is no plan, and the search ends.
    """
    left = right = _tangent(grid, 0.0)
    first = max(abs(right.bound), 1.0) / max(abs(grid.rhs[0] - right.slope), abs(grid.rhs[0]), 1.0)  # a mean return
    for _ in range(MOST_EVALUATIONS):
        if right.slope >= 0 or right.bound < least:
            break
        left, right = right, _tangent(grid, GROWTH * right.price or first)
    for _ in range(MOST_EVALUATIONS):
        if not left.slope < 0 <= right.slope:
            break
        price, value = _meeting(left, right)
        best = min(left.bound, right.bound)
        if best - value <= EXACT * abs(best) or not left.price < price < right.price:
            break
        found = _tangent(grid, price)
        left, right = (found, right) if found.slope < 0 else (left, found)
    found = min(right, left, key=lambda tangent: tangent.bound)
    return found.price, found.bound


def _meeting(left: _Tangent, right: _Tangent) -> tuple[float, float]:
    """Where two tangents meet: price and value."""
    above = right.bound - right.slope * (right.price - left.price) - left.bound  # at the left price
    price = left.price + above / (left.slope - right.slope)
    return price, left.bound + left.slope * (price - left.price)


def _tangent(grid: Grid, price: float) -> _Tangent:
    choices = best_choices(grid, np.array([price]))
    use = grid.use_at(np.arange(choices.point.size), choices.point).sum()
    return _Tangent(price, float(choices.net.sum() + price * grid.rhs[0]), float(grid.rhs[0] - use))
