"""What must not happen to an allocation when its problem changes: laws that need no known answer.

Problems of at most 12 open cells are solved to gap 0, so on them every law holds to the micro-yuan.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from adspend.measures import total
from adspend.problem import Ints, Limit, Problem, Table
from adspend.solve import allocate
from adspend_datasets.cell import Cell
from adspend_datasets.errors import NoPlanError
from oracles.hand_problems import ints, problem, table
from oracles.random_problems import EVERY_LIMIT, random_problem

SEEDS = range(12)


def shop(seed: int, *, limits: tuple[str, ...] = EVERY_LIMIT, locks: bool = False) -> Problem:
    rng = np.random.default_rng([8, seed])
    return random_problem(rng, int(rng.integers(2, 10)), points=7, most_steps=20, limits=limits, locks=locks)


def best(made: Problem) -> Fraction:
    return total(made, "objective", allocate(made).spend)


def with_limits(made: Problem, limits: list[Limit]) -> Problem:
    return replace(made, limits=tuple(limits))


def picked(made: Problem, order: list[int]) -> Problem:
    """The problem over some of its cells, in another order."""

    def column(values: Ints | None) -> Ints | None:
        return None if values is None else values[order]

    rows = [
        replace(
            limit,
            spend=column(limit.spend),
            orders=column(limit.orders),
            gmv=column(limit.gmv),
            active=column(limit.active),
        )
        for limit in made.limits
    ]
    return Problem(
        cells=tuple(made.cells[i] for i in order),
        tables=tuple(made.tables[i] for i in order),
        limits=tuple(rows),
        step_fen=made.step_fen,
        fixed=made.fixed[order],
    )


def grown(it: Table | None, spend: int, results: int) -> Table | None:
    """A table with its spends and its measures multiplied."""
    if it is None:
        return None
    measures = {name: getattr(it, name) * results for name in ("objective", "value", "orders", "gmv")}
    return Table(spend=it.spend * spend, **measures)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_budget_never_lowers_the_value(seed: int) -> None:
    made = shop(seed)
    budget = next(limit.rhs for limit in made.limits if limit.key == "budget")
    values = [
        best(with_limits(made, [replace(r, rhs=budget * k // 4) if r.key == "budget" else r for r in made.limits]))
        for k in range(7)
    ]
    assert values == sorted(values)


@pytest.mark.parametrize("seed", SEEDS)
def test_relaxing_any_limit_never_lowers_the_value(seed: int) -> None:
    made = shop(seed)
    before = best(made)
    for r, limit in enumerate(made.limits):
        more = replace(limit, rhs=limit.rhs + max(1, abs(limit.rhs) // 5, made.step_fen))
        assert best(with_limits(made, [*made.limits[:r], more, *made.limits[r + 1 :]])) >= before, limit.key
        assert best(with_limits(made, [*made.limits[:r], *made.limits[r + 1 :]])) >= before, limit.key


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_cells_and_of_limits_does_not_matter(seed: int) -> None:
    made = shop(seed)
    order = np.random.default_rng(seed).permutation(len(made.cells)).tolist()
    shuffled = picked(made, order)
    assert best(shuffled) == best(made)
    assert best(with_limits(made, list(reversed(made.limits)))) == best(made)


@pytest.mark.parametrize("seed", SEEDS)
def test_names_do_not_matter(seed: int) -> None:
    made = shop(seed)
    odd = ("女装-1", "女装_1", "女装 1", "女装[1]", "女装/1", "w0_0", "r0", "__dummy", "-1", "1e9")
    renamed = replace(made, cells=tuple(Cell(odd[i], "ALL") for i in range(len(made.cells))))
    assert allocate(renamed) == allocate(made)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cell_that_cannot_help_changes_nothing(seed: int) -> None:
    """A closed cell, and one that only loses money and moves no limit but the budget."""
    made = shop(seed)
    n = len(made.cells)
    for useless in (None, table([100, 200], [-1, -2])):
        rows = [
            replace(
                r,
                spend=None if r.spend is None else np.append(r.spend, int(r.key == "budget")),
                orders=None if r.orders is None else np.append(r.orders, 0),
                gmv=None if r.gmv is None else np.append(r.gmv, 0),
                active=None if r.active is None else np.append(r.active, 0),
            )
            for r in made.limits
        ]
        more = Problem(
            cells=(*made.cells, Cell("useless", "ALL")),
            tables=(*made.tables, useless),
            limits=tuple(rows),
            step_fen=made.step_fen,
            fixed=np.append(made.fixed, -1),
        )
        found = allocate(more)
        assert found.spend[n] == 0
        assert total(more, "objective", found.spend) == best(made)


@pytest.mark.parametrize("seed", SEEDS)
def test_curves_times_a_number_give_the_value_times_it(seed: int) -> None:
    """Limits on spend and cells do not see the curves, so the best plan stays best."""
    made = shop(seed, limits=("budget", "share", "least_share", "active"))
    for k in (3, 1000):
        assert best(replace(made, tables=tuple(grown(it, 1, k) for it in made.tables))) == k * best(made)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_unit_of_money_does_not_matter(seed: int) -> None:
    """All amounts times 100: fen become yuan, the plan is the same plan."""
    made = shop(seed, limits=("budget", "share", "roi", "active"))
    rows = [limit if limit.active is not None else replace(limit, rhs=limit.rhs * 100) for limit in made.limits]
    larger = replace(
        made,
        tables=tuple(grown(it, 100, 100) for it in made.tables),
        limits=tuple(rows),
        step_fen=made.step_fen * 100,
    )
    assert best(larger) == 100 * best(made)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_shops_earn_no_less_together(seed: int) -> None:
    """One budget for both halves allows at least what the same money split between them does."""
    made = shop(seed, limits=("budget", "stock"))
    n = len(made.cells)
    halves = [picked(made, list(range(n // 2))), picked(made, list(range(n // 2, n)))]
    budget = next(limit for limit in made.limits if limit.key == "budget")
    apart = Fraction(0)
    for half, money in zip(halves, (budget.rhs // 3, budget.rhs - budget.rhs // 3), strict=True):
        rows = [replace(r, rhs=money if r.key == "budget" else r.rhs // 2) for r in half.limits]
        apart += best(with_limits(half, rows))
    assert best(made) >= apart


@pytest.mark.parametrize("seed", SEEDS)
def test_a_known_plan_is_never_lost(seed: int) -> None:
    """Given any feasible plan, the answer is at least as good, also where nothing else is tried in time."""
    made = shop(seed)
    known = allocate(made).spend
    assert total(made, "objective", allocate(made, known=known).spend) >= total(made, "objective", known)


@pytest.mark.parametrize("seed", range(40))
def test_locks_are_kept_to_the_fen(seed: int) -> None:
    made = shop(seed, locks=True)
    try:
        spend = allocate(made).spend
    except NoPlanError:
        return
    locked = made.fixed >= 0
    assert np.array(spend)[locked].tolist() == made.fixed[locked].tolist()


def test_locking_the_best_plan_changes_nothing() -> None:
    made = problem([table([100, 300], [50, 90]), table([100, 200], [40, 60])], budget_yuan=300, step_yuan=100)
    spend = allocate(made).spend
    assert allocate(replace(made, fixed=ints(*spend))).spend == spend


def test_nothing_to_spend_is_a_plan() -> None:
    """A budget of 0, a budget below every minimum, no cell that earns: everything pauses, and that is optimal."""
    cells = [table([100, 300], [50, 90]), table([100, 200], [40, 60])]
    losing = [table([100, 300], [-50, -90])]
    for made in (problem(cells, budget_yuan=0), problem(cells, budget_yuan=99), problem(losing, budget_yuan=500)):
        assert sum(allocate(made).spend) == 0
    assert allocate(problem([], budget_yuan=100)).spend == ()
    assert allocate(problem([None, None], budget_yuan=100)).spend == (0, 0)
