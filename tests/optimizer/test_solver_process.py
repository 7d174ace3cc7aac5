"""A solver that crashes, hangs, exits, lies or talks nonsense costs the gap, never the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from adspend.allocation import Allocation, Termination
from adspend.certificate import certify
from adspend.problem import Problem
from adspend.solve import allocate
from adspend.solver_process import FALLBACK, SolverProcess, acceptable
from adspend_datasets.errors import NoPlanError
from oracles import solver_faults
from oracles.brute_force import feasible
from oracles.hand_problems import problem, table
from oracles.random_problems import random_problem

FAULTS = (
    solver_faults.crashes,
    solver_faults.exits,
    solver_faults.hangs,
    solver_faults.raises,
    solver_faults.answers_garbage,
    solver_faults.overspends,
    solver_faults.says_infeasible,
)


def shop(seed: int) -> Problem:
    return random_problem(np.random.default_rng([61, seed]), 12, limits=("budget", "share"), locks=False)


def judged(made: Problem, answer: Allocation) -> None:
    assert feasible(made, answer.spend) == []
    assert certify(made, answer).gap >= 0


def test_an_honest_child_gives_the_same_plan_again_and_again() -> None:
    with SolverProcess(60.0) as process:
        for seed in range(4):
            assert process.allocate(shop(seed)).spend == allocate(shop(seed)).spend


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_falls_back_to_a_plan(fault: Callable[..., Allocation]) -> None:
    made = shop(1)
    with SolverProcess(3.0 if fault is solver_faults.hangs else 60.0, fault) as process:
        answer = process.allocate(made)
    judged(made, answer)
    assert sum(answer.spend) > 0
    assert (answer.termination, answer.formulation) == (Termination.ROUNDED, FALLBACK)


def test_a_known_plan_is_not_lost() -> None:
    made = shop(2)
    known = allocate(made).spend
    with SolverProcess(60.0, solver_faults.exits) as process:
        answer = process.allocate(made, known=known)
    assert certify(made, answer).value_micro >= certify(made, allocate(made)).value_micro


def test_a_real_conflict_is_still_named() -> None:
    made = problem([table([100, 200], [50, 80])], budget_yuan=100, step_yuan=100, fixed=[20_000])
    with SolverProcess(60.0) as process, pytest.raises(NoPlanError) as error:
        process.allocate(made)
    assert [fault.code for fault in error.value.faults] == ["E-PLAN-LOCKS"]


@pytest.mark.parametrize("spend", [(), (100_00,), (150_00, 0), (50_00, 0), (300_00, 0), (-100_00, 0), (200_00, 100_00)])
def test_what_is_not_a_plan_is_refused(spend: Sequence[int]) -> None:
    """Two cells of 100 or 200 in hundreds, 200 to spend: too few, off the step, off the range, negative, too much."""
    made = problem([table([100, 200], [50, 80]), table([100], [30])], budget_yuan=200, step_yuan=100)
    honest = allocate(made)
    assert acceptable(made, honest)
    lie = Allocation(spend=tuple(spend), proof=honest.proof, termination=honest.termination, formulation=FALLBACK)
    assert not acceptable(made, lie)


@pytest.mark.gate
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_fifty_of_each_fault_give_no_wrong_plan(fault: Callable[..., Allocation]) -> None:
    with SolverProcess(3.0 if fault is solver_faults.hangs else 60.0, fault) as process:
        for seed in range(10 if fault is solver_faults.hangs else 50):
            judged(shop(seed), process.allocate(shop(seed)))
