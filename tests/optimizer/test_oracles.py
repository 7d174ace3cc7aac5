"""The judges judged: brute force, exact feasibility and the reference bound, by hand and against naive enumeration."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from adspend.problem import MICRO_PER_FEN, Ints, Limit, Problem, Table
from adspend_datasets.cell import Cell
from adspend_datasets.text import same
from oracles.brute_force import best_plan, choices, feasible, lagrangian_bound, measures, objective
from oracles.plan_documents import random_draft
from oracles.random_problems import EVERY_LIMIT, random_problem, roi_floor, share_row, small_problems


def ints(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def table(spend: Ints, objective: Ints, orders: Ints | None = None, gmv: Ints | None = None) -> Table:
    nothing = np.zeros_like(spend)
    return Table(
        spend=spend,
        objective=objective,
        value=objective + spend * MICRO_PER_FEN,
        orders=nothing if orders is None else orders,
        gmv=nothing if gmv is None else gmv,
    )


def limit(key: str, rhs: int, **columns: Ints) -> Limit:
    return Limit(key=key, name=same(key), rhs=rhs, **columns)  # type: ignore[arg-type]  # columns only


def problem(*tables: Table | None, limits: tuple[Limit, ...] = (), step: int = 1, fixed: Ints | None = None) -> Problem:
    n = len(tables)
    return Problem(
        cells=tuple(Cell("新客", f"slot {i}") for i in range(n)),
        tables=tables,
        limits=limits,
        step_fen=step,
        fixed=ints(*[-1] * n) if fixed is None else fixed,
    )


# A earns 10 at 1 and 16 at 3, so 3 a fen between; B earns 8 at 2 and 20 at 4, so 6 a fen between.
A = table(ints(1, 3), ints(10, 16), orders=ints(4, 8), gmv=ints(30, 50))
B = table(ints(2, 4), ints(8, 20), orders=ints(1, 9), gmv=ints(40, 100))
BUDGET_5 = limit("budget", 5, spend=ints(1, 1))


def test_measures_by_hand() -> None:
    """Half-way between A's points everything is the mean; 0 is nothing; 4 does not exist."""
    half = measures(A, 2)
    assert [half.objective, half.orders, half.gmv, half.active, half.spend] == [13, 6, 40, 1, 2]
    assert half.value == 13 + 2 * MICRO_PER_FEN
    assert measures(table(ints(1, 4), ints(0, 1)), 2).objective == Fraction(1, 3)
    assert measures(A, 0).active == measures(None, 0).objective == 0
    with pytest.raises(ValueError, match="a cell can spend 0 or what its table holds, got 4"):
        measures(A, 4)
    with pytest.raises(ValueError, match="got 1"):
        measures(None, 1)


@pytest.mark.parametrize(
    ("limits", "fixed", "best", "spend"),
    [
        pytest.param((), None, 36, (3, 4), id="free: both at their maximum, 16 + 20"),
        pytest.param((BUDGET_5,), None, 30, (1, 4), id="5 fen: A's first fen earns 10, B's last 6 a fen"),
        pytest.param((limit("budget", 4, spend=ints(1, 1)),), None, 24, (1, 3), id="4 fen: 10 + 14 beats B alone's 20"),
        pytest.param((limit("active", 1, active=ints(1, 1)),), None, 20, (0, 4), id="one active cell: B's 20"),
        pytest.param((BUDGET_5,), ints(3, -1), 24, (3, 2), id="A locked at 3 leaves B 2: 16 + 8"),
        pytest.param((BUDGET_5,), ints(0, -1), 20, (0, 4), id="A locked at 0: B's 20"),
        pytest.param((limit("stock", 9, orders=ints(1, 1)),), None, 24, (1, 3), id="9 orders: 4 at A's 1, 5 at B's 3"),
        pytest.param((limit("half", 0, spend=ints(1, -1)),), None, 36, (3, 4), id="A at most half: 3 of 7 is within"),
        pytest.param((limit("third", 0, spend=ints(2, -1)),), None, 33, (2, 4), id="A at most a third: 2 of 6"),
        pytest.param((limit("gmv", 0, spend=ints(26, 26), gmv=ints(-1, -1)),), None, 30, (1, 4), id="26 gmv a fen"),
        pytest.param((limit("all", -1, active=ints(0, 0)),), None, None, None, id="0 <= -1 has no plan"),
    ],
)
def test_best_plan_by_hand(
    limits: tuple[Limit, ...], fixed: Ints | None, best: int | None, spend: tuple[int, ...] | None
) -> None:
    found = best_plan(problem(A, B, limits=limits, fixed=fixed))
    assert best == (None if found is None else found.objective)
    assert spend == (None if found is None else found.spend)


def test_feasible_names_every_fault_by_hand() -> None:
    case = problem(A, B, None, limits=(limit("budget", 5, spend=ints(1, 1, 1)),), fixed=ints(-1, 2, -1))
    assert feasible(case, (3, 2, 0)) == []
    assert feasible(case, (3, 3, 0)) == ["cell 1: 3 is not the fixed 2", "limit budget: 6 exceeds 5"]
    assert feasible(case, (4, 2, 0)) == ["cell 0: 4 is neither 0 nor in the range"]
    assert feasible(case, (0, 2, 1)) == ["cell 2: 1 is neither 0 nor in the range"]
    stepped = problem(table(ints(2, 6), ints(0, 0)), step=2)
    assert feasible(stepped, (3,)) == ["cell 0: 3 is not a multiple of the step 2"]


def test_a_limit_is_judged_exactly_at_its_edge() -> None:
    """At 2 of (1, 4) a third of the way: orders 1/3, three times that is exactly 1, and 1 is within 1."""
    third = table(ints(1, 4), ints(0, 0), orders=ints(0, 1))
    assert feasible(problem(third, limits=(limit("stock", 1, orders=ints(3)),)), (2,)) == []
    assert feasible(problem(third, limits=(limit("stock", 0, orders=ints(1)),)), (2,)) == ["limit stock: 1/3 exceeds 0"]


def test_lagrangian_bound_by_hand() -> None:
    """At 3 a fen: 5 * 3 + max(0, 10 - 3, 16 - 9) + max(0, 8 - 6, 20 - 12) = 30, which the plan (1, 4) attains."""
    assert lagrangian_bound(problem(A, B, limits=(BUDGET_5,)), {"budget": Fraction(3)}) == 30
    assert lagrangian_bound(problem(A, B, limits=(BUDGET_5,)), {}) == 36
    assert lagrangian_bound(problem(A, B, limits=(BUDGET_5,)), {"budget": Fraction(7, 2)}) == Fraction(30)
    assert lagrangian_bound(problem(A, B, limits=(BUDGET_5,)), {"budget": Fraction(10)}) == 50
    assert lagrangian_bound(problem(A, B, limits=(BUDGET_5,), fixed=ints(2, -1)), {"budget": Fraction(3)}) == 15 + 7 + 8


def test_totals_beyond_64_bits_stay_exact() -> None:
    """Coefficients of 2^61 on two cells: the sum would wrap around in 64 bits and seem to be within the limit."""
    huge = ints(2**61, 2**61)
    found = best_plan(problem(A, B, limits=(limit("huge", 3 * 2**61, spend=huge),)))
    assert found is not None
    assert found.spend == (1, 2)


def test_too_large_a_problem_is_refused() -> None:
    big = table(ints(1, 10_000), ints(0, 1))
    with pytest.raises(ValueError, match="too many plans to try: 10001 x 10001"):
        best_plan(problem(big, big))


@given(small_problems())
@settings(max_examples=150, deadline=None)
def test_best_plan_is_what_naive_enumeration_finds(case: Problem) -> None:
    """The vectorised search against a loop that judges one plan at a time."""
    plans = itertools.product(*(choices(case, i) for i in range(len(case.cells))))
    naive = max((objective(case, plan) for plan in plans if not feasible(case, plan)), default=None)
    found = best_plan(case)
    assert naive == (None if found is None else found.objective)
    if found is not None:
        assert feasible(case, found.spend) == []
        assert objective(case, found.spend) == found.objective


@pytest.mark.parametrize("seed", range(40))
def test_random_problems_have_what_was_asked_for(seed: int) -> None:
    """Every requested row, ranges on the grid, equal seeds equal problems; without locks spending nothing is a plan."""
    n = 2 + seed % 11
    case = random_problem(np.random.default_rng(seed), n, locks=False)
    again = random_problem(np.random.default_rng(seed), n, locks=False)
    assert [row.key for row in case.limits] == list(EVERY_LIMIT)
    assert feasible(case, [0] * n) == []
    for mine, other in zip(case.tables, again.tables, strict=True):
        if mine is None or other is None:
            assert mine is other
        else:
            assert np.array_equal(mine.objective, other.objective)
            assert mine.spend.size == 1 or np.all(np.diff(mine.value) >= 0)
            assert not np.any(mine.spend % case.step_fen)


def test_random_problems_are_varied() -> None:
    """Over 200 seeds: locks, closed cells and twins occur, and most problems with all rows have a plan that earns."""
    cases = [random_problem(np.random.default_rng(seed), 3, most_steps=12, points=4) for seed in range(200)]
    best = [best_plan(case) for case in cases]
    assert sum(bool((case.fixed >= 0).any()) for case in cases) > 20
    assert sum(None in case.tables for case in cases) > 20
    assert sum(len({id(t) for t in case.tables if t is not None}) < 3 - case.tables.count(None) for case in cases) > 5
    assert sum(found is not None and found.objective > 0 for found in best) > 100
    assert 0 < sum(found is None for found in best) < 40


def test_rows_say_what_their_names_say() -> None:
    """A 30 % share: 3 of 10 is within, 4 of 10 is not. An ROI floor of 2.5: 250 GMV for 1 yuan of spend 100 fen."""
    row = share_row(np.array([True, False]), Fraction(3, 10))
    assert int(row @ ints(3, 7)) == 0
    assert int(row @ ints(4, 6)) == 10
    floor = roi_floor(Fraction(5, 2), 1)
    exactly = table(ints(100), ints(0), gmv=ints(2_500_000))  # 1 yuan of spend, 2.5 yuan of GMV
    below = table(ints(100), ints(0), gmv=ints(2_499_999))
    assert feasible(problem(exactly, limits=(floor,)), (100,)) == []
    assert feasible(problem(below, limits=(floor,)), (100,)) == ["limit roi: 2 exceeds 0"]
    with pytest.raises(ValueError, match="limits are of"):
        random_problem(np.random.default_rng(0), 2, limits=("weather",))


def test_random_drafts_are_feasible_and_mostly_spend() -> None:
    drafts = [random_draft(rng, random_problem(rng, 6)) for rng in map(np.random.default_rng, range(60))]
    found = [draft for draft in drafts if draft is not None]
    assert all(feasible(draft.problem, draft.spend) == [] for draft in found)
    assert sum(any(draft.spend) for draft in found) > 40
