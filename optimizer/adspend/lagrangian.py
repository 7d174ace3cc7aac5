"""What each cell would choose if every limit were for sale at a price: the Lagrangian, vectorised in floats.

Notation: n cells (options too), K points of the longest table, R limits, p_r the price of limit r (micro-yuan per
unit). Cell i nets ``objective_i(k) - sum_r p_r use_ri(k)`` at its point k, and 0 when off. Since a limit's use is a
coefficient times a measure, prices first become one charge per measure and cell, which makes an evaluation O(nK)
however many limits there are. ``adspend.bound`` has the same in exact arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend.measures import Floats, Grid

OFF = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choices:
    """Each cell's best point at given prices (``OFF``, or counted from 0) and what it nets there, shape (n,)."""

    point: NDArray[np.intp]
    net: Floats


def net_values(grid: Grid, prices: Floats) -> Floats:
    """What every point nets at the prices (R,), shape (n, K); minus infinity where a cell has no table."""
    net = grid.columns["objective"].copy()
    for name, row in grid.rows.items():
        charge = prices @ row
        if name == "active":
            net -= charge[:, None]
        elif charge.any():
            net -= charge[:, None] * (grid.spend if name == "spend" else grid.columns[name])
    net[grid.maximum == 0] = -np.inf
    return net


def best_choices(grid: Grid, prices: Floats) -> Choices:
    """The best point of every cell."""
    net = net_values(grid, prices)
    point = net.argmax(axis=1)
    best = np.take_along_axis(net, point[:, None], axis=1)[:, 0]
    off = (best <= 0) & ~grid.must_run
    return Choices(point=np.where(off, OFF, point), net=np.where(off, 0.0, best))


def chosen_spend(grid: Grid, point: NDArray[np.intp]) -> Floats:
    """The spend at each cell's point, fen, shape (n,)."""
    return np.where(point == OFF, 0.0, grid.spend[np.arange(point.size), np.maximum(point, 0)])
