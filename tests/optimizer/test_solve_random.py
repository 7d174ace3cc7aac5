"""The allocator against independent judges, on random problems of every kind of limit.

The oracles share no code with the solver: brute force enumerates the step grid, ``feasible`` recomputes every row, and
the Lagrangian bound is recomputed in fractions.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from adspend.bound import lagrangian_bound
from adspend.certificate import certify
from adspend.infeasible import conflict
from adspend.measures import grid
from adspend.problem import Problem
from adspend.solve import allocate, pinned
from adspend_datasets.errors import NoPlanError
from oracles.brute_force import best_plan, feasible, objective
from oracles.brute_force import lagrangian_bound as bound_in_fractions
from oracles.random_problems import random_problem


def small(seed: int) -> Problem:
    rng = np.random.default_rng([1, seed])
    return random_problem(rng, int(rng.integers(1, 6)), points=int(rng.integers(1, 9)), most_steps=8)


def large(seed: int) -> Problem:
    """Locks in every third, so that some have no plan."""
    rng = np.random.default_rng([2, seed])
    return random_problem(rng, int(rng.integers(1, 61)), points=12, locks=seed % 3 == 0)


def assert_equals_brute_force(seed: int) -> None:
    problem = small(seed)
    best = best_plan(problem)
    if best is None:
        with pytest.raises(NoPlanError):
            allocate(problem)
        return
    spend = allocate(problem).spend
    assert feasible(problem, spend) == []
    got, want = objective(problem, spend), best.objective
    assert got == want, f"seed {seed}: got {float(got)} at {spend}, brute force {float(want)} at {best.spend}"


def assert_valid_and_certified(seed: int) -> bool:
    """Whether the problem has a plan; one without names a change that allows one."""
    problem = large(seed)
    try:
        allocation = allocate(problem)
    except NoPlanError:
        assert seed % 3 == 0, f"seed {seed}: without locks, spending nothing is a plan"
        assert conflict(pinned(problem), grid(pinned(problem)), time_limit=20).changes, f"seed {seed}"
        return False
    assert feasible(problem, allocation.spend) == [], f"seed {seed}"
    assert sum(allocation.spend) <= next(limit.rhs for limit in problem.limits if limit.key == "budget")
    certificate = certify(problem, allocation)
    assert certificate.value_micro <= certificate.bound_micro, f"seed {seed}"
    assert certificate.gap >= 0
    return True


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_small_problems_equal_brute_force(first: int) -> None:
    """200 problems of at most 5 cells: the same objective to the micro-yuan, or no plan for both."""
    for seed in range(first, first + 20):
        assert_equals_brute_force(seed)


@pytest.mark.parametrize("first", range(0, 100, 20))
def test_larger_problems_break_no_limit_and_are_certified(first: int) -> None:
    """100 problems of 1 to 60 cells; with the small ones 300, no plan invalid and none a fen over budget."""
    planned = sum(assert_valid_and_certified(seed) for seed in range(first, first + 20))
    assert planned >= 16


@pytest.mark.gate
@pytest.mark.parametrize("first", range(1000, 11_000, 500))
def test_ten_thousand_problems(first: int) -> None:
    """The release gate of the same laws: 0 failures in 10,000 bounds the rate by 0.03 % at 95 %."""
    for seed in range(first, first + 500):
        assert_equals_brute_force(seed) if seed % 2 else assert_valid_and_certified(seed)


@pytest.mark.parametrize("seed", range(20))
def test_the_bound_is_the_one_that_fractions_give(seed: int) -> None:
    """Any prices: integers over a common denominator and plain fractions agree exactly."""
    problem = small(seed)
    rng = np.random.default_rng(seed)
    prices = [Fraction(int(rng.integers(0, 50_000)), int(rng.integers(1, 1000))) for _ in problem.limits]
    by_key = {limit.key: price for limit, price in zip(problem.limits, prices, strict=True)}
    assert lagrangian_bound(problem, prices) == bound_in_fractions(problem, by_key)


@pytest.mark.parametrize("seed", range(10))
def test_the_same_problem_gives_the_same_answer(seed: int) -> None:
    assert allocate(large(seed)) == allocate(large(seed))
