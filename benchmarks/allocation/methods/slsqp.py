"""Sequential quadratic programming from the even split, as in pymc-marketing's ``BudgetOptimizer``.

SciPy's SLSQP with exact slopes, boxes, and the sum of spends held to the budget; ftol 1e-9 and at most 1000
iterations, the same as there. What it returns is taken as it is, converged or not. The sum is an equation, as it is by
default there: where the last of a budget does not pay, that costs.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, minimize

from adspend.problem import Problem
from benchmarks.allocation.methods.smooth_curves import SmoothCurves
from benchmarks.allocation.methods.whole_steps import Floats, in_whole_steps


def slsqp(problem: Problem) -> tuple[int, ...]:
    """Spends in fen."""
    curves = SmoothCurves(problem)
    return in_whole_steps(problem, climb_from(curves, np.ones(problem.size)) * curves.unit)


def climb_from(curves: SmoothCurves, start: Floats) -> Floats:
    """Where SLSQP ends from ``start``; both (n,), in even splits."""

    def descend(x: Floats) -> tuple[float, Floats]:
        value, slope = curves.climb(x)
        return -value, -slope

    spent = min(curves.budget, float(curves.most.sum()))
    answer = minimize(
        descend,
        curves.within(start),
        jac=True,
        method="SLSQP",
        bounds=Bounds(np.zeros(start.size), curves.most),
        constraints=LinearConstraint(np.ones((1, start.size)), spent, spent),
        options={"ftol": 1e-9, "maxiter": 1000},
    )
    return curves.within(np.asarray(answer.x, dtype=np.float64))
