"""SLSQP from 20 random splits of the budget, the best of all answers: the usual remedy for a local method."""

from __future__ import annotations

import numpy as np

from adspend.problem import Problem
from benchmarks.allocation.methods.slsqp import climb_from
from benchmarks.allocation.methods.smooth_curves import SmoothCurves
from benchmarks.allocation.methods.whole_steps import in_whole_steps

STARTS = 20


def multi_start(problem: Problem, *, seed: int = 20261123) -> tuple[int, ...]:
    """Spends in fen; the starts are uniform over all splits (Dirichlet)."""
    rng = np.random.default_rng(seed)
    curves = SmoothCurves(problem)
    starts = rng.dirichlet(np.ones(problem.size), STARTS) * curves.budget
    ends = [climb_from(curves, start) for start in starts]
    # An answer that failed to meet the budget is scaled down to it before it is compared.
    ends = [x * min(1.0, curves.budget / max(x.sum(), 1e-12)) for x in ends]
    return in_whole_steps(problem, max(ends, key=lambda x: curves.climb(x)[0]) * curves.unit)
