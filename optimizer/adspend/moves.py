"""Moves that change the spend of one cell, weighed: what each would gain, and what more of each limit it would use."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from adspend.measures import Floats, Grid
from adspend.problem import Problem

Cells = NDArray[np.intp]
Move = Callable[[Cells, Floats], Floats]  # cells and their spends -> the spends after the move

MARGIN = 1e-9  # of a limit's size, kept free on limits whose use is not a whole number of fen
EXACT = 2.0**53  # whole numbers up to here are exact in floats
MOVES_PER_CELL = 20  # a stop far above what snapping to steps can need
MOST_CELLS = 3000  # weighed for moves: of a larger problem, those whose moves are best at the start


class Moves:
    """m kinds of move for each cell: the spend after it and what it gains, (m, cells); what more it uses (R, m, cells).

    A move changes one cell, so only that cell's moves are weighed again.
    """

    def __init__(self, grid: Grid, kinds: Sequence[Move], cells: Cells, x: Floats) -> None:
        """Weighs every kind for ``cells`` at their spends ``x``, (cells,)."""
        self.grid, self.kinds, self.cells = grid, kinds, cells
        self.to, self.gain, self.more = self._weigh(cells, x)

    def weigh_again(self, k: int, spend: float) -> None:
        """The moves of one cell after its spend has changed."""
        to, gain, more = self._weigh(self.cells[k : k + 1], np.array([spend]))
        self.to[:, k], self.gain[:, k], self.more[:, :, k] = to[:, 0], gain[:, 0], more[:, :, 0]

    def _weigh(self, cells: Cells, x: Floats) -> tuple[Floats, Floats, Floats]:
        spends = np.stack([x, *(kind(cells, x) for kind in self.kinds)])
        objective, use = self.grid.worth(spends.ravel(), np.tile(cells, len(spends)))
        objective, use = objective.reshape(spends.shape), use.reshape(self.grid.rhs.size, *spends.shape)
        return spends[1:], objective[1:] - objective[0], use[:, 1:] - use[:, :1]


def usable(grid: Grid, use: Floats) -> Floats:
    """The limits' right-hand sides less a margin for rounding, shape (R,), for ``use`` of shape (R, n).

    Sums of whole fen are exact in floats up to 2^53; limits on orders or GMV are not and keep a margin. Nothing spent
    needs none.
    """
    size = np.abs(use).sum(axis=1)
    inexact = size > EXACT
    for name in set(grid.rows) - {"spend", "active"}:
        inexact |= grid.rows[name].any(axis=1)
    return grid.rhs - np.where(inexact, MARGIN * size, 0.0)


def movable(problem: Problem, grid: Grid, worth: Floats) -> Cells:
    """The cells that may move, the most worthwhile of a large problem."""
    free = np.nonzero((problem.fixed < 0) & (grid.points > 0))[0]
    if free.size <= MOST_CELLS:
        return free
    return np.sort(free[np.argsort(-worth[free], kind="stable")[:MOST_CELLS]])


def down(problem: Problem, grid: Grid) -> Move:
    """One step lower, or 0 from the minimum."""

    def move(cells: Cells, x: Floats) -> Floats:
        lower = x - problem.step_fen
        return np.where(lower >= grid.minimum[cells], lower, 0.0)

    return move


def pause(cells: Cells, x: Floats) -> Floats:
    """To 0."""
    del cells
    return np.zeros_like(x)


def up(problem: Problem, grid: Grid) -> Move:
    """One step higher, or the minimum from 0."""

    def move(cells: Cells, x: Floats) -> Floats:
        higher = np.where(x == 0, grid.minimum[cells], x + problem.step_fen)
        return np.where(higher > grid.maximum[cells], x, higher)

    return move


def to_next_point(problem: Problem, grid: Grid) -> Move:
    """To the table's next point on the step grid, at least one step; the minimum from 0."""
    one_up = up(problem, grid)

    def move(cells: Cells, x: Floats) -> Floats:
        point = np.where(grid.spend[cells] > x[:, None], grid.spend[cells], np.inf).min(axis=1)
        there = np.floor(np.where(np.isfinite(point), point, x) / problem.step_fen) * problem.step_fen
        return np.where((x > 0) & (there > x), there, one_up(cells, x))

    return move
