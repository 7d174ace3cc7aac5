"""From a solver's answer to whole steps that break no limit by a single fen.

Snap every spend to the step grid; while a limit is broken, make the single move that lessens the breach at the least
loss (``trim``); then spend what is left where the next raise earns most per yuan (``fill``). The search runs in floats
with a margin; the result is returned only when exact arithmetic confirms it.
"""

from __future__ import annotations

import numpy as np

from adspend.fill import fill
from adspend.measures import Floats, Grid, broken
from adspend.problem import Problem
from adspend.trim import trim


def repair(problem: Problem, grid: Grid, spend: Floats) -> tuple[int, ...] | None:
    """A feasible plan near ``spend`` (fen, shape (n,)), or None when no single move leads to one."""
    snapped = snap(problem, grid, spend)
    is_broken = broken(problem, _whole(snapped))
    x = trim(problem, grid, snapped) if is_broken else snapped
    if x is None or (is_broken and broken(problem, _whole(x))):
        return None
    filled = _whole(fill(problem, grid, x))
    return _whole(x) if broken(problem, filled) else filled


def roundings(weight: Floats, spend: Floats) -> tuple[Floats, Floats]:
    """Where to start from a relaxation's weights (n, K) over the points' spends: the means, the heaviest points."""
    running = weight.sum(axis=1) > 0.5
    heaviest = np.take_along_axis(spend, weight.argmax(axis=1)[:, None], axis=1)[:, 0]
    return (weight * spend).sum(axis=1) * running, heaviest * running


def snap(problem: Problem, grid: Grid, spend: Floats) -> Floats:
    """Spends on the step grid, each 0 or within its cell's range; a thousandth of a step is the solver's noise."""
    step = float(problem.step_fen)
    x = np.floor(spend / step + 1e-3) * step
    x = np.where(x < grid.minimum, np.where(spend >= grid.minimum - 1e-3 * step, grid.minimum, 0.0), x)
    x = np.minimum(x, grid.maximum)
    return np.where(problem.fixed >= 0, problem.fixed.astype(np.float64), x)


def _whole(x: Floats) -> tuple[int, ...]:
    return tuple(np.rint(x).astype(np.int64).tolist())
