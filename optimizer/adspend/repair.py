"""From a solver's answer to whole steps that break no limit by a single fen.

Snap every spend to the step grid; while a limit is broken, make the single move that lessens the breach at the least
loss (each move must lessen it, so this ends); then spend what is left where the next raise earns most per yuan. The
search runs in floats with a margin; the result is returned only when exact arithmetic confirms it.
"""

from __future__ import annotations

import numpy as np

from adspend.measures import Floats, Grid, broken
from adspend.problem import Problem

MARGIN = 1e-9  # of a limit's size, kept free on limits whose use is not a whole number of fen
EXACT = 2.0**53  # whole numbers up to here are exact in floats
MOVES_PER_CELL = 20  # a stop far above what snapping to steps can need


def repair(problem: Problem, grid: Grid, spend: Floats) -> tuple[int, ...] | None:
    """A feasible plan near ``spend`` (fen, shape (n,)), or None when no single move leads to one."""
    snapped = snap(problem, grid, spend)
    x = _trim(problem, grid, snapped) if broken(problem, _whole(snapped)) else snapped
    if x is None or broken(problem, _whole(x)):
        return None
    filled = _whole(_fill(problem, grid, x))
    return _whole(x) if broken(problem, filled) else filled


def _whole(x: Floats) -> tuple[int, ...]:
    return tuple(round(value) for value in x.tolist())


def snap(problem: Problem, grid: Grid, spend: Floats) -> Floats:
    """Spends on the step grid, each 0 or within its cell's range; a thousandth of a step is the solver's noise."""
    step = float(problem.step_fen)
    x = np.floor(spend / step + 1e-3) * step
    x = np.where(x < grid.minimum, np.where(spend >= grid.minimum - 1e-3 * step, grid.minimum, 0.0), x)
    x = np.minimum(x, grid.maximum)
    return np.where(problem.fixed >= 0, problem.fixed.astype(np.float64), x)


def _usable(grid: Grid, use: Floats) -> Floats:
    """The limits' right-hand sides less a margin for rounding, shape (R,), for ``use`` of shape (R, n).

    Sums of whole fen are exact in floats up to 2^53; limits on orders or GMV are not and keep a margin. Nothing spent
    needs none.
    """
    size = np.abs(use).sum(axis=1)
    inexact = grid.rows["orders"].any(axis=1) | grid.rows["gmv"].any(axis=1) | (size > EXACT)
    return grid.rhs - np.where(inexact, MARGIN * size, 0.0)


def _size(grid: Grid) -> Floats:
    """The size of each limit, shape (R,): its right-hand side or the most the cells could use."""
    most = np.abs(grid.use(grid.maximum)).sum(axis=1)
    return np.asarray(np.maximum(np.maximum(most, np.abs(grid.rhs)), 1.0), dtype=np.float64)


def _trim(problem: Problem, grid: Grid, x: Floats) -> Floats | None:
    size = _size(grid)
    for _ in range(MOVES_PER_CELL * x.size):
        use = grid.use(x)
        rhs = _usable(grid, use)
        breach = _breach(use.sum(axis=1), rhs, size)
        if breach == 0:
            return x
        move = _best_move(problem, grid, x, use, rhs, size, float(breach))
        if move is None:
            return None
        x = move
    return None


def _breach(use: Floats, rhs: Floats, size: Floats) -> Floats:
    """By how much the limits are broken in all, each as a share of its size; ``use`` may be (R,) or (R, moves)."""
    over = np.maximum((use.T - rhs) / size, 0.0)
    return np.asarray(over.sum(axis=-1))


def _best_move(
    problem: Problem, grid: Grid, x: Floats, use: Floats, rhs: Floats, size: Floats, breach: float
) -> Floats | None:
    """The raise, cut or pause of one cell that lessens the breach most per yuan of objective given up."""
    best, best_rate = None, 0.0
    for y in (_one_down(problem, grid, x), _paused(problem, x), _one_up(problem, grid, x)):
        moved = use.sum(axis=1)[:, None] + grid.use(y) - use
        relief = breach - _breach(moved, rhs, size)
        loss = grid.at("objective", x) - grid.at("objective", y)
        rate = np.where((relief > 1e-15) & (x != y), relief / np.maximum(loss, 1.0), 0.0)
        i = int(rate.argmax())
        if rate[i] > best_rate:
            best, best_rate = x.copy(), float(rate[i])
            best[i] = y[i]
    return best


def _free(problem: Problem, x: Floats, moved: Floats) -> Floats:
    return np.where(problem.fixed >= 0, x, moved)


def _one_down(problem: Problem, grid: Grid, x: Floats) -> Floats:
    """Each spend one step lower, or 0 from the minimum."""
    return _free(problem, x, np.where(x - problem.step_fen >= grid.minimum, x - problem.step_fen, 0.0).clip(0.0))


def _paused(problem: Problem, x: Floats) -> Floats:
    return _free(problem, x, np.zeros_like(x))


def _one_up(problem: Problem, grid: Grid, x: Floats) -> Floats:
    """Each spend one step higher, or the minimum from 0."""
    up = np.where(x == 0, grid.minimum, x + problem.step_fen)
    return _free(problem, x, np.where(up > grid.maximum, x, up))


def _to_next_point(problem: Problem, grid: Grid, x: Floats) -> Floats:
    """Each active spend raised to its table's next point, on the step grid."""
    point = np.where(grid.spend > x[:, None], grid.spend, np.inf).min(axis=1)
    up = np.floor(np.where(np.isfinite(point), point, x) / problem.step_fen) * problem.step_fen
    return _free(problem, x, np.where((x > 0) & (up > x), up, x))


def _to_budget(problem: Problem, grid: Grid, x: Floats) -> Floats:
    """Each active spend raised by all that the budget leaves, at most to its table's next point."""
    rows = [r for r, limit in enumerate(problem.limits) if limit.key == "budget"]
    left = max(float(grid.rhs[rows[0]] - x.sum()), 0.0) if rows else 0.0
    up = np.floor((x + left) / problem.step_fen) * problem.step_fen
    return np.asarray(np.maximum(np.minimum(up, _to_next_point(problem, grid, x)), x), dtype=np.float64)


def _fill(problem: Problem, grid: Grid, x: Floats) -> Floats:
    """Adds the most rewarding feasible raise until none earns anything."""
    for _ in range(MOVES_PER_CELL * x.size):
        use = grid.use(x)
        slack = np.maximum(_usable(grid, use) - use.sum(axis=1), 0.0)  # a limit met exactly still allows the others
        raises = [_to_next_point(problem, grid, x), _to_budget(problem, grid, x), _one_up(problem, grid, x)]
        rate = np.stack([_rate(grid, x, y, slack) for y in raises])
        kind, i = divmod(int(rate.argmax()), x.size)
        if rate[kind, i] <= 0:
            break
        x = x.copy()
        x[i] = raises[kind][i]
    return x


def _rate(grid: Grid, x: Floats, y: Floats, slack: Floats) -> Floats:
    """Objective gained per fen by raising each cell alone to ``y``; 0 where it gains nothing or a limit forbids it."""
    gain = grid.at("objective", y) - grid.at("objective", x)
    extra = grid.use(y) - grid.use(x)
    fits = (extra <= slack[:, None]).all(axis=0)
    rate = np.divide(gain, y - x, out=np.zeros_like(gain), where=y > x)
    return np.where(fits & (gain > 0), rate, 0.0)
