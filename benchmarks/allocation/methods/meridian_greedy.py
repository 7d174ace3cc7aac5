"""Greedy on a table of spends, the algorithm of google/meridian's ``OptimizationGrid``.

From the lower bounds up, it takes again and again the jump, of any cell to any higher table row, that gains most per
yuan, and ends for good when a jump exceeds the budget; it tries no smaller jump and no other cell. A cell's jumps are
the pieces of its upper concave envelope from steep to flat, so the walk is all cells' pieces sorted by slope, which is
how it is computed here. Rows are the table's points and 0.
"""

from __future__ import annotations

import numpy as np

from adspend.measures import grid
from adspend.problem import Problem
from benchmarks.allocation.methods.whole_steps import Floats, budget_of


def meridian_greedy(problem: Problem) -> tuple[int, ...]:
    """Spends in fen."""
    arrays = grid(problem)
    nothing = np.zeros((problem.size, 1))
    spend = np.hstack([nothing, arrays.spend])
    cell, to, slope, width = _jumps(spend, np.hstack([nothing, arrays.columns["objective"]]))
    order = np.argsort(-slope, kind="stable")  # of equal slopes the first jump of a cell stays first
    taken = order[np.cumsum(width[order]) <= budget_of(problem)]
    x = np.zeros(problem.size)
    np.maximum.at(x, cell[taken], spend[cell[taken], to[taken]])
    return tuple(np.rint(x).astype(np.int64).tolist())


def _jumps(spend: Floats, gain: Floats) -> tuple[np.ndarray, np.ndarray, Floats, Floats]:
    """Every cell's jumps from row to row (n, K) while they gain: cell, row reached, gain per fen, fen."""
    at = np.zeros(len(spend), dtype=np.intp)
    walking = np.arange(len(spend))
    jumps = []
    while walking.size:
        here = at[walking]
        width = spend[walking] - spend[walking, here][:, None]
        rise = gain[walking] - gain[walking, here][:, None]
        slope = np.divide(rise, width, out=np.full_like(rise, -np.inf), where=width > 0)
        to = slope.argmax(axis=1)
        best = slope[np.arange(walking.size), to]
        walking, to, best = walking[best > 0], to[best > 0], best[best > 0]
        jumps.append((walking, to, best, spend[walking, to] - spend[walking, at[walking]]))
        at[walking] = to
    cell, to, slope, width = (np.concatenate(column) for column in zip(*jumps, strict=True))
    return cell, to, slope, width
