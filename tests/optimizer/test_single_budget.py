"""A budget alone: the allocator reaches the exact dynamic programme's value, and proves it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adspend.certificate import certify
from adspend.limits import budget_limit
from adspend.problem import Problem
from adspend.solve import allocate
from benchmarks.allocation.certified_gap import random_shop
from oracles.brute_force import best_plan
from oracles.hand_problems import problem, table

STEP = 100_00


def dynamic_programme(made: Problem) -> int:
    """The optimum over the step grid, micro-yuan: the best value of every budget, one cell after the other."""
    budget = made.limits[0].rhs // STEP
    best = np.zeros(budget + 1, dtype=np.int64)
    for cell in made.tables:
        assert cell is not None
        with_cell = best.copy()
        for spend, gain in zip((cell.spend // STEP).tolist(), cell.objective.tolist(), strict=True):
            if spend <= budget:
                np.maximum(with_cell[spend:], best[: budget + 1 - spend] + gain, out=with_cell[spend:])
        best = with_cell
    return int(best[-1])


def test_the_programme_by_hand() -> None:
    """200 to spend: both cells at 100 earn 80, the first alone at 200 earns 80 too; brute force agrees."""
    made = problem([table([100, 200], [50, 80]), table([100], [30])], budget_yuan=200, step_yuan=100)
    best = best_plan(made)
    assert best is not None
    assert dynamic_programme(made) == best.objective == 80_000_000


@pytest.mark.parametrize("cells", [6, 12, 48, 240])
@pytest.mark.parametrize("seed", range(5))
def test_the_exact_optimum_is_reached_and_proven(cells: int, seed: int) -> None:
    shop = random_shop(np.random.default_rng([41, cells, seed]), cells)
    made = replace(shop, limits=(budget_limit(600_00 * cells, cells),))
    certificate = certify(made, allocate(made))
    assert certificate.value_micro == dynamic_programme(made)
    assert 0 <= certificate.gap <= 3e-5
