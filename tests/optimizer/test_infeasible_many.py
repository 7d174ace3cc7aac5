"""Two hundred shops with a known conflict: every one names it, and the change asked for is enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from adspend.infeasible import conflict
from adspend.limits import most_active_limit
from adspend.measures import grid
from adspend.pinned import pinned
from adspend.problem import Limit, Problem
from adspend.solve import allocate
from adspend_datasets.errors import NoPlanError
from oracles.brute_force import feasible
from oracles.hand_problems import row
from oracles.random_problems import random_problem

Cause = Callable[[Problem, np.random.Generator], tuple[Problem, set[str]]]


def locked(made: Problem, rng: np.random.Generator) -> tuple[Problem, np.ndarray]:
    """Some cells locked at what their tables hold, and the locks' sum by cell."""
    fixed = np.full(made.size, -1, dtype=np.int64)
    tables = [(i, table) for i, table in enumerate(made.tables) if table is not None]
    for k in rng.choice(len(tables), size=2, replace=False).tolist():
        fixed[tables[k][0]] = tables[k][1].maximum
    return replace(made, fixed=fixed), np.maximum(fixed, 0)


def locks_above_budget(made: Problem, rng: np.random.Generator) -> tuple[Problem, set[str]]:
    made, locks = locked(made, rng)
    budget = next(limit for limit in made.limits if limit.key == "budget")
    return made.with_limits((replace(budget, rhs=int(locks.sum()) - made.step_fen),)), {"locks", "budget"}


def locks_above_a_group(made: Problem, rng: np.random.Generator) -> tuple[Problem, set[str]]:
    made, locks = locked(made, rng)
    inside = (locks > 0).astype(np.int64)
    group = row("group", int(locks.sum()) - 1, spend=inside)
    return made.with_limits((wide_budget(made), group)), {"group"}


def more_locks_than_cells_may_run(made: Problem, rng: np.random.Generator) -> tuple[Problem, set[str]]:
    made, _ = locked(made, rng)
    return made.with_limits((wide_budget(made), most_active_limit(1, made.size))), {"max_active"}


def a_least_above_the_budget(made: Problem, rng: np.random.Generator) -> tuple[Problem, set[str]]:
    budget = int(rng.integers(1, 20)) * made.step_fen
    ones = np.ones(made.size, dtype=np.int64)
    least = row("least", -budget - made.step_fen, spend=-ones)
    return made.with_limits((replace(wide_budget(made), rhs=budget), least)), {"least", "budget"}


def wide_budget(made: Problem) -> Limit:
    budget = next(limit for limit in made.limits if limit.key == "budget")
    return replace(budget, rhs=sum(table.maximum for table in made.tables if table is not None))


CAUSES: tuple[Cause, ...] = (
    locks_above_budget,
    locks_above_a_group,
    more_locks_than_cells_may_run,
    a_least_above_the_budget,
)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__)
def test_the_true_conflict_is_named_and_the_change_is_enough(cause: Cause) -> None:
    """50 shops a cause. Without the named limits there is a plan, so what is named is a true conflict."""
    for seed in range(50):
        rng = np.random.default_rng([71, seed])
        made, causes = cause(random_problem(rng, 8, limits=("budget",), locks=False), rng)
        with pytest.raises(NoPlanError) as error:
            allocate(made)
        named = {fault.place.column for fault in error.value.faults}
        assert named
        assert named <= causes, (seed, named)
        found = conflict(pinned(made), grid(pinned(made)), time_limit=20)
        enough = made.with_limits(
            tuple(
                replace(limit, rhs=limit.rhs + dict((x.key, by) for x, by in found.changes).get(limit.key, 0))
                for limit in made.limits
            )
        )
        assert feasible(enough, allocate(enough).spend) == []
