"""An augmented Lagrangian from the lower bounds, as Robyn's allocator runs it.

    minimise  -objective(x) + price h(x) + weight h(x)^2 / 2,   h(x) = sum x - budget

over the boxes, then ``price += weight h``, and ``weight`` grows tenfold where h did not halve (Birgin & Martinez 2008,
"Improving ultimate convergence of an augmented Lagrangian method", the scheme of NLopt's AUGLAG). NLopt's own code is
not used: the inner problems are SciPy's L-BFGS-B, which like the original follows exact slopes within boxes.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, minimize

from adspend.problem import Problem
from benchmarks.allocation.methods.smooth_curves import SmoothCurves
from benchmarks.allocation.methods.whole_steps import Floats, in_whole_steps

ROUNDS = 40
GROWTH, ENOUGH = 10.0, 0.5  # NLopt's gamma and tau
HEAVIEST = 1e8  # beyond it, the inner problem is numerically the budget alone


def auglag(problem: Problem) -> tuple[int, ...]:
    """Spends in fen."""
    curves = SmoothCurves(problem)
    x = np.zeros(problem.size)
    spent = min(curves.budget, float(curves.most.sum()))
    # NLopt starts with 2 |objective| / h^2; at lower bounds of 0 the objective is no guide, but both are of the size n.
    price, weight, before = 0.0, 2.0 / problem.size, np.inf
    for _ in range(ROUNDS):
        x = _inner(curves, x, spent, price, weight)
        miss = float(x.sum() - spent)
        if abs(miss) <= 1e-9 * spent:
            break
        price += weight * miss
        weight = min(HEAVIEST, weight * GROWTH) if abs(miss) > ENOUGH * before else weight
        before = abs(miss)
    return in_whole_steps(problem, x * curves.unit)


def _inner(curves: SmoothCurves, start: Floats, spent: float, price: float, weight: float) -> Floats:
    """Where L-BFGS-B ends on the boxes at this price and weight."""

    def descend(x: Floats) -> tuple[float, Floats]:
        value, slope = curves.climb(x)
        miss = float(x.sum() - spent)
        return -value + price * miss + weight * miss**2 / 2, -slope + price + weight * miss

    bounds = Bounds(np.zeros(start.size), curves.most)
    answer = minimize(descend, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12})
    return curves.within(np.asarray(answer.x, dtype=np.float64))
