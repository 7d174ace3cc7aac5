"""Filling up: the most rewarding raise that the limits allow, in whole or in part, until none earns anything.

Notation: L rungs of a ladder, R limits. A raise leads to the next point of a cell's table; its rate is what it gains
per fen. A cell's ladder is the raises it would make one after the other. While every raise fits, taking the best one
each time merges the ladders: a rung waits for those below it, so it comes in the order of the least rate up to it, and
sorting by that takes all these raises at once. From the first raise that does not fit on they are made one by one.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from adspend.measures import Floats, Grid
from adspend.moves import MOST_CELLS, MOVES_PER_CELL, Cells, Moves, movable, to_next_point, usable
from adspend.problem import Problem

AHEAD = 65  # rungs weighed at once: a table's points, and one more to see its end
AT_ONCE = 1024  # rungs whose use of the limits is added up at once: a plan near its limits takes few


def fill(problem: Problem, grid: Grid, x: Floats) -> Floats:
    """The spends (fen, (n,), on the step grid and within the limits) after every raise that earns something."""
    use = grid.use(x)
    slack = np.maximum(usable(grid, use) - use.sum(axis=1), 0.0)  # a limit met exactly still allows the others
    move, everyone = to_next_point(problem, grid), np.arange(x.size)
    to = move(everyone, x) if x.size > MOST_CELLS else x
    cells = movable(problem, grid, grid.at("objective", to) - grid.at("objective", x))
    if not cells.size:
        return x
    ladder = _Ladder(grid, problem.step_fen, cells, x[cells])
    slack = ladder.climb(slack)
    x = x.copy()
    x[cells] = _one_by_one(problem, Moves(grid, (move,), cells, ladder.at), ladder, slack)
    return x


class _Ladder:
    """Each cell's raises from point to point of its table: spends (cells, 1 + L), gains (cells, L).

    ``rises`` (cells, L) are what each measure that a limit counts grows by. ``reach`` counts the rungs on the step
    grid, the ones that ``to_next_point`` would take too; ``level`` those taken.
    """

    def __init__(self, grid: Grid, step: int, cells: Cells, x: Floats) -> None:
        self.grid, self.cells, points = grid, cells, grid.spend[cells]
        first = (points <= x[:, None]).sum(axis=1)
        rungs = np.minimum(first[:, None] + np.arange(min(AHEAD, points.shape[1])), points.shape[1] - 1)
        self.spends = np.concatenate([x[:, None], np.take_along_axis(points, rungs, axis=1)], axis=1)

        def rises(name: str) -> Floats:
            if name in ("spend", "active"):
                return np.diff(self.spends if name == "spend" else (self.spends > 0).astype(np.float64), axis=1)
            here = grid.at(name, x, cells)[:, None]
            return np.diff(grid.columns[name][cells[:, None], rungs], axis=1, prepend=here)

        self.gains, self.rises = rises("objective"), {name: rises(name) for name in grid.rows}
        taken = (self.spends[:, 1:] % step == 0) | (self.spends[:, :-1] == 0)  # from 0 to the minimum, else by steps
        self.reach = np.logical_and.accumulate(taken, axis=1).sum(axis=1)
        self.level = np.zeros(cells.size, dtype=np.intp)

    @property
    def at(self) -> Floats:
        """Each cell's spend at its level, fen."""
        return self.spends[np.arange(self.level.size), self.level]

    def uses(self, rungs: NDArray[np.intp]) -> Floats:
        """What N rungs, counted from cell to cell, use of each limit, (R, N)."""
        cell, used = self.cells[rungs // self.gains.shape[1]], np.zeros((self.grid.rhs.size, rungs.size))
        for name, row in self.grid.rows.items():
            used += row[:, cell] * self.rises[name].ravel()[rungs]
        return used

    def climb(self, slack: Floats) -> Floats:
        """Takes the best raises up to the first that does not fit or is not on its ladder; the slack left, (R,)."""
        order, taken = self._order(), 0
        while taken < order.size:
            some = order[taken : taken + AT_ONCE]
            used = self.uses(some).cumsum(axis=1)
            fits = _first(np.any(used > slack[:, None], axis=0))
            if fits:
                slack = np.maximum(slack - used[:, fits - 1], 0.0)
            taken += fits
            if fits < some.size:
                break
        self.level = np.bincount(order[:taken] // self.gains.shape[1], minlength=self.cells.size)
        return slack

    def _order(self) -> NDArray[np.intp]:
        """The rungs worth taking, counted from cell to cell, up to the end of a ladder below its cell's maximum."""
        n, rungs = self.gains.shape
        rise, end = np.diff(self.spends, axis=1), np.minimum(self.reach, rungs - 1)
        rate = np.divide(self.gains, rise, out=np.zeros_like(rise), where=rise > 0)
        goes_on = self.spends[np.arange(n), end] < self.grid.maximum[self.cells]
        rate[goes_on, end[goes_on]] = np.inf  # what follows the ladder is not weighed: it comes when it may
        key = np.minimum.accumulate(rate, axis=1).ravel()
        worth = np.flatnonzero(key > 0)
        order = worth[np.argsort(-key[worth], kind="stable")]  # of equals the first cell's, as they would be found
        cell = order // rungs
        return order[: _first(goes_on[cell] & (order % rungs == end[cell]))]


def _first(is_so: NDArray[np.bool_]) -> int:
    """The index of the first that is so, or how many there are where none is."""
    return int(is_so.argmax()) if is_so.any() else is_so.size


def _one_by_one(problem: Problem, raises: Moves, ladder: _Ladder, slack: Floats) -> Floats:
    """The cells' spends after the raises that fit, in whole or in part."""
    step, own, cells = problem.step_fen, ladder.at, raises.cells
    to, gain, more = raises.to[0], raises.gain[0], raises.more[:, 0]
    whole = _rates(to, gain, own, step, np.ones(cells.size))
    for _ in range(MOVES_PER_CELL * problem.size):
        rise, part, rate = whole
        if (more > slack[:, None]).any():
            rise, part, rate = _rates(to, gain, own, step, _share(more, slack))
        k = int(rate.argmax())
        if rate[k] <= 0:
            break
        slack = np.maximum(slack - more[:, k] * (part[k] / rise[k]), 0.0)
        own[k] += part[k]
        _weigh_next(raises, ladder, k, float(own[k]))
        for column, number in zip(whole, _rate(float(to[k]), float(gain[k]), float(own[k]), step), strict=True):
            column[k] = number  # of whole raises only the raised cell's changes
    return own


def _weigh_next(raises: Moves, ladder: _Ladder, k: int, spend: float) -> None:
    """The next raise of one cell after its spend has grown: off its ladder, after a part of a raise, for good."""
    level = int(ladder.level[k]) + 1
    if level < ladder.reach[k] and spend == ladder.spends[k, level]:
        ladder.level[k] = level
        raises.to[0, k], raises.gain[0, k] = ladder.spends[k, level + 1], ladder.gains[k, level]
        raises.more[:, 0, k] = ladder.uses(np.array([k * ladder.gains.shape[1] + level]))[:, 0]
    else:
        ladder.level[k] = ladder.reach[k]
        raises.weigh_again(k, spend)


def _rate(to: float, gain: float, own: float, step: int) -> tuple[float, float, float]:
    """``_rates`` of one whole raise."""
    rise = to - own
    part = math.floor(rise / step + 1e-9) * step if own > 0 else rise
    return rise, part, gain / rise if rise > 0 and part > 0 else 0.0


def _rates(to: Floats, gain: Floats, own: Floats, step: int, share: Floats) -> tuple[Floats, Floats, Floats]:
    """Each raise, the part of it that its ``share`` allows in whole steps, and what it gains per fen; 0 for none."""
    rise = to - own
    part = np.where(own > 0, np.floor(share * rise / step + 1e-9) * step, rise * (share >= 1.0))
    return rise, part, np.divide(gain, rise, out=np.zeros_like(rise), where=(rise > 0) & (part > 0))


def _share(more: Floats, slack: Floats) -> Floats:
    """The share of each raise that the slack allows, at most 1; raises are linear in between."""
    asked = np.divide(slack[:, None], more, out=np.full_like(more, np.inf), where=more > 0)
    return np.asarray(asked.min(axis=0, initial=1.0))
