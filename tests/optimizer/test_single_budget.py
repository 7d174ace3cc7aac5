"""A budget alone: the allocator reaches the exact dynamic programme's value, and proves it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adspend.certificate import certify
from adspend.limits import budget_limit
from adspend.solve import allocate
from benchmarks.allocation.certified_gap import random_shop
from benchmarks.allocation.single_budget import dynamic_programme
from oracles.brute_force import best_plan
from oracles.hand_problems import problem, table


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
