"""A problem that could not be planned cannot be made; what is made is measured exactly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend.measures import broken, exact, grid, total
from adspend.measures import usage as left_hand_sides
from adspend.problem import Problem, Table
from adspend_datasets.cell import Cell
from oracles.brute_force import choices, measures, objective, usage
from oracles.hand_problems import ints, problem, row, table
from oracles.random_problems import small_problems

TWO = problem([table([100, 200], [50, 80]), table([100], [30])], budget_yuan=300, step_yuan=100)


@pytest.mark.parametrize(
    ("change", "law"),
    [
        ({"cells": (Cell("a", "x"), Cell("a", "x"))}, "the cells of a problem must be distinct"),
        ({"tables": (None,)}, "2 cells need 2 tables"),
        ({"fixed": ints(-1)}, "2 cells need 2 tables and fixed spends"),
        ({"step_fen": 3000}, "minimum and maximum must be multiples of the step 3000"),
        ({"step_fen": 0}, "the step must be at least 1 fen"),
        ({"limits": (row("a", 1, spend=ints(1)),)}, "limit a: coefficients must have shape"),
        ({"limits": (row("a", 1), row("a", 2))}, "the keys of the limits must be distinct"),
        ({"fixed": ints(15_000, -1)}, "a fixed spend must be 0 or a multiple of the step within the table, got 15000"),
        ({"fixed": ints(-1, 20_000)}, "a fixed spend must be 0 or a multiple of the step within the table, got 20000"),
        ({"tables": (None, TWO.tables[1]), "fixed": ints(10_000, -1)}, "got 10000"),
    ],
)
def test_a_problem_is_whole_or_refused(change: dict[str, object], law: str) -> None:
    with pytest.raises(ValueError, match=law):
        replace(TWO, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spend", "objective_", "law"),
    [
        ([], [], "a table's columns must be equally long and not empty"),
        ([100, 200], [1], "a table's columns must be equally long and not empty"),
        ([0, 100], [0, 1], "a table's spend must rise strictly from above 0"),
        ([100, 100], [1, 1], "a table's spend must rise strictly from above 0"),
        ([200, 100], [1, 1], "a table's spend must rise strictly from above 0"),
    ],
)
def test_a_table_rises_or_is_refused(spend: list[int], objective_: list[int], law: str) -> None:
    x, y = ints(*spend), ints(*objective_)
    with pytest.raises(ValueError, match=law):
        Table(spend=x, objective=y, value=x, orders=x, gmv=x)


def test_measures_by_hand() -> None:
    """Half-way from 100 to 200 yuan everything is the mean; 0 is nothing; beyond the table is refused."""
    cell = table([100, 200], [50, 80], orders=[1, 4], gmv_yuan=[300, 500])
    assert [exact(cell, name, 150_00) for name in ("objective", "orders", "gmv")] == [65e6, 2.5e6, 400e6]
    assert exact(cell, "objective", 133_33) == Fraction(50_000_000 * 6667 + 80_000_000 * 3333, 10_000)
    assert exact(None, "gmv", 0) == exact(cell, "gmv", 0) == 0
    for spend in (99_99, 200_01):
        with pytest.raises(ValueError, match=f"spend must be 0 or within the table, but got {spend}"):
            exact(cell, "gmv", spend)
    with pytest.raises(ValueError, match="spend must be 0 or within the table, but got 1"):
        exact(None, "gmv", 1)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.data())
def test_measures_agree_with_an_independent_reading(data: st.DataObject) -> None:
    """Exact totals, use of limits and the float grid, at random plans of problems of any shape."""
    made: Problem = data.draw(small_problems())
    spend = [data.draw(st.sampled_from(choices(made, i))) for i in range(len(made.cells))]
    at = [measures(it, x) for it, x in zip(made.tables, spend, strict=True)]
    assert total(made, "objective", spend) == objective(made, spend)
    want = [sum((usage(limit, i, here) for i, here in enumerate(at)), Fraction(0)) for limit in made.limits]
    assert list(left_hand_sides(made, spend)) == want
    assert [r.key for r in broken(made, spend)] == [
        limit.key for limit, left in zip(made.limits, want, strict=True) if left > limit.rhs
    ]
    arrays = grid(made)
    x = np.array(spend, dtype=np.float64)
    assert arrays.at("objective", x).sum() == pytest.approx(float(objective(made, spend)), abs=1e-9)
    assert arrays.use(x).sum(axis=1) == pytest.approx([float(left) for left in want], abs=1e-9)
