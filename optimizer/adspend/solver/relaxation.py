"""The LP relaxation: an upper bound, the prices of the limits, and a nearly integral plan.

Notation: w_ik in [0, 1] the weight of table point k of cell i; spend, orders, gmv are weighted sums of the points'.

    maximise    sum_ik objective_ik w_ik
    subject to  sum_ik a_r(i, k) w_ik <= rhs_r        for each limit r      (dual: the limit's price)
                sum_k  w_ik <= 1                      for each cell i       (the rest of the weight is "paused")

Over all points this LP equals the Lagrangian dual of the problem (Dantzig-Wolfe), so its prices give the best bound
that one price vector can prove. Only points on a cell's upper concave hull can carry weight while every measure moves
with the objective; where one does not, the missing points are priced and added until none improves.
At most as many cells are fractional as limits bind (Sinha and Zoltners 1979, "The multiple-choice knapsack problem").
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pulp
from numpy.typing import NDArray

from adspend.bound import price
from adspend.measures import Floats, Grid
from adspend.problem import MICRO, Problem
from adspend.solver.highs import Outcome, new_model, run

PRICING_TOLERANCE = 1e-7  # share of the largest objective: a smaller improvement is the solver's own tolerance
MOST_ROUNDS = 30  # of pricing; a stop before convergence loosens the bound, never breaks it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxation:
    """The LP's answer. ``weight`` has shape (n, K), ``prices`` one per limit (micro-yuan per unit), ``objective`` yuan.

    ``model`` is kept so that another budget can be solved warm.
    """

    weight: Floats
    prices: tuple[Fraction, ...]
    objective: float
    model: pulp.LpProblem
    scale: Floats  # (R,) what each row was divided by


def upper_hull(x: Floats, y: Floats) -> NDArray[np.intp]:
    """Indices of the upper concave hull of the points with (0, 0), increasing x > 0; the origin itself is left out.

    >>> upper_hull(np.array([1.0, 2.0, 3.0]), np.array([0.1, 2.0, 2.5])).tolist()
    [1, 2]
    """
    kept: list[int] = []
    for k in range(x.size):
        while kept:
            xa, ya = (x[kept[-2]], y[kept[-2]]) if len(kept) > 1 else (0.0, 0.0)
            xb, yb = x[kept[-1]], y[kept[-1]]
            if (yb - ya) * (x[k] - xb) > (y[k] - yb) * (xb - xa):
                break
            kept.pop()
        kept.append(k)
    return np.array(kept, dtype=np.intp)


def point_use(grid: Grid) -> Floats:
    """What each table point uses of each limit, shape (R, n, K)."""
    left = grid.rows["spend"][:, :, None] * grid.spend[None] + grid.rows["active"][:, :, None]
    for column in ("orders", "gmv"):
        if grid.rows[column].any():
            left = left + grid.rows[column][:, :, None] * grid.columns[column][None]
    return np.asarray(left)


def limit_sizes(grid: Grid) -> Floats:
    """What a limit is measured by, shape (R,): the most that one cell uses of it, or its right-hand side."""
    most = np.abs(point_use(grid)).max(axis=(1, 2), initial=0.0)
    return np.asarray(np.maximum(most, np.maximum(np.abs(grid.rhs), 1.0)), dtype=np.float64)


def relax(problem: Problem, grid: Grid, *, time_limit: float) -> Relaxation | None:
    """Solves the relaxation, pricing points until none improves.

    Returns:
        None when it is infeasible or time ran out before a first answer: which of the two is not said, for a solver's
        "infeasible" is a claim that its caller confirms. A later time-out leaves the answer before it.
    """
    use, scale = point_use(grid), limit_sizes(grid)
    chosen, everything = _hull_points(problem, grid), valid_points(problem)
    last = None
    for _ in range(MOST_ROUNDS):
        answer = _solve_columns(problem, grid, use, chosen, scale, time_limit)
        if answer is None and last is None and not chosen[everything].all():
            chosen = everything.copy()  # hull points alone may break a limit that others meet
            continue
        if answer is None:
            break
        last = answer
        missing = _improving_points(problem, grid, use, chosen, answer)
        if not missing.any():
            break
        chosen |= missing
    return last


def valid_points(problem: Problem) -> NDArray[np.bool_]:
    """Which entries of the padded tables are points, shape (n, K)."""
    longest = max((t.spend.size for t in problem.tables if t is not None), default=1) + 1
    valid = np.zeros((len(problem.cells), longest), dtype=bool)
    for i, table in enumerate(problem.tables):
        if table is not None:
            valid[i, : table.spend.size] = True
    return valid


def _hull_points(problem: Problem, grid: Grid) -> NDArray[np.bool_]:
    """The points to start from: each cell's hull of objective over spend."""
    chosen = np.zeros(grid.spend.shape, dtype=bool)
    for i, table in enumerate(problem.tables):
        if table is not None:
            size = table.spend.size
            chosen[i, upper_hull(grid.spend[i, :size], grid.columns["objective"][i, :size])] = True
    return chosen


def _solve_columns(
    problem: Problem, grid: Grid, use: Floats, chosen: NDArray[np.bool_], scale: Floats, time_limit: float
) -> Relaxation | None:
    model = new_model()
    cells, points = np.nonzero(chosen)
    weights = [model.add_variable(f"w{i}_{k}", 0, 1) for i, k in zip(cells, points, strict=True)]
    gain = grid.columns["objective"][cells, points] / MICRO
    model.setObjective(pulp.LpAffineExpression(list(zip(weights, (-gain).tolist(), strict=True))))
    for r in range(grid.rhs.size):
        row = use[r, cells, points] / scale[r]
        terms = [(weight, a) for weight, a in zip(weights, row.tolist(), strict=True) if a]
        expression = pulp.LpAffineExpression(terms)
        model.addConstraint(pulp.LpConstraint(expression, pulp.LpConstraintLE, f"r{r}", grid.rhs[r] / scale[r]))
    add_one_choice_rows(model, problem, cells, weights)
    if run(model, time_limit=time_limit) is not Outcome.OPTIMAL:
        return None
    weight = np.zeros(grid.spend.shape)
    weight[cells, points] = [variable.varValue or 0.0 for variable in weights]
    duals = [model.get_constraint_by_name(f"r{r}").pi or 0.0 for r in range(grid.rhs.size)]
    prices = tuple(price(-dual * MICRO / s) for dual, s in zip(duals, scale.tolist(), strict=True))
    return Relaxation(
        weight=weight, prices=prices, objective=float((weight[cells, points] * gain).sum()), model=model, scale=scale
    )


def add_one_choice_rows(
    model: pulp.LpProblem, problem: Problem, cells: NDArray[np.intp], weights: list[pulp.LpVariable]
) -> None:
    """Each cell carries at most one weight in all; a fixed cell exactly one. ``cells`` (sorted) owns ``weights``."""
    for i in np.unique(cells).tolist():
        first, last = np.searchsorted(cells, [i, i + 1]).tolist()
        expression = pulp.LpAffineExpression([(weight, 1.0) for weight in weights[first:last]])
        sense = pulp.LpConstraintEQ if problem.fixed[i] > 0 else pulp.LpConstraintLE
        model.addConstraint(pulp.LpConstraint(expression, sense, f"c{i}", 1.0))


def _improving_points(
    problem: Problem, grid: Grid, use: Floats, chosen: NDArray[np.bool_], answer: Relaxation
) -> NDArray[np.bool_]:
    """For each cell, the best point left out that beats every point in, at the answer's prices."""
    prices = np.array([float(p) for p in answer.prices])
    net = grid.columns["objective"] - np.tensordot(prices, use, axes=1)
    valid = valid_points(problem)
    inside = np.where(chosen, net, -np.inf).max(axis=1)
    inside = np.where(problem.fixed > 0, inside, np.maximum(inside, 0.0))
    outside = np.where(valid & ~chosen, net, -np.inf)
    best = outside.argmax(axis=1)
    tolerance = PRICING_TOLERANCE * max(1.0, float(np.abs(grid.columns["objective"]).max(initial=0.0)))
    improves = outside[np.arange(best.size), best] > inside + tolerance
    missing = np.zeros_like(chosen)
    missing[np.nonzero(improves)[0], best[improves]] = True
    return missing
