"""The whole problem as one readable MIP in PuLP: the reference, exact on the step grid.

Notation for a cell: table points p_0 < ... < p_K (spend, yuan), segment lengths h_k = p_k - p_(k-1).

A cell gets on/off z, a fill d_k in [0, h_k] per segment, whole steps t:

    step * t = p_0 z + sum_k d_k,   d_k <= h_k z,
    h_k y_g <= d_k for k in run g,  d_k <= h_k y_g for k in run g+1     (y_g binary: "run g is full")

The runs are the stretches of the table along which filling out of order gains nothing: the objective is concave, and
so is every measure that a limit wants more of, while one that a limit charges is convex. A concave curve under a
budget alone is one run and needs no binary but z. The last line is the incremental formulation (Markowitz and Manne
1957). It decides small problems to the step, finds the plan that oversteps conflicting limits least, and is what the
array path is tested against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pulp

from adspend.measures import Floats, Grid
from adspend.problem import MICRO, Problem, Table
from adspend.solver.highs import Outcome, new_model, run

FEN = 100.0  # the model counts in yuan: coefficients near 1 keep HiGHS inside its tolerances


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WholeAnswer:
    """Spends in fen, not yet exact; ``outcome`` says whether the model was solved to its gap."""

    spend: Floats
    outcome: Outcome


Terms = list[tuple[pulp.LpVariable, float]]  # a linear expression


class _CellModel:
    """The variables of one cell, and each measure as an expression in them."""

    def __init__(self, name: str, points: dict[str, Floats], active: pulp.LpVariable) -> None:
        self.name = name
        self.points = points
        self.active = active
        self.fills: list[pulp.LpVariable] = []

    def terms(self, measure: str) -> Terms:
        """``measure`` (0 when off) in yuan, orders or 1."""
        if measure == "active":
            return [(self.active, 1.0)]
        y, h = self.points[measure], np.diff(self.points["spend"])
        slopes = np.diff(y) / h
        pairs = list(zip(self.fills, slopes.tolist(), strict=True))
        return [(self.active, float(y[0])), *pairs]


def solve_whole(problem: Problem, grid: Grid, *, time_limit: float, gap: float = 0.0) -> WholeAnswer | None:
    """Solves the problem on the step grid to a relative gap; None when it yields no solution."""
    model = new_model()
    cells = _cell_models(model, problem, grid)
    _set_objective(model, cells)
    for r in range(grid.rhs.size):
        _add_limit(model, cells, grid, r)
    return _answer(problem, cells, run(model, time_limit=time_limit, gap=gap))


def solve_nearest(problem: Problem, grid: Grid, *, time_limit: float) -> WholeAnswer | None:
    """The spends on the step grid that overstep the limits least, each by a share of its ``limit_sizes`` entry."""
    model = new_model()
    cells = _cell_models(model, problem, grid)
    excess = [model.add_variable(f"e{r}", 0) for r in range(grid.rhs.size)]
    model.setObjective(pulp.LpAffineExpression([(over, 1.0) for over in excess]))
    for r, (over, size) in enumerate(zip(excess, limit_sizes(grid).tolist(), strict=True)):
        _add_limit(model, cells, grid, r, give=(over, size))
    return _answer(problem, cells, run(model, time_limit=time_limit))


def limit_sizes(grid: Grid) -> Floats:
    """What a limit is measured by, shape (R,): the most that one cell uses of it, or its right-hand side."""
    cells, points = np.nonzero(np.arange(grid.spend.shape[1]) < grid.points[:, None])
    most = np.abs(grid.use_at(cells, points)).max(axis=1, initial=0.0)
    return np.asarray(np.maximum(most, np.maximum(np.abs(grid.rhs), 1.0)), dtype=np.float64)


def _cell_models(model: pulp.LpProblem, problem: Problem, grid: Grid) -> dict[int, _CellModel]:
    return {
        i: _cell(model, grid, i, table, problem.step_fen, must_run=bool(problem.fixed[i] > 0))
        for i, table in enumerate(problem.tables)
        if table is not None and problem.fixed[i] != 0
    }


def _answer(problem: Problem, cells: dict[int, _CellModel], outcome: Outcome) -> WholeAnswer | None:
    if outcome not in (Outcome.OPTIMAL, Outcome.FEASIBLE):
        return None
    spend = np.zeros(problem.size)
    for i, cell in cells.items():
        spend[i] = _spend_of(cell)
    return WholeAnswer(spend=spend, outcome=outcome)


def _points(table: Table, names: Iterable[str]) -> dict[str, Floats]:
    return {"spend": table.spend / FEN, **{name: table.column(name) / MICRO for name in names}}


def _run_starts(grid: Grid, i: int, points: dict[str, Floats]) -> list[int]:
    """The first segment of each run of cell i but the first."""
    lengths = np.diff(points["spend"])
    broken = np.diff(np.diff(points["objective"]) / lengths) > 0
    for measure in set(grid.rows) - {"spend", "active"}:
        change = np.diff(np.diff(points[measure]) / lengths)
        if (grid.rows[measure][:, i] > 0).any():  # charged, as by a stock: the segments that bring few would go first
            broken |= change < 0
        if (grid.rows[measure][:, i] < 0).any():  # wanted, as by an ROI floor: the segments that bring many
            broken |= change > 0
    return (np.nonzero(broken)[0] + 1).tolist()


def _cell(model: pulp.LpProblem, grid: Grid, i: int, table: Table, step_fen: int, *, must_run: bool) -> _CellModel:
    points = _points(table, grid.columns)
    on = model.add_variable(f"z{i}", int(must_run), 1, pulp.LpInteger)  # LpBinary would reset the bounds
    cell = _CellModel(f"{i}", points, on)
    lengths = np.diff(points["spend"]).tolist()
    cell.fills = [model.add_variable(f"d{i}_{k}", 0, length) for k, length in enumerate(lengths)]
    for k, (fill, length) in enumerate(zip(cell.fills, lengths, strict=True)):
        _at_most(model, f"on{i}_{k}", [(fill, 1.0), (on, -length)], 0.0)
    _add_order(model, i, cell, lengths, _run_starts(grid, i, points))
    steps = model.add_variable(f"t{i}", 0, table.maximum // step_fen, pulp.LpInteger)
    whole = [(steps, -step_fen / FEN), (on, float(points["spend"][0])), *((fill, 1.0) for fill in cell.fills)]
    model.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(whole), pulp.LpConstraintEQ, f"s{i}", 0.0))
    return cell


def _add_order(model: pulp.LpProblem, i: int, cell: _CellModel, lengths: list[float], run_starts: list[int]) -> None:
    """No segment of a run may fill before every segment of the run before it is full."""
    starts = [0, *run_starts, len(lengths)]
    runs = [range(first, last) for first, last in pairwise(starts)]
    for g, (run_, after) in enumerate(pairwise(runs)):
        full = model.add_variable(f"y{i}_{g}", 0, 1, pulp.LpBinary)
        for k in run_:
            _at_most(model, f"f{i}_{k}", [(full, lengths[k]), (cell.fills[k], -1.0)], 0.0)
        for k in after:
            _at_most(model, f"g{i}_{k}", [(cell.fills[k], 1.0), (full, -lengths[k])], 0.0)


def _at_most(model: pulp.LpProblem, name: str, terms: list[tuple[pulp.LpVariable, float]], most: float) -> None:
    model.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintLE, name, most))


def _set_objective(model: pulp.LpProblem, cells: dict[int, _CellModel]) -> None:
    pairs = [(variable, -gain) for cell in cells.values() for variable, gain in cell.terms("objective")]
    model.setObjective(pulp.LpAffineExpression(pairs))


def _add_limit(
    model: pulp.LpProblem,
    cells: dict[int, _CellModel],
    grid: Grid,
    r: int,
    give: tuple[pulp.LpVariable, float] | None = None,
) -> None:
    """Adds limit r, scaled so that its largest coefficient is 1; ``give`` times its size may be overstepped."""
    units = {"spend": FEN, "active": 1.0}
    pairs: Terms = []
    for i, cell in cells.items():
        for measure, row in grid.rows.items():
            coefficient = row[r, i] * units.get(measure, float(MICRO))
            if coefficient:
                pairs += [(variable, coefficient * a) for variable, a in cell.terms(measure)]
    largest = max((abs(a) for _, a in pairs), default=1.0) or 1.0
    merged = pulp.LpAffineExpression()
    for variable, a in [*pairs, *([] if give is None else [(give[0], -give[1])])]:
        merged.addterm(variable, a / largest)
    model.addConstraint(pulp.LpConstraint(merged, pulp.LpConstraintLE, f"r{r}", grid.rhs[r] / largest))


def _spend_of(cell: _CellModel) -> float:
    """The cell's spend in fen: 0 when off."""
    if (cell.active.varValue or 0.0) < 0.5:
        return 0.0
    filled = sum(Fraction(fill.varValue or 0.0) for fill in cell.fills)
    return float((Fraction(float(cell.points["spend"][0])) + filled) * int(FEN))
