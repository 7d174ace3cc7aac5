"""One limit alone: its price, found where two tangents meet, against every price of a fine grid."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adspend.lagrangian import best_choices
from adspend.measures import Grid, grid
from adspend.solver.dual import minimise_dual
from oracles.random_problems import random_problem


def dual_at(arrays: Grid, price: float) -> float:
    """The dual by its definition, micro-yuan."""
    return float(best_choices(arrays, np.array([price])).net.sum()) + price * float(arrays.rhs[0])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("limit", ["budget", "least_share", "roi", "stock", "active"])
def test_no_price_proves_more(seed: int, limit: str) -> None:
    rng = np.random.default_rng(seed)
    arrays = grid(random_problem(rng, 12, points=20, step_fen=100, limits=(limit,), locks=False))
    dual = minimise_dual(arrays)
    price = float(dual.prices[0])
    others = [0.0, *np.geomspace(1e-9, 1e9, 500), *(price * np.linspace(0.9, 1.1, 201))]
    assert dual.possible
    assert dual.bound == pytest.approx(dual_at(arrays, price), rel=1e-12)
    assert dual.bound <= min(dual_at(arrays, other) for other in others) + 1e-9 * abs(dual.bound)


def test_a_limit_that_nothing_meets_has_no_plan() -> None:
    """Orders of at least a million more than every cell at its most could bring."""
    problem = random_problem(np.random.default_rng(1), 6, limits=("stock",), locks=False)
    most = sum(int(table.orders.max()) for table in problem.tables if table is not None)
    row = replace(problem.limits[0], orders=np.full(6, -1, dtype=np.int64), rhs=-most - 10**12)
    assert not minimise_dual(grid(problem.with_limits((row,)))).possible
