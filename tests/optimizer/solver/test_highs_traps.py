"""The traps of PuLP and HiGHS stay shut: signs of duals, time-outs, names, threads, silence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pulp
import pytest

from adspend.core import core_model
from adspend.limits import budget_limit
from adspend.measures import grid
from adspend.problem import MICRO_PER_FEN, Problem, Table
from adspend.solve import allocate
from adspend.solver.dual import minimise_dual
from adspend.solver.highs import Outcome, new_model, run
from adspend_datasets.cell import Cell
from oracles.pulp_relaxation import relax


def hard_knapsack(model: pulp.LpProblem, n: int = 60) -> list[pulp.LpVariable]:
    """A market-split instance: equality rows with random coefficients, hopeless within milliseconds."""
    rng = np.random.default_rng(5)
    choose = [model.add_variable(f"x{j}", 0, 1, pulp.LpBinary) for j in range(n)]
    for r in range(6):
        weights = rng.integers(1, 100, n).tolist()
        row = pulp.LpAffineExpression(list(zip(choose, weights, strict=True)))
        model.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintEQ, f"r{r}", sum(weights) // 2))
    model.setObjective(pulp.LpAffineExpression([(variable, -1.0) for variable in choose]))
    return choose


def two_cells(first: str = "a", second: str = "b") -> Problem:
    """Two linear cells that earn 3 and 2 micro-yuan net per micro-yuan spent, up to 400 fen in all."""
    tables = []
    for rate in (3, 2):
        spend = np.array([100, 400], dtype=np.int64)
        net = spend * MICRO_PER_FEN * rate
        zero = np.zeros(2, dtype=np.int64)
        tables.append(Table(spend=spend, objective=net, value=net + spend * MICRO_PER_FEN, orders=zero, gmv=zero))
    return Problem(
        cells=(Cell(first, "ALL"), Cell(second, "ALL")),
        tables=tuple(tables),
        limits=(budget_limit(400, 2),),
        step_fen=100,
        fixed=np.array([-1, -1]),
    )


def test_the_budget_s_price_has_the_right_sign_and_size() -> None:
    """Max 3x + 2y, x + y <= 4: the last yuan of budget earns 3, one more 2 (``pulp.HiGHS`` would say -3 or -2)."""
    problem = two_cells()
    model = core_model(grid(problem), np.zeros(1), 100)
    answer = model.solve()
    assert answer is not None
    assert 2 * MICRO_PER_FEN - 1 <= answer.prices[0] <= 3 * MICRO_PER_FEN + 1
    below = relax(replace(problem, limits=(budget_limit(399, 2),)))
    assert below is not None
    assert float(below.prices[0]) == pytest.approx(3 * MICRO_PER_FEN)
    assert minimise_dual(grid(replace(problem, limits=(budget_limit(401, 2),)))).prices == pytest.approx(
        2 * MICRO_PER_FEN, rel=1e-6
    )


def test_a_time_out_without_a_solution_yields_nothing() -> None:
    """PuLP would then read 0.0 from every variable: a plausible plan that pauses everything."""
    model = new_model()
    choose = hard_knapsack(model)
    assert run(model, time_limit=0.05) is Outcome.NOTHING
    assert {variable.varValue for variable in choose} != {None}  # the values are there to be misread


def test_a_stop_with_a_solution_is_not_called_optimal() -> None:
    model = new_model()
    rng = np.random.default_rng(1)
    choose = [model.add_variable(f"x{j}", 0, 1, pulp.LpBinary) for j in range(120)]
    for r in range(30):
        row = pulp.LpAffineExpression(list(zip(choose, rng.integers(1, 100, 120).tolist(), strict=True)))
        model.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintLE, f"r{r}", 1500.0))
    gains = (-rng.integers(1, 100, 120)).tolist()
    model.setObjective(pulp.LpAffineExpression(list(zip(choose, gains, strict=True))))
    assert run(model, time_limit=0.3) is Outcome.FEASIBLE


def test_an_infeasible_model_is_infeasible() -> None:
    model = new_model()
    x = model.add_variable("x", 0, 1)
    model.setObjective(pulp.LpAffineExpression([(x, 1.0)]))
    model.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression([(x, 1.0)]), pulp.LpConstraintGE, "r", 2.0))
    assert run(model, time_limit=10) is Outcome.INFEASIBLE


def test_names_that_pulp_would_merge_keep_their_own_money() -> None:
    assert allocate(two_cells("女装-1", "女装_1")).spend == (400, 0)
    assert allocate(two_cells("女装_1", "女装-1")).spend == (400, 0)


def test_no_user_text_reaches_the_solver() -> None:
    found = relax(two_cells("</script>", "x y"))
    assert found is not None
    assert all(name.isascii() and " " not in name and "script" not in name for name in found.names)


def test_a_solve_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """HiGHS 1.16 prints a banner from C++; ``--json`` needs standard output for itself."""
    allocate(two_cells())
    assert capfd.readouterr() == ("", "")
