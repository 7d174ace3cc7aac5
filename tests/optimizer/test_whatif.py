"""What-if answers are plans of the changed problem, near to a cold solve; price ranges are finite differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adspend.certificate import certify
from adspend.limits import budget_limit
from adspend.price_ranges import price_ranges
from adspend.problem import MICRO, Problem
from adspend.solve import allocate
from adspend.whatif import WIDE, WhatIf
from adspend_datasets.errors import NoPlanError
from oracles.brute_force import feasible
from oracles.hand_problems import problem, table
from oracles.pulp_relaxation import relax
from oracles.random_problems import random_problem


def shop(seed: int) -> Problem:
    made = random_problem(np.random.default_rng([51, seed]), 20, points=10, limits=("budget", "share", "stock"))
    rows = tuple(budget_limit(x.rhs, 20) if x.key == "budget" else x for x in made.limits)  # with its unit: yuan
    return made.with_limits(rows)


def budget_of(made: Problem) -> int:
    return next(limit.rhs for limit in made.limits if limit.key == "budget")


def with_budget(made: Problem, budget: int) -> Problem:
    return made.with_limits(tuple(replace(x, rhs=budget) if x.key == "budget" else x for x in made.limits))


@pytest.mark.parametrize("seed", range(8))
def test_an_answer_is_a_plan_of_the_changed_shop(seed: int) -> None:
    made = shop(seed)
    ask = WhatIf(made, allocate(made)).ask
    for share in (1.0, 0.9, 1.1, 1.5):
        budget = int(budget_of(made) * share)
        changed = with_budget(made, budget)
        answer = ask({"budget": budget})
        cold = certify(changed, allocate(changed))
        assert feasible(changed, answer.spend) == []
        assert answer.value_micro <= cold.bound_micro
        assert cold.value_micro <= answer.bound_micro
        assert answer.gap <= WIDE or not answer.warm


def test_nothing_changed_is_the_same_value_by_hand() -> None:
    """Two cells at 100 earn 80 for 200; 100 buy 50; nothing meets a lock above the budget."""
    made = problem([table([100, 200], [50, 80]), table([100], [30])], budget_yuan=200, step_yuan=100)
    what_if = WhatIf(made, allocate(made))
    assert [what_if.ask({"budget": yuan * 100}).value_micro for yuan in (200, 100, 300, 0)] == [
        80 * MICRO, 50 * MICRO, 110 * MICRO, 0,
    ]  # fmt: skip
    locked = replace(made, fixed=np.array([100_00, -1]))
    with pytest.raises(NoPlanError):
        WhatIf(locked, allocate(locked)).ask({"budget": 50_00})
    with pytest.raises(KeyError):
        what_if.ask({"no such limit": 1})


def test_a_price_is_a_range_at_a_kink_by_hand() -> None:
    """The first cell earns 2 a yuan up to 400, the second 1: at 400, 100 more earn 100 and 100 fewer cost 200."""
    tables = [table([100, 400], [200, 800]), table([100, 400], [100, 400])]
    made = problem(tables, budget_yuan=400, step_yuan=100)
    made = made.with_limits((budget_limit(400_00, 2),))
    [found] = price_ranges(made, [0.0], ["budget"]).values()
    assert (found.many, found.one_more, found.one_less) == (
        100,
        pytest.approx(100.0, rel=1e-4),
        pytest.approx(200, rel=1e-4),
    )


@pytest.mark.parametrize("seed", range(10))
def test_price_ranges_are_the_relaxation_s_finite_differences(seed: int) -> None:
    made = shop(seed)
    multipliers = [float(p) for p in allocate(made).multipliers]
    found = price_ranges(made, multipliers, ["budget"])["budget"]
    values = [relax(with_budget(made, budget_of(made) + change)) for change in (-100_00, 0, 100_00)]
    less, now, more = (None if value is None else value.objective for value in values)
    assert now is not None
    noise = 3e-6 * abs(now) + 0.01
    assert more is not None
    assert found.one_more == pytest.approx(more - now, abs=noise)
    if less is not None:
        assert found.one_less == pytest.approx(now - less, abs=noise)
