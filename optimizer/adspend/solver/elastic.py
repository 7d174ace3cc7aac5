"""The elastic relaxation: by how much the limits would have to give for any plan to exist."""

from __future__ import annotations

import numpy as np
import pulp

from adspend.measures import Grid
from adspend.problem import Problem
from adspend.solver.highs import Outcome, new_model, run
from adspend.solver.relaxation import add_one_choice_rows, point_use, valid_points

NOISE = 1e-9  # of a limit's size: the solver's tolerance


def smallest_excess(problem: Problem, grid: Grid, *, time_limit: float) -> tuple[float, ...]:
    """How far each limit is overstepped in the cheapest way to overstep them, in units of its right-hand side."""
    use = point_use(grid)
    cells, points = np.nonzero(valid_points(problem))
    model = new_model()
    weights = [model.add_variable(f"w{i}_{k}", 0, 1) for i, k in zip(cells, points, strict=True)]
    scale = np.maximum(np.abs(use).max(axis=(1, 2), initial=0.0), np.maximum(np.abs(grid.rhs), 1.0))
    excess = [model.add_variable(f"e{r}", 0) for r in range(grid.rhs.size)]
    model.setObjective(pulp.LpAffineExpression([(e, 1.0) for e in excess]))
    for r, over in enumerate(excess):
        terms = list(zip(weights, (use[r, cells, points] / scale[r]).tolist(), strict=True))
        row = pulp.LpAffineExpression([*terms, (over, -1.0)])
        model.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintLE, f"r{r}", grid.rhs[r] / scale[r]))
    add_one_choice_rows(model, problem, cells, weights)
    if run(model, time_limit=time_limit) is not Outcome.OPTIMAL:
        return (0.0,) * len(excess)
    amounts = [(over.varValue or 0.0) for over in excess]
    return tuple(a * s if a > NOISE else 0.0 for a, s in zip(amounts, scale.tolist(), strict=True))
