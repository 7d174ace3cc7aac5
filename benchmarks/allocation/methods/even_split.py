"""The even split: every cell gets the same, as far as its box allows."""

from __future__ import annotations

import numpy as np

from adspend.problem import Problem
from benchmarks.allocation.methods.whole_steps import boxes, budget_of, in_whole_steps


def even_split(problem: Problem) -> tuple[int, ...]:
    """Spends in fen."""
    _, most = boxes(problem)
    open_cells = most > 0
    share = budget_of(problem) / max(1, int(open_cells.sum()))
    return in_whole_steps(problem, np.where(open_cells, np.minimum(share, most), 0.0))
