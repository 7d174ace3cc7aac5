"""From a solver's answer to whole steps that break no limit by a single fen.

Snap every spend to the step grid; while a limit is broken, make the single move that lessens the breach at the least
loss (each move must lessen it, so this ends); then spend what is left where the next raise earns most per yuan. A move
changes one cell, so only that cell's moves are weighed again. The search runs in floats with a margin; the result is
returned only when exact arithmetic confirms it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from adspend.measures import Floats, Grid, broken
from adspend.problem import Problem

Cells = NDArray[np.intp]
Move = Callable[[Cells, Floats], Floats]  # cells and their spends -> the spends after the move

MARGIN = 1e-9  # of a limit's size, kept free on limits whose use is not a whole number of fen
EXACT = 2.0**53  # whole numbers up to here are exact in floats
MOVES_PER_CELL = 20  # a stop far above what snapping to steps can need
AHEAD = 64  # raises of a cell weighed at once: a table's points
MOST_CELLS = 3000  # weighed for moves: of a larger problem, those whose moves are best at the start


def repair(problem: Problem, grid: Grid, spend: Floats) -> tuple[int, ...] | None:
    """A feasible plan near ``spend`` (fen, shape (n,)), or None when no single move leads to one."""
    snapped = snap(problem, grid, spend)
    x = _trim(problem, grid, snapped) if broken(problem, _whole(snapped)) else snapped
    if x is None or broken(problem, _whole(x)):
        return None
    filled = _whole(_fill(problem, grid, x))
    return _whole(x) if broken(problem, filled) else filled


def roundings(weight: Floats, spend: Floats) -> tuple[Floats, Floats]:
    """Where to start from a relaxation's weights (n, K) over the points' spends: the means, the heaviest points."""
    running = weight.sum(axis=1) > 0.5
    heaviest = np.take_along_axis(spend, weight.argmax(axis=1)[:, None], axis=1)[:, 0]
    return (weight * spend).sum(axis=1) * running, heaviest * running


def _whole(x: Floats) -> tuple[int, ...]:
    return tuple(np.rint(x).astype(np.int64).tolist())


def snap(problem: Problem, grid: Grid, spend: Floats) -> Floats:
    """Spends on the step grid, each 0 or within its cell's range; a thousandth of a step is the solver's noise."""
    step = float(problem.step_fen)
    x = np.floor(spend / step + 1e-3) * step
    x = np.where(x < grid.minimum, np.where(spend >= grid.minimum - 1e-3 * step, grid.minimum, 0.0), x)
    x = np.minimum(x, grid.maximum)
    return np.where(problem.fixed >= 0, problem.fixed.astype(np.float64), x)


class _Moves:
    """One kind of move for each cell, weighed: the spend after it, what it gains, and what more it uses (R, cells)."""

    def __init__(self, grid: Grid, move: Move, cells: Cells, x: Floats) -> None:
        self.grid, self.move, self.cells = grid, move, cells
        self.to, self.gain, self.more = self._weigh(cells, x[cells])

    def _weigh(self, cells: Cells, x: Floats) -> tuple[Floats, Floats, Floats]:
        to = self.move(cells, x)
        gain = self.grid.at("objective", to, cells) - self.grid.at("objective", x, cells)
        return to, gain, self.grid.use(to, cells) - self.grid.use(x, cells)

    def weigh_again(self, k: int, spend: float) -> None:
        """The moves of one cell after its spend has changed."""
        to, gain, more = self._weigh(self.cells[k : k + 1], np.array([spend]))
        self.to[k], self.gain[k], self.more[:, k] = to[0], gain[0], more[:, 0]


def _usable(grid: Grid, use: Floats) -> Floats:
    """The limits' right-hand sides less a margin for rounding, shape (R,), for ``use`` of shape (R, n).

    Sums of whole fen are exact in floats up to 2^53; limits on orders or GMV are not and keep a margin. Nothing spent
    needs none.
    """
    size = np.abs(use).sum(axis=1)
    inexact = size > EXACT
    for name in set(grid.rows) - {"spend", "active"}:
        inexact |= grid.rows[name].any(axis=1)
    return grid.rhs - np.where(inexact, MARGIN * size, 0.0)


def _sizes(grid: Grid) -> Floats:
    """The size of each limit, shape (R,): its right-hand side or the most the cells could use."""
    most = np.abs(grid.use(grid.maximum)).sum(axis=1)
    return np.asarray(np.maximum(np.maximum(most, np.abs(grid.rhs)), 1.0), dtype=np.float64)


def _movable(problem: Problem, grid: Grid, worth: Floats) -> Cells:
    """The cells that may move, the most worthwhile of a large problem."""
    free = np.nonzero((problem.fixed < 0) & (grid.points > 0))[0]
    if free.size <= MOST_CELLS:
        return free
    return np.sort(free[np.argsort(-worth[free], kind="stable")[:MOST_CELLS]])


def _trim(problem: Problem, grid: Grid, x: Floats) -> Floats | None:
    """The spends moved, one cell at a time, until no limit is broken; None where no move helps."""
    sizes, use = _sizes(grid), grid.use(x)
    rhs, total = _usable(grid, use), use.sum(axis=1)
    over = np.maximum(total - rhs, 0.0) / sizes
    cells = _movable(problem, grid, over @ np.abs(use))
    kinds = [_Moves(grid, move, cells, x) for move in (_down(problem, grid), _pause, _up(problem, grid))]
    x = x.copy()
    for _ in range(MOVES_PER_CELL * x.size):
        breach = float(_breach(total, rhs, sizes))
        if breach == 0:
            return x
        rates = np.stack([_relief_rate(moves, x, total, rhs, sizes, breach) for moves in kinds])
        kind, k = divmod(int(rates.argmax()), cells.size) if cells.size else (0, 0)
        if not cells.size or rates[kind, k] <= 0:
            return None
        x[cells[k]] = kinds[kind].to[k]
        total = total + kinds[kind].more[:, k]
        for moves in kinds:
            moves.weigh_again(k, float(x[cells[k]]))
    return None


def _breach(use: Floats, rhs: Floats, sizes: Floats) -> Floats:
    """By how much the limits are broken in all, each as a share of its size; ``use`` may be (R,) or (R, moves)."""
    over = np.maximum((use.T - rhs) / sizes, 0.0)
    return np.asarray(over.sum(axis=-1))


def _relief_rate(moves: _Moves, x: Floats, total: Floats, rhs: Floats, sizes: Floats, breach: float) -> Floats:
    """By how much each move lessens the breach per yuan of objective given up; 0 where it does not."""
    relief = breach - _breach(total[:, None] + moves.more, rhs, sizes)
    helps = (relief > 1e-15) & (moves.to != x[moves.cells])
    return np.where(helps, relief / np.maximum(-moves.gain, 1.0), 0.0)


def _down(problem: Problem, grid: Grid) -> Move:
    """One step lower, or 0 from the minimum."""

    def move(cells: Cells, x: Floats) -> Floats:
        lower = x - problem.step_fen
        return np.where(lower >= grid.minimum[cells], lower, 0.0)

    return move


def _pause(cells: Cells, x: Floats) -> Floats:
    del cells
    return np.zeros_like(x)


def _up(problem: Problem, grid: Grid) -> Move:
    """One step higher, or the minimum from 0."""

    def move(cells: Cells, x: Floats) -> Floats:
        higher = np.where(x == 0, grid.minimum[cells], x + problem.step_fen)
        return np.where(higher > grid.maximum[cells], x, higher)

    return move


def _to_next_point(problem: Problem, grid: Grid) -> Move:
    """To the table's next point on the step grid, at least one step; the minimum from 0."""
    up = _up(problem, grid)

    def move(cells: Cells, x: Floats) -> Floats:
        point = np.where(grid.spend[cells] > x[:, None], grid.spend[cells], np.inf).min(axis=1)
        there = np.floor(np.where(np.isfinite(point), point, x) / problem.step_fen) * problem.step_fen
        return np.where((x > 0) & (there > x), there, up(cells, x))

    return move


class _Raises:
    """Each cell's next raise: the spend after it, what it gains, and what more it uses (R, cells), weighed ahead.

    A cell mostly climbs from point to point of its table, so these raises are weighed at once for all cells; a cell
    that has left its ladder, by a raise in part, is weighed again by itself.
    """

    def __init__(self, problem: Problem, grid: Grid, cells: Cells, x: Floats) -> None:
        self.single = _Moves(grid, _to_next_point(problem, grid), cells, x)
        self.to, self.gain, self.more = self.single.to, self.single.gain, self.single.more
        spends, self.reach = _ladder(grid, problem.step_fen, cells, x[cells])
        flat, of = spends.ravel(), np.repeat(cells, spends.shape[1])
        self.ahead = spends[:, 1:]
        self.gains = np.diff(grid.at("objective", flat, of).reshape(spends.shape), axis=1)
        self.uses = np.diff(grid.use(flat, of).reshape(-1, *spends.shape), axis=2)
        self.level = np.zeros(cells.size, dtype=np.intp)

    def raised(self, k: int, spend: float) -> None:
        """The next raise of one cell after its spend has grown to ``spend``."""
        up = int(self.level[k]) + 1
        if up < self.reach[k] and spend == self.ahead[k, up - 1]:
            self.level[k] = up
            self.to[k], self.gain[k], self.more[:, k] = self.ahead[k, up], self.gains[k, up], self.uses[:, k, up]
        else:
            self.level[k] = self.reach[k]  # off the ladder for good
            self.single.weigh_again(k, spend)


def _ladder(grid: Grid, step: int, cells: Cells, x: Floats) -> tuple[Floats, Cells]:
    """``x`` and the table's points above it, (cells, levels), and how many of them ``_to_next_point`` would take."""
    points = grid.spend[cells]
    first = (points <= x[:, None]).sum(axis=1)
    at = np.minimum(first[:, None] + np.arange(min(AHEAD, points.shape[1])), points.shape[1] - 1)
    spends = np.concatenate([x[:, None], np.take_along_axis(points, at, axis=1)], axis=1)
    taken = (spends[:, 1:] % step == 0) | (spends[:, :-1] == 0)  # from 0 to the minimum, else along the step grid
    return spends, np.logical_and.accumulate(taken, axis=1).sum(axis=1)


def _fill(problem: Problem, grid: Grid, x: Floats) -> Floats:
    """Makes the most rewarding raise that the limits allow, in whole or in part, until none earns anything."""
    step, move, use = problem.step_fen, _to_next_point(problem, grid), grid.use(x)
    slack = np.maximum(_usable(grid, use) - use.sum(axis=1), 0.0)  # a limit met exactly still allows the others
    everyone = np.arange(x.size)
    to = move(everyone, x) if x.size > MOST_CELLS else x
    cells = _movable(problem, grid, grid.at("objective", to) - grid.at("objective", x))
    if not cells.size:
        return x
    raises, x, own = _Raises(problem, grid, cells, x), x.copy(), x[cells]
    whole = _rates(raises.to, raises.gain, own, step, np.ones(cells.size))
    for _ in range(MOVES_PER_CELL * x.size):
        rise, part, rate = whole
        if (raises.more > slack[:, None]).any():
            rise, part, rate = _rates(raises.to, raises.gain, own, step, _share(raises.more, slack))
        k = int(rate.argmax())
        if rate[k] <= 0:
            break
        slack = np.maximum(slack - raises.more[:, k] * (part[k] / rise[k]), 0.0)
        own[k] += part[k]
        raises.raised(k, float(own[k]))
        for column, number in zip(
            whole, _rate(float(raises.to[k]), float(raises.gain[k]), float(own[k]), step), strict=True
        ):
            column[k] = number  # of whole raises only the raised cell's changes
    x[cells] = own
    return x


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
