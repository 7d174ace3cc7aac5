"""Laws between the answers to two related problems, on problems that hypothesis draws.

``test_allocation_laws`` has such laws for shops at fixed seeds; here are odd tables, rows of any sign, shops too large
to be solved whole, and more ways to relax. A problem of at most 12 cells is solved to the step, so on it a law holds
to the micro-yuan; on a larger one the value may fall short of the optimum by the certified gap, and by no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from adspend.allocation import Allocation
from adspend.certificate import certify
from adspend.problem import Ints, Limit, Problem, Table
from adspend.solve import allocate
from adspend_datasets.cell import Cell
from adspend_datasets.errors import NoPlanError
from oracles.brute_force import objective
from oracles.hand_problems import ints, problem
from oracles.random_problems import EVERY_LIMIT, random_problem, small_problems

WHOLE = 12  # cells that the engine promises to solve to the step
FEW = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
COLUMNS = ("spend", "orders", "gmv", "active")


@dataclass(frozen=True, slots=True)
class Answer:
    """An objective in micro-yuan, and by how much the optimum may exceed it."""

    value: Fraction
    slack: Fraction


def allocated(made: Problem) -> Allocation | None:
    """The engine's allocation; None when it says that there is no plan."""
    try:
        return allocate(made)
    except NoPlanError:
        return None


def answer(made: Problem) -> Answer | None:
    """What the allocation is worth."""
    allocation = allocated(made)
    if allocation is None:
        return None
    value = objective(made, allocation.spend)
    slack = certify(made, allocation).bound_micro - value
    assert slack >= 0
    return Answer(value, Fraction(0) if len(made.cells) <= WHOLE else slack)


def assert_no_less(after: Answer | None, before: Answer | None, *, times: int = 1) -> None:
    """The first problem's optimum is at least ``times`` the second's, as far as their answers tell."""
    if before is not None:
        assert after is not None, f"a plan worth {float(before.value)} was lost"
        assert after.value + after.slack >= times * before.value, f"{after} is less than {times} x {before}"


def assert_equal(after: Answer | None, before: Answer | None, *, times: int = 1) -> None:
    assert_no_less(after, before, times=times)
    if after is not None:
        assert before is not None, f"a plan worth {float(after.value)} was not found before"
        assert times * (before.value + before.slack) >= after.value, f"{after} is more than {times} x {before}"


def shops(*, limits: tuple[str, ...] = EVERY_LIMIT, locks: bool = True, most: int = 20) -> st.SearchStrategy[Problem]:
    """Shops of 2 to ``most`` cells: half of them small enough to be solved whole."""
    sizes = st.one_of(st.integers(2, 9), st.integers(WHOLE + 1, most)) if most > WHOLE else st.integers(2, most)
    few = tuple(limit for limit in limits if limit not in ("least_share", "stock", "roi"))  # all six take seconds
    seeded = st.integers(0, 10_000).map(lambda seed: np.random.default_rng([9, seed]))

    def made(rng: np.random.Generator, n: int) -> Problem:
        return random_problem(rng, n, points=7, most_steps=20, limits=limits if n <= WHOLE else few, locks=locks)

    return st.builds(made, seeded, sizes)


def grown(it: Table | None, spend: int, results: int) -> Table | None:
    """A table with its spends and its measures multiplied."""
    names = ("objective", "value", "orders", "gmv")
    return it and replace(it, spend=it.spend * spend, **{name: getattr(it, name) * results for name in names})


def in_larger_units(made: Problem, times: int, results: int) -> Problem:
    """Every amount of money times ``times``, every result times ``results``, every row meaning what it meant."""
    ratio = results // times
    rows = []
    for limit in made.limits:
        spend = None if limit.spend is None else limit.spend * ratio
        active = None if limit.active is None else limit.active * results
        rows.append(replace(limit, rhs=limit.rhs * results, spend=spend, active=active))
    return replace(
        made,
        tables=tuple(grown(it, times, results) for it in made.tables),
        limits=tuple(rows),
        step_fen=made.step_fen * times,
        fixed=np.where(made.fixed > 0, made.fixed * times, made.fixed),
    )


# What hypothesis draws counts single fen and micro-yuan; a solver sees six digits, so they are made a shop's amounts.
ODD = small_problems().map(lambda made: in_larger_units(made, 10**4, 10**6))
ANY_PROBLEM = st.one_of(shops(), ODD)


def with_columns(limits: tuple[Limit, ...], change: Callable[[Ints], Ints]) -> tuple[Limit, ...]:
    """The rows with every column of coefficients changed."""
    columns = [{name: getattr(limit, name) for name in COLUMNS} for limit in limits]
    changed = [{name: change(c) for name, c in found.items() if c is not None} for found in columns]
    return tuple(replace(limit, **new) for limit, new in zip(limits, changed, strict=True))


def picked(made: Problem, order: list[int]) -> Problem:
    """The problem over some of its cells, in another order."""
    return replace(
        made,
        cells=tuple(made.cells[i] for i in order),
        tables=tuple(made.tables[i] for i in order),
        limits=with_columns(made.limits, lambda column: column[order]),
        fixed=made.fixed[order],
    )


@FEW
@given(shops(limits=("budget", "share", "active"), locks=False), st.lists(st.integers(0, 300), min_size=2, max_size=4))
def test_more_budget_never_lowers_the_value(made: Problem, percents: list[int]) -> None:
    before = None
    for percent in sorted(percents):
        rows = [replace(r, rhs=r.rhs * percent // 100) if r.key == "budget" else r for r in made.limits]
        after = answer(replace(made, limits=tuple(rows)))
        assert_no_less(after, before)
        before = after


@FEW
@given(ANY_PROBLEM, st.data())
def test_relaxing_any_row_never_lowers_the_value(made: Problem, data: st.DataObject) -> None:
    assume(made.limits)
    r = data.draw(st.integers(0, len(made.limits) - 1))
    limit = made.limits[r]
    more = replace(limit, rhs=limit.rhs + data.draw(st.integers(1, max(1, abs(limit.rhs)))))
    relaxed = answer(replace(made, limits=(*made.limits[:r], more, *made.limits[r + 1 :])))
    dropped = answer(replace(made, limits=(*made.limits[:r], *made.limits[r + 1 :])))
    assert_no_less(relaxed, answer(made))
    assert_no_less(dropped, relaxed)


@FEW
@given(ANY_PROBLEM)
def test_giving_cells_more_freedom_never_lowers_the_value(made: Problem) -> None:
    """No locks; tables that reach further down and up; steps half as large."""
    before = answer(made)
    assert_no_less(answer(replace(made, fixed=np.full(made.fixed.size, -1))), before)
    assert_no_less(answer(replace(made, tables=tuple(wider(it, made.step_fen) for it in made.tables))), before)
    if made.step_fen % 2 == 0:
        assert_no_less(answer(replace(made, step_fen=made.step_fen // 2)), before)


def wider(it: Table | None, step: int) -> Table | None:
    """The table with a worse point one step beyond each end; one whose least spend is a step gets no lower."""
    if it is None:
        return None

    def ends(column: Ints, low: int, high: int) -> Ints:
        return np.concatenate([ints(*[low] * (it.minimum > step)), column, ints(high)])

    measures = {name: ends(getattr(it, name), 0, int(getattr(it, name)[-1])) for name in ("value", "orders", "gmv")}
    worst = int(it.objective.min()) - 1
    return Table(
        spend=ends(it.spend, it.minimum - step, it.maximum + step),
        objective=ends(it.objective, worst, worst),
        **measures,
    )


@FEW
@given(ANY_PROBLEM, st.randoms(use_true_random=False))
def test_the_order_of_cells_and_rows_does_not_matter(made: Problem, random: object) -> None:
    order = list(range(len(made.cells)))
    random.shuffle(order)  # type: ignore[attr-defined]  # a random.Random
    shuffled = picked(made, order)
    assert_equal(answer(replace(shuffled, limits=shuffled.limits[::-1])), answer(made))


@FEW
@given(shops(), st.data())
def test_names_do_not_matter(made: Problem, data: st.DataObject) -> None:
    """Any distinct names of cells and keys of rows (but the budget's): the identical plan, or none again."""
    names = st.text(min_size=1, max_size=6)
    labels = data.draw(st.lists(names, min_size=len(made.cells), max_size=len(made.cells), unique=True))
    keys = data.draw(st.lists(names, min_size=len(made.limits), max_size=len(made.limits), unique=True))
    named = zip(made.limits, keys, strict=True)
    rows = [limit if limit.key == "budget" else replace(limit, key=f"~{key}") for limit, key in named]
    renamed = replace(made, cells=tuple(Cell(label, "ALL") for label in labels), limits=tuple(rows))
    assert allocated(renamed) == allocated(made)


@FEW
@given(ANY_PROBLEM)
def test_money_in_units_a_hundred_times_smaller(made: Problem) -> None:
    """Every amount times 100, spend and results alike: the value times 100."""
    assert_equal(answer(in_larger_units(made, 100, 100)), answer(made), times=100)


@FEW
@given(ANY_PROBLEM, st.integers(2, 1000))
def test_objectives_times_a_number_give_the_value_times_it(made: Problem, k: int) -> None:
    """No limit sees the objective, so the best plan stays best."""
    tables = [None if it is None else replace(it, objective=it.objective * k) for it in made.tables]
    assert_equal(answer(replace(made, tables=tuple(tables))), answer(made), times=k)


@FEW
@given(ANY_PROBLEM, st.sampled_from(["closed", "locked at nothing", "dear"]))
def test_a_cell_that_cannot_help_changes_nothing(made: Problem, kind: str) -> None:
    """A closed cell, one that a person keeps at 0, and one that loses money and moves no row."""
    sign = -1 if kind == "dear" else 1
    spend = ints(made.step_fen, 3 * made.step_fen)
    gain = sign * 10**9 * ints(1, 2)
    table = None if kind == "closed" else Table(spend=spend, objective=gain, value=gain, orders=gain, gmv=gain)
    fixed = np.append(made.fixed, 0 if kind == "locked at nothing" else -1)
    rows = with_columns(made.limits, lambda column: np.append(column, 0))
    cells, tables = (*made.cells, Cell("useless", "ALL")), (*made.tables, table)
    assert_equal(answer(replace(made, cells=cells, tables=tables, limits=rows, fixed=fixed)), answer(made))


def concave(seed: int, n: int, step: int) -> tuple[Table, ...]:
    """Concave tables from one step on, straight up to two steps, with kinks at every second step only."""
    rng = np.random.default_rng([10, seed])
    tables = []
    for _ in range(n):
        slopes = np.sort(rng.integers(1, 1000, int(rng.integers(2, 8))))[::-1] * 2
        gain = np.concatenate([[slopes[0] // 2], np.cumsum(slopes)]) * 10**6
        spend = step * np.concatenate([[1], 2 * np.arange(1, slopes.size + 1)])
        zero = np.zeros_like(spend)
        tables.append(Table(spend=spend, objective=gain, value=gain, orders=zero, gmv=zero))
    return tuple(tables)


def halved(it: Table, step: int) -> Table:
    """Half the capacity at half the result; without the first point, whose half is off the grid."""
    assert it.spend[1] == 2 * step
    return Table(**{name: getattr(it, name)[1:] // 2 for name in ("spend", "objective", "value", "orders", "gmv")})


@FEW
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 60), st.integers(0, 4))
def test_a_concave_cell_is_worth_its_two_halves(seed: int, n: int, steps: int, which: int) -> None:
    """Splitting the spend evenly loses nothing and nothing else gains: kinks lie on even steps."""
    step, which = 10_000, which % n
    whole = concave(seed, n, step)
    half = halved(whole[which], step)
    split = (*whole[:which], half, half, *whole[which + 1 :])
    apart, before = (problem(it, budget_yuan=steps * step / 100, step_yuan=step / 100) for it in (split, whole))
    assert_equal(answer(apart), answer(before))


@FEW
@given(shops(limits=("budget", "active"), locks=False, most=18), st.integers(0, 100), st.integers(1, 19))
def test_two_shops_earn_no_less_together(made: Problem, percent: int, where: int) -> None:
    """One budget and one count of active cells for both halves allow what their shares do."""
    n = len(made.cells)
    cut = where % n
    apart = Fraction(0)
    for part, share in (([*range(cut)], percent), ([*range(cut, n)], 100 - percent)):
        half = picked(made, part)
        found = answer(replace(half, limits=tuple(replace(r, rhs=r.rhs * share // 100) for r in half.limits)))
        assert found is not None
        apart += found.value
    assert_no_less(answer(made), Answer(apart, Fraction(0)))


@FEW
@given(ANY_PROBLEM)
def test_the_best_plan_given_as_known_comes_back(made: Problem) -> None:
    """Nothing better is found for being told the answer, and no other plan is preferred to it."""
    found = allocated(made)
    assert found is None or allocate(made, known=found.spend).spend == found.spend


def test_the_judge_can_fail() -> None:
    """A plan that vanishes, a value that falls, and a value above what was certified are each caught."""
    low, high = Answer(Fraction(1), Fraction(0)), Answer(Fraction(2), Fraction(0))
    with pytest.raises(AssertionError, match="was lost"):
        assert_no_less(None, low)
    with pytest.raises(AssertionError, match="less than"):
        assert_no_less(low, high)
    with pytest.raises(AssertionError, match="more than"):
        assert_equal(high, low)
