"""Shops whose true curves are known, and the best split of a budget on given curves.

The anchor world is the published protocol for one-day commits: 40 exchangeable cells with Michaelis-Menten curves
f(x) = E x / (x + D), log-sd 0.7 of D and 0.5 of the first slope, negative-binomial orders of size 5, tests at multiples
of the even split. The median D of 2.25 even splits makes an even split worth 0.79 of the best, as published.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EVEN = 300.0  # yuan: the even split
MEDIAN_HALF = 2.25
SIZE = 5.0
STEP, REACH = 0.05, 20.0  # grid of spends, in even splits


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnchorWorld:
    """Forty cells: half-saturation (yuan) and height (orders), (n,) each."""

    half: Floats
    height: Floats

    def orders(self, cost: Floats) -> Floats:
        """True orders at ``cost`` (n, m), yuan."""
        return self.height[:, None] * cost / (self.half[:, None] + cost)


def anchor_world(rng: np.random.Generator, levels: tuple[float, ...], orders_per_cell: float) -> AnchorWorld:
    """Forty cells, of which the median one sells ``orders_per_cell`` in all when tested at ``levels`` (even splits)."""
    n = 40
    half = EVEN * MEDIAN_HALF * np.exp(0.7 * rng.standard_normal(n))
    slope = np.exp(0.5 * rng.standard_normal(n))
    unscaled = AnchorWorld(half=half, height=slope * half)
    total = unscaled.orders(np.tile(EVEN * np.array(levels), (n, 1))).sum(axis=1)
    return AnchorWorld(half=half, height=unscaled.height * orders_per_cell / np.median(total))


def sell(rng: np.random.Generator, expected: Floats, size: float = SIZE) -> NDArray[np.int64]:
    """Negative-binomial orders around ``expected``."""
    return rng.poisson(rng.gamma(size, expected / size))


def best_split(value: Floats, budget: int) -> NDArray[np.int64]:
    """Grid steps for every cell, filling the concave envelopes of ``value`` (n, m) from the steepest piece down."""
    pieces = [piece for cell, row in enumerate(value) for piece in _envelope(cell, row)]
    steps, left = np.zeros(len(value), dtype=np.int64), budget
    for slope, cell, end, width in sorted(pieces, key=lambda piece: -piece[0]):
        if slope <= 0 or left <= 0:
            break
        steps[cell] = end if width <= left else steps[cell] + left
        left -= min(width, left)
    return steps


def _envelope(cell: int, row: Floats) -> list[tuple[float, int, int, int]]:
    """The upper concave envelope's pieces: slope per step, cell, end, width."""
    hull = [0]
    for point in range(1, len(row)):
        while len(hull) > 1:
            before, last = hull[-2], hull[-1]
            if (row[last] - row[before]) * (point - last) > (row[point] - row[last]) * (last - before):
                break
            hull.pop()
        hull.append(point)
    return [((row[b] - row[a]) / (b - a), cell, b, b - a) for a, b in itertools.pairwise(hull)]
