"""The LP relaxation over every table point, written in PuLP: the readable twin of the engine's array model."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pulp

from adspend.bound import price
from adspend.measures import grid
from adspend.pinned import pinned
from adspend.problem import MICRO, Problem
from adspend.solver.highs import Outcome, new_model, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The optimum in yuan, and the limits' prices in micro-yuan per unit."""

    objective: float
    prices: tuple[Fraction, ...]
    names: tuple[str, ...]  # of the model's variables


def relax(made: Problem) -> Relaxation | None:
    """Maximise the weighted objective, each cell's weights summing to at most 1 (1 where it is fixed above 0)."""
    problem = pinned(made)
    arrays = grid(problem)
    cells, points = np.nonzero(np.arange(arrays.spend.shape[1]) < arrays.points[:, None])
    use = arrays.use_at(cells, points)
    size = np.maximum(np.maximum(np.abs(use).max(axis=1, initial=0.0), np.abs(arrays.rhs)), 1.0)
    model = new_model()
    weights = [model.add_variable(f"w{i}_{k}", 0, 1) for i, k in zip(cells, points, strict=True)]
    gains = (arrays.columns["objective"][cells, points] / MICRO).tolist()
    model.setObjective(pulp.LpAffineExpression([(w, -gain) for w, gain in zip(weights, gains, strict=True)]))
    for r in range(arrays.rhs.size):
        row = pulp.LpAffineExpression(list(zip(weights, (use[r] / size[r]).tolist(), strict=True)))
        model.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintLE, f"r{r}", arrays.rhs[r] / size[r]))
    for i in np.unique(cells).tolist():
        one = pulp.LpAffineExpression([(w, 1.0) for w, owner in zip(weights, cells, strict=True) if owner == i])
        sense = pulp.LpConstraintEQ if arrays.must_run[i] else pulp.LpConstraintLE
        model.addConstraint(pulp.LpConstraint(one, sense, f"c{i}", 1.0))
    if run(model, time_limit=20) is not Outcome.OPTIMAL:
        return None
    duals = [model.get_constraint_by_name(f"r{r}").pi or 0.0 for r in range(arrays.rhs.size)]
    return Relaxation(
        objective=float(sum(w.varValue * gain for w, gain in zip(weights, gains, strict=True))),
        prices=tuple(price(-dual * MICRO / s) for dual, s in zip(duals, size.tolist(), strict=True)),
        names=tuple(variable.name for variable in model.variables()),
    )
