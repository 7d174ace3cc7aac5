"""Trimming: while a limit is broken, the single move that lessens the breach at the least loss.

Each move must lessen the breach, so this ends.
"""

from __future__ import annotations

import numpy as np

from adspend.measures import Floats, Grid
from adspend.moves import MOVES_PER_CELL, Moves, down, movable, pause, up, usable
from adspend.problem import Problem

LEAST_RELIEF = 1e-15  # of the limits' sizes: less is rounding


def trim(problem: Problem, grid: Grid, x: Floats) -> Floats | None:
    """The spends moved, one cell at a time, until no limit is broken; None where no move helps."""
    sizes, use = _sizes(grid), grid.use(x)
    over = (use.sum(axis=1) - usable(grid, use)) / sizes  # of each limit's size
    cells = movable(problem, grid, np.maximum(over, 0.0) @ np.abs(use))
    if not cells.size:
        return None if (over > 0).any() else x
    x, moves = x.copy(), Moves(grid, (down(problem, grid), pause, up(problem, grid)), cells, x[cells])
    for _ in range(MOVES_PER_CELL * x.size):
        if not (over > 0).any():
            return x
        rates = _relief_rates(moves, x[cells], over, sizes)
        kind, k = divmod(int(rates.argmax()), cells.size)
        if rates[kind, k] <= 0:
            return None
        over += moves.more[:, kind, k] / sizes
        x[cells[k]] = moves.to[kind, k]
        moves.weigh_again(k, float(x[cells[k]]))
    return None


def _relief_rates(moves: Moves, x: Floats, over: Floats, sizes: Floats) -> Floats:
    """By how much each move lessens the breach per yuan of objective given up, (kinds, cells); 0 where it does not."""
    after = moves.more / sizes[:, None, None] + over[:, None, None]
    relief = np.maximum(over, 0.0).sum() - np.maximum(after, 0.0).sum(axis=0)
    helps = (relief > LEAST_RELIEF) & (moves.to != x)
    return np.where(helps, relief / np.maximum(-moves.gain, 1.0), 0.0)


def _sizes(grid: Grid) -> Floats:
    """The size of each limit, shape (R,): its right-hand side or the most the cells could use."""
    most = np.abs(grid.use(grid.maximum)).sum(axis=1)
    return np.asarray(np.maximum(np.maximum(most, np.abs(grid.rhs)), 1.0), dtype=np.float64)
