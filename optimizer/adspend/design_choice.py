"""Which test each cell gets so that a test budget teaches most: one option a cell, a multiple-choice knapsack.

Each cell's options are cut to the upper concave envelope of (cost, gain), and the money goes to the steepest piece
anywhere (Sinha and Zoltners 1979); a piece that no longer fits ends its cell, and what is left over buys the single
best exchanges. The steepest pieces cut at the budget are an upper bound, so the choice knows how far it can be from the
best.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The option of each cell, what they cost and gain together, and the most that any choice could gain."""

    options: tuple[int, ...]
    cost: int
    gain: float
    bound: float


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    """A piece of one cell's envelope, steepest first."""

    minus_slope: float
    cell: int
    end: int
    cost: int


def choose_options(cost: Sequence[Ints], gain: Sequence[Floats], budget: int) -> Choice:
    """The options with most gain within the budget.

    Args:
        cost: Each cell's costs, (Q,); option 0 costs 0.
        gain: Each cell's gains, (Q,); option 0 gains 0.
        budget: The most they may cost together.
    """
    if any(own[0] != 0 or worth[0] != 0 for own, worth in zip(cost, gain, strict=True)):
        raise ValueError("option 0 of every cell must cost 0 and gain 0")
    chosen, left, bound, blocked = [0] * len(cost), budget, 0.0, set[int]()
    room = float(budget)
    pieces = [p for cell, (own, worth) in enumerate(zip(cost, gain, strict=True)) for p in _envelope(cell, own, worth)]
    for piece in sorted(pieces):
        bound -= piece.minus_slope * min(piece.cost, room)
        room -= min(piece.cost, room)
        if piece.cell in blocked or piece.cost > left:
            blocked.add(piece.cell)
            continue
        chosen[piece.cell] = piece.end
        left -= piece.cost
    left = _spend_rest(cost, gain, chosen, left)
    total = float(sum(worth[option] for worth, option in zip(gain, chosen, strict=True)))
    return Choice(options=tuple(chosen), cost=budget - left, gain=total, bound=max(bound, total))


def _envelope(cell: int, cost: Ints, gain: Floats) -> list[_Piece]:
    """The pieces of the upper concave envelope, from option 0 up."""
    hull = [0]
    for option in np.lexsort((-gain, cost)).tolist():
        if gain[option] <= gain[hull[-1]] or cost[option] <= cost[hull[-1]]:
            continue
        while len(hull) > 1 and _slope(cost, gain, hull[-2], hull[-1]) <= _slope(cost, gain, hull[-2], option):
            hull.pop()
        hull.append(option)
    return [_Piece(-_slope(cost, gain, a, b), cell, b, int(cost[b] - cost[a])) for a, b in itertools.pairwise(hull)]


def _slope(cost: Ints, gain: Floats, a: int, b: int) -> float:
    return float((gain[b] - gain[a]) / (cost[b] - cost[a]))


def _spend_rest(cost: Sequence[Ints], gain: Sequence[Floats], chosen: list[int], left: int) -> int:
    """Exchanges the option whose replacement gains most within ``left``, until none gains; returns what is left."""
    while True:
        best, at = 0.0, (-1, -1)
        for cell, (own, worth) in enumerate(zip(cost, gain, strict=True)):
            rise = np.where(own - own[chosen[cell]] <= left, worth - worth[chosen[cell]], 0.0)
            if rise.max() > best:
                best, at = float(rise.max()), (cell, int(rise.argmax()))
        if at[0] < 0:
            return left
        left -= int(cost[at[0]][at[1]] - cost[at[0]][chosen[at[0]]])
        chosen[at[0]] = at[1]
