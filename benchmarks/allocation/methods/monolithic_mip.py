"""One MIP over all cells, limits and steps, as one would write it down at once.

    x_i = sum_k w_ik spend_ik = step t_i,   sum_k w_ik = z_i,   sum_k b_ik = z_i,   w_ik <= b_i,k-1 + b_ik

w: weights of the table's points; z: cell i is active; b: a binary per segment, so that the two points with weight are
neighbours; t: whole steps. Every limit is a row. HiGHS through PuLP, one thread, relative gap 1e-3.
"""

from __future__ import annotations

import numpy as np
import pulp

from adspend.measures import Floats, Grid, grid
from adspend.problem import MICRO, Problem
from adspend.solver.highs import Outcome, new_model, run
from benchmarks.allocation.methods.whole_steps import refuse_fixed

GAP = 1e-3
FEN = 100.0  # the model counts in yuan


def monolithic_mip(problem: Problem, *, time_limit: float = 10.0) -> tuple[int, ...]:
    """Spends in fen; all 0 where HiGHS finds nothing within the time."""
    refuse_fixed(problem)
    arrays, model = grid(problem), new_model()
    weights = {i: _cell(model, problem, arrays, i) for i in np.nonzero(arrays.points)[0].tolist()}
    gain = [
        (w, -float(y))
        for i, own in weights.items()
        for w, y in zip(own, arrays.columns["objective"][i] / MICRO, strict=False)
    ]
    model.setObjective(pulp.LpAffineExpression(gain))
    for r in range(arrays.rhs.size):
        _add_row(model, arrays, weights, r)
    if run(model, time_limit=time_limit, gap=GAP) not in (Outcome.OPTIMAL, Outcome.FEASIBLE):
        return (0,) * problem.size
    return _spends(problem, arrays, weights)


def _cell(model: pulp.LpProblem, problem: Problem, arrays: Grid, i: int) -> list[pulp.LpVariable]:
    """The variables of cell i and what ties them; returns the weights of its points."""
    points = int(arrays.points[i])
    weights = [model.add_variable(f"w{i}_{k}", 0, 1) for k in range(points)]
    segments = [model.add_variable(f"b{i}_{k}", 0, 1, pulp.LpBinary) for k in range(max(1, points - 1))]
    steps = model.add_variable(f"t{i}", 0, int(arrays.maximum[i]) // problem.step_fen, pulp.LpInteger)
    spends = (arrays.spend[i, :points] / FEN).tolist()
    _add(model, f"z{i}", [*((w, 1.0) for w in weights), *((b, -1.0) for b in segments)], pulp.LpConstraintEQ)
    _add(model, f"one{i}", [(b, 1.0) for b in segments], pulp.LpConstraintLE, 1.0)
    whole = [*zip(weights, spends, strict=True), (steps, -problem.step_fen / FEN)]
    _add(model, f"s{i}", whole, pulp.LpConstraintEQ)
    for k, weight in enumerate(weights):
        near = [(b, -1.0) for b in segments[max(0, k - 1) : k + 1]]
        _add(model, f"n{i}_{k}", [(weight, 1.0), *near], pulp.LpConstraintLE)
    return weights


def _add_row(model: pulp.LpProblem, arrays: Grid, weights: dict[int, list[pulp.LpVariable]], r: int) -> None:
    """Limit r, scaled so that its largest coefficient is 1."""
    terms: list[tuple[pulp.LpVariable, float]] = []
    for i, own in weights.items():
        at = np.arange(len(own))
        use = arrays.use_at(np.full(len(own), i), at)[r]
        terms += zip(own, use.tolist(), strict=True)
    largest = max((abs(a) for _, a in terms), default=1.0) or 1.0
    scaled = [(w, a / largest) for w, a in terms if a]
    _add(model, f"r{r}", scaled, pulp.LpConstraintLE, float(arrays.rhs[r]) / largest)


def _add(
    model: pulp.LpProblem, name: str, terms: list[tuple[pulp.LpVariable, float]], sense: int, rhs: float = 0.0
) -> None:
    model.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, name, rhs))


def _spends(problem: Problem, arrays: Grid, weights: dict[int, list[pulp.LpVariable]]) -> tuple[int, ...]:
    """The answer to the nearest step: HiGHS keeps integers to within 1e-6."""
    x: Floats = np.zeros(problem.size)
    for i, own in weights.items():
        x[i] = sum((w.varValue or 0.0) * s for w, s in zip(own, arrays.spend[i].tolist(), strict=False))
    steps = np.rint(x / problem.step_fen).astype(np.int64) * problem.step_fen
    return tuple(steps.tolist())
