"""The core MIP: exact where the relaxation hesitates, linear where it does not.

Notation for an active cell: table points p_0 < ... < p_K (spend, yuan), segment lengths h_k = p_k - p_(k-1).

A core cell gets on/off z, a fill d_k in [0, h_k] per segment, whole steps t:

    step * t = p_0 z + sum_k d_k,   d_k <= h_k z,
    h_k y_g <= d_k for k in run g,  d_k <= h_k y_g for k in run g+1     (y_g binary: "run g is full")

The runs are the stretches of the table along which filling out of order gains nothing: the objective is concave, and
so is every measure that a limit wants more of, while one that a limit charges is convex. A concave curve under a
budget alone is one run and needs no binary but z. The last line is the incremental formulation (Markowitz and Manne
1957).
Every other cell keeps the relaxation's choice between on and off; a cell that is on spends freely along its concave
hull. With every cell in the core the model is the whole problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pulp
from numpy.typing import NDArray

from adspend.measures import Floats, Grid
from adspend.problem import MICRO, Problem, Table
from adspend.solver.highs import Outcome, new_model, run
from adspend.solver.relaxation import Relaxation, limit_sizes, point_use, upper_hull

FEN = 100.0  # the model counts in yuan: coefficients near 1 keep HiGHS inside its tolerances
INTEGRAL = 1e-6  # HiGHS's own integrality tolerance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoreAnswer:
    """Spends in fen, not yet exact; ``outcome`` says whether the model was solved to its gap."""

    spend: Floats
    outcome: Outcome


@dataclass(slots=True)
class _Terms:
    """One measure of one cell as a linear expression: pairs of variable and coefficient, and a constant."""

    pairs: list[tuple[pulp.LpVariable, float]]
    constant: float = 0.0


class _CellModel:
    """The variables of one cell, and each measure as an expression in them."""

    def __init__(self, name: str, points: dict[str, Floats], active: pulp.LpVariable | None) -> None:
        self.name = name
        self.points = points
        self.active = active
        self.fills: list[pulp.LpVariable] = []

    def terms(self, measure: str) -> _Terms:
        """``measure`` (0 when off) in yuan, orders or 1."""
        if measure == "active":
            return _Terms([], 1.0) if self.active is None else _Terms([(self.active, 1.0)])
        y, h = self.points[measure], np.diff(self.points["spend"])
        slopes = np.diff(y) / h
        pairs = list(zip(self.fills, slopes.tolist(), strict=True))
        if self.active is None:
            return _Terms(pairs, float(y[0]))
        return _Terms([(self.active, float(y[0])), *pairs])


def choose_core(problem: Problem, grid: Grid, relaxation: Relaxation, size: int) -> NDArray[np.bool_]:
    """The fractional cells and the ``size`` cells whose switching on or off would cost least at the LP's prices."""
    prices = np.array([float(p) for p in relaxation.prices])
    net = grid.columns["objective"] - np.tensordot(prices, point_use(grid), axes=1)
    open_ = np.array([table is not None for table in problem.tables]) & (problem.fixed < 0)
    weight = relaxation.weight
    fractional = ((weight > INTEGRAL) & (weight < 1 - INTEGRAL)).any(axis=1) & open_
    regret = np.where(open_ & ~fractional, np.abs(net.max(axis=1)), np.inf)
    core = fractional.copy()
    core[np.argsort(regret, kind="stable")[:size]] = True
    return core & open_


def solve_core(
    problem: Problem, grid: Grid, relaxation: Relaxation, core: NDArray[np.bool_], *, time_limit: float, gap: float
) -> CoreAnswer | None:
    """Solves the core MIP; None when it yields no solution."""
    model = new_model()
    cells = _cell_models(model, problem, grid, core, relaxation.weight.sum(axis=1) > 0.5)
    _set_objective(model, cells)
    for r in range(grid.rhs.size):
        _add_limit(model, cells, grid, r)
    return _answer(problem, cells, run(model, time_limit=time_limit, gap=gap))


def solve_nearest(problem: Problem, grid: Grid, *, time_limit: float) -> CoreAnswer | None:
    """The spends on the step grid that overstep the limits least, each by a share of its ``limit_sizes`` entry."""
    model = new_model()
    open_ = np.array([table is not None for table in problem.tables]) & (problem.fixed < 0)
    cells = _cell_models(model, problem, grid, open_, open_)
    excess = [model.add_variable(f"e{r}", 0) for r in range(grid.rhs.size)]
    model.setObjective(pulp.LpAffineExpression([(over, 1.0) for over in excess]))
    for r, (over, size) in enumerate(zip(excess, limit_sizes(grid).tolist(), strict=True)):
        _add_limit(model, cells, grid, r, give=(over, size))
    return _answer(problem, cells, run(model, time_limit=time_limit))


def _cell_models(
    model: pulp.LpProblem, problem: Problem, grid: Grid, core: NDArray[np.bool_], on: NDArray[np.bool_]
) -> dict[int, _CellModel]:
    cells: dict[int, _CellModel] = {}
    for i, table in enumerate(problem.tables):
        if table is None or problem.fixed[i] == 0:
            continue
        if core[i]:
            cells[i] = _core_cell(model, grid, i, table, problem.step_fen)
        elif on[i] or problem.fixed[i] > 0:
            cells[i] = _fixed_on_cell(model, i, table)
    return cells


def _answer(problem: Problem, cells: dict[int, _CellModel], outcome: Outcome) -> CoreAnswer | None:
    if outcome not in (Outcome.OPTIMAL, Outcome.FEASIBLE):
        return None
    spend = np.zeros(len(problem.cells))
    for i, cell in cells.items():
        spend[i] = _spend_of(cell)
    return CoreAnswer(spend=spend, outcome=outcome)


def _points(table: Table, kept: NDArray[np.intp] | slice) -> dict[str, Floats]:
    return {
        "spend": table.spend[kept] / FEN,
        "objective": table.objective[kept] / MICRO,
        "orders": table.orders[kept] / MICRO,
        "gmv": table.gmv[kept] / MICRO,
    }


def _run_starts(grid: Grid, i: int, points: dict[str, Floats]) -> list[int]:
    """The first segment of each run of cell i but the first."""
    lengths = np.diff(points["spend"])
    broken = np.diff(np.diff(points["objective"]) / lengths) > 0
    for measure in ("orders", "gmv"):
        change = np.diff(np.diff(points[measure]) / lengths)
        if (grid.rows[measure][:, i] > 0).any():  # charged, as by a stock: the segments that bring few would go first
            broken |= change < 0
        if (grid.rows[measure][:, i] < 0).any():  # wanted, as by an ROI floor: the segments that bring many
            broken |= change > 0
    return (np.nonzero(broken)[0] + 1).tolist()


def _core_cell(model: pulp.LpProblem, grid: Grid, i: int, table: Table, step_fen: int) -> _CellModel:
    points = _points(table, slice(None))
    on = model.add_variable(f"z{i}", 0, 1, pulp.LpBinary)
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


def _fixed_on_cell(model: pulp.LpProblem, i: int, table: Table) -> _CellModel:
    """A cell that stays on: its minimum, then free spending along the concave hull of the rest of its table."""
    origin = table.spend[0], table.objective[0]
    rest = upper_hull((table.spend[1:] - origin[0]).astype(float), (table.objective[1:] - origin[1]).astype(float))
    kept = np.concatenate([[0], rest + 1]).astype(np.intp)
    cell = _CellModel(f"{i}", _points(table, kept), None)
    lengths = np.diff(cell.points["spend"]).tolist()
    cell.fills = [model.add_variable(f"d{i}_{k}", 0, length) for k, length in enumerate(lengths)]
    return cell


def _at_most(model: pulp.LpProblem, name: str, terms: list[tuple[pulp.LpVariable, float]], most: float) -> None:
    model.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintLE, name, most))


def _set_objective(model: pulp.LpProblem, cells: dict[int, _CellModel]) -> None:
    pairs = [(variable, -gain) for cell in cells.values() for variable, gain in cell.terms("objective").pairs]
    model.setObjective(pulp.LpAffineExpression(pairs))


def _add_limit(
    model: pulp.LpProblem,
    cells: dict[int, _CellModel],
    grid: Grid,
    r: int,
    give: tuple[pulp.LpVariable, float] | None = None,
) -> None:
    """Adds limit r, scaled so that its largest coefficient is 1; ``give`` times its size may be overstepped."""
    units = {"spend": FEN, "orders": float(MICRO), "gmv": float(MICRO), "active": 1.0}
    pairs: list[tuple[pulp.LpVariable, float]] = []
    constant = 0.0
    for i, cell in cells.items():
        for measure, unit in units.items():
            coefficient = grid.rows[measure][r, i] * unit
            if coefficient:
                terms = cell.terms(measure)
                pairs += [(variable, coefficient * a) for variable, a in terms.pairs]
                constant += coefficient * terms.constant
    largest = max((abs(a) for _, a in pairs), default=1.0) or 1.0
    merged = pulp.LpAffineExpression()
    for variable, a in [*pairs, *([] if give is None else [(give[0], -give[1])])]:
        merged.addterm(variable, a / largest)
    model.addConstraint(pulp.LpConstraint(merged, pulp.LpConstraintLE, f"r{r}", (grid.rhs[r] - constant) / largest))


def _spend_of(cell: _CellModel) -> float:
    """The cell's spend in fen: 0 when off."""
    if cell.active is not None and (cell.active.varValue or 0.0) < 0.5:
        return 0.0
    filled = sum(Fraction(fill.varValue or 0.0) for fill in cell.fills)
    return float((Fraction(float(cell.points["spend"][0])) + filled) * int(FEN))
