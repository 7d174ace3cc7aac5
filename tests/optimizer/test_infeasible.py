"""No plan: the conflict is named, and the change it asks for is enough. Every amount is worked out by hand or tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from adspend.certificate import certify
from adspend.infeasible import Conflict, conflict
from adspend.measures import grid
from adspend.pinned import pinned
from adspend.problem import Problem
from adspend.solve import SolveSettings, allocate
from adspend_datasets.errors import NoPlanError
from oracles.brute_force import best_plan, feasible
from oracles.hand_problems import ints, problem, row, table
from oracles.random_problems import EVERY_LIMIT, random_problem


def no_plan(made: Problem) -> NoPlanError:
    with pytest.raises(NoPlanError) as caught:
        allocate(made)
    return caught.value


def relaxed(made: Problem, changes: Sequence[tuple[str, int]]) -> Problem:
    """The problem with each named limit's right-hand side raised."""
    by_key = dict(changes)
    limits = tuple(replace(limit, rhs=limit.rhs + by_key.get(limit.key, 0)) for limit in made.limits)
    return replace(made, limits=limits)


TWO = [table([100, 1000], [50, 200]), table([100, 1000], [40, 100])]
LOCKED_1200 = problem(TWO, budget_yuan=1000, step_yuan=100, fixed=[70_000, 50_000])


def test_locks_over_the_budget_name_both_ways_out() -> None:
    """700 + 500 locked, 1,000 to spend: short by 200."""
    fault = no_plan(LOCKED_1200).faults[0]
    assert (fault.code, fault.place.column) == ("E-PLAN-LOCKS", "locks")
    assert fault.pick("en") == (
        "E-PLAN-LOCKS column locks: locked budgets must fit in the day's budget, but found '1,200.00 > 1,000.00'. "
        "Short by 200.00: raise the budget to 1,200.00, or lower the locks by 200.00 in all"
    )
    assert fault.pick("zh") == (
        "E-PLAN-LOCKS 列「locks」：锁定预算合计不得超过当日预算，实际为 '1,200.00 > 1,000.00'。"
        "差 200.00 元：把预算加到 1,200.00 元，或把锁定合计减少 200.00 元"
    )


def test_both_ways_out_work() -> None:
    assert allocate(problem(TWO, budget_yuan=1200, step_yuan=100, fixed=[70_000, 50_000])).spend == (70_000, 50_000)
    assert allocate(problem(TWO, budget_yuan=1000, step_yuan=100, fixed=[50_000, 50_000])).spend == (50_000, 50_000)


def test_a_lock_against_a_share_names_the_share() -> None:
    """A is locked at 1,000 and may have half the spend; B takes at most 500. By hand: A has 250 over half of 1,500."""
    half = replace(row("share/segment/A/max", 0, spend=ints(1, -1)), per_unit=200)
    tables = [TWO[0], table([100, 500], [40, 80])]
    made = problem(tables, budget_yuan=2000, limits=[half], step_yuan=100, fixed=[100_000, -1])
    fault = no_plan(made).faults[0]
    assert (fault.code, fault.place.column) == ("E-PLAN-CONFLICT", "share/segment/A/max")
    assert fault.law.en == "'share/segment/A/max' conflicts with the other limits"
    assert fault.law.zh == "「share/segment/A/max」与其他限制冲突"
    assert fault.remedy.en.startswith("Smallest change: relax it by 250.00")
    assert fault.remedy.zh.startswith("最小改动：放宽 250.00")
    no_plan(relaxed(made, [("share/segment/A/max", 49_999)]))  # one fen less is not enough
    assert allocate(relaxed(made, [("share/segment/A/max", 50_000)])).spend == (100_000, 50_000)


def test_cells_are_counted_whole() -> None:
    """Two cells are locked on and one may run: a limit on cells gives by one cell, never by a part of one."""
    one = row("max_active", 1, active=ints(1, 1))
    fault = no_plan(problem(TWO, budget_yuan=2000, limits=[one], step_yuan=100, fixed=[10_000, 10_000])).faults[0]
    assert fault.place.column == "max_active"
    assert fault.remedy.en.startswith("Smallest change: relax it by 1 ")


def test_a_conflict_of_the_step_grid_is_named_as_well() -> None:
    """The relaxation could run B by half its minimum; the grid cannot.

    A is locked at 300 and may have 80 % of the spend, so B must bring 75 and can bring 0 or 200; the budget is 450.
    By hand: 50 more budget is a ninth of it, the share would have to give a quarter of what B can move it by.
    """
    share = replace(row("share/segment/A/max", 0, spend=ints(1, -4)), per_unit=500)
    tables = [table([100, 300], [50, 90]), table([200, 300], [40, 60])]
    made = problem(tables, budget_yuan=450, limits=[share], step_yuan=100, fixed=[30_000, -1])
    assert best_plan(made) is None
    error = no_plan(made)
    assert [(fault.code, fault.place.column) for fault in error.faults] == [("E-PLAN-CONFLICT", "budget")]
    assert error.faults[0].remedy.en == "Smallest change: relax it by 50.00 yuan"
    assert error.faults[0].remedy.zh == "最小改动：放宽 50.00 元"
    assert allocate(relaxed(made, [("budget", 5000)])).spend == (30_000, 20_000)


def in_conflict(seed: int, n_cells: int) -> Problem | None:
    """A random problem without a plan, or None where this seed's has one."""
    rng = np.random.default_rng([9, seed])
    made = random_problem(rng, n_cells, points=6, most_steps=12, limits=EVERY_LIMIT)
    fixed = made.fixed.copy()
    for i, known in enumerate(made.tables):  # more locks than a day has: conflicts are what is wanted here
        if known is not None and rng.random() < 0.3:
            fixed[i] = known.maximum
    made = replace(made, fixed=fixed)
    try:
        allocate(made)
    except NoPlanError:
        return made
    return None


def conflict_of(made: Problem) -> Conflict:
    pinned_down = pinned(made)
    return conflict(pinned_down, grid(pinned_down), time_limit=20)


@pytest.mark.parametrize("n_cells", [3, 5, 8, 20])
def test_the_change_asked_for_is_enough(n_cells: int) -> None:
    """Random conflicts: raising the named limits by the amounts named gives a plan, in exact arithmetic."""
    conflicts = [made for seed in range(40) if (made := in_conflict(seed, n_cells)) is not None]
    assert len(conflicts) >= 8
    for made in conflicts:
        found = conflict_of(made)
        enough = relaxed(made, [(limit.key, amount) for limit, amount in found.changes])
        assert found.changes
        assert feasible(enough, found.spend) == []
        assert feasible(enough, allocate(enough).spend) == []


@pytest.mark.parametrize("seed", range(40))
def test_the_change_asked_for_is_the_smallest(seed: int) -> None:
    """Three cells: brute force over what one limit alone would have to give finds nothing below it."""
    made = in_conflict(seed, 3)
    if made is None:
        return
    found = conflict_of(made)
    if len(found.changes) == 1:
        [(limit, amount)] = found.changes
        assert best_plan(relaxed(made, [(limit.key, amount - 1)])) is None
        assert best_plan(relaxed(made, [(limit.key, amount)])) is not None


def test_running_out_of_nodes_is_not_called_infeasible() -> None:
    """One node proves nothing, and a plan exists: it is found all the same, with an honest gap."""
    made = random_problem(np.random.default_rng(3), 20, locks=False)
    allocation = allocate(made, SolveSettings(nodes_for_48_cells=1, time_limit=0.0))
    assert feasible(made, allocation.spend) == []
    assert sum(allocation.spend) > 0
    assert allocation.spend == allocate(made, known=allocation.spend).spend or certify(made, allocation).gap > 0
