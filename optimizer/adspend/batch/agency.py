"""One budget for many shops (总预算): each yuan goes to the shop where it earns most, by the shops' own frontiers.

Notation: shop j has a frontier of points (b, n): net value n at the day's budget b, concave by construction (each point
is the optimum under a budget, bounded by its dual); with (0, 0) added, its upper envelope is N_j.

    maximise sum_j N_j(b_j)   subject to   sum_j b_j <= B,  0 <= b_j <= the frontier's largest budget

N_j is concave and piecewise linear, so taking the steepest pieces first is optimal, and the slope of the last piece
taken is the shadow price: what one yuan more of the agency's budget would net. Pieces that earn nothing are not taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

Point = tuple[int, int]  # budget and net value, fen


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencySplit:
    """The split of a common budget: ``budgets`` by shop (fen), their expected net, and the worth of one yuan more."""

    budgets: tuple[int, ...]
    net_fen: int
    price: float


def split_budget(frontiers: Sequence[Sequence[Point]], budget_fen: int) -> AgencySplit:
    """The best split of ``budget_fen`` over shops with these frontiers; a shop without one gets nothing.

    >>> split = split_budget([[(100, 300), (200, 400)], [(100, 200)]], 150)
    >>> split.budgets, split.net_fen, split.price
    ((100, 50), 400, 2.0)
    """
    pieces = [
        (Fraction(right[1] - left[1], right[0] - left[0]), shop, right[0] - left[0])
        for shop, frontier in enumerate(frontiers)
        for left, right in _steps(_envelope(frontier))
    ]
    budgets, net, price, left_over = [0] * len(frontiers), Fraction(0), Fraction(0), budget_fen
    for slope, shop, width in sorted(pieces, key=lambda piece: (-piece[0], piece[1])):
        if slope <= 0:
            break
        part = min(width, left_over)
        budgets[shop] += part
        net += slope * part
        left_over -= part
        if part < width:
            price = slope
            break
    return AgencySplit(budgets=tuple(budgets), net_fen=round(net), price=float(price))


def _envelope(frontier: Sequence[Point]) -> list[Point]:
    """The upper concave envelope of the frontier and (0, 0), by budget."""
    hull: list[Point] = []
    for point in sorted({(0, 0), *frontier}):
        if hull and hull[-1][0] == point[0]:
            hull.pop()  # sorted, so the later of equal budgets nets more
        while len(hull) >= 2 and _above(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return hull


def _above(left: Point, middle: Point, right: Point) -> bool:
    """Whether the line from ``left`` to ``right`` passes over ``middle``."""
    return (right[1] - left[1]) * (middle[0] - left[0]) >= (middle[1] - left[1]) * (right[0] - left[0])


def _steps(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(pairwise(points))
