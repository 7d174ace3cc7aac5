"""A fit must be cheap: a policy is tuned on thousands of simulated days, each with a fit of its own."""

from __future__ import annotations

import time

import numpy as np
import pytest

from adspend_models.fit import fit_curves
from adspend_models.prior import Prior
from oracles.known_worlds import EVEN, sell
from oracles.made_reports import day_after, grid_cells, report_from_arrays

PRIOR = Prior(reference_cost=EVEN, gmv_return=3, order_value=80)


def seconds(segments: int, slots: int, days: int) -> float:
    """The least of three fits of a made-up shop."""
    rng, cells = np.random.default_rng(0), grid_cells(segments, slots)
    cost = EVEN * np.exp(0.6 * rng.standard_normal((len(cells), days)))
    level = 10 * np.exp(0.5 * rng.standard_normal((len(cells), 1)))
    report = report_from_arrays(cells, cost, sell(rng, level * 2 * cost / (EVEN + cost)), 80.0)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        fit_curves(report, cells, plan_date=day_after(days), prior=PRIOR, rng=rng)
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.gate
@pytest.mark.parametrize(("segments", "slots", "days", "limit"), [(6, 8, 30, 0.15), (24, 12, 60, 1.0)])
def test_fits_within_the_limit(segments: int, slots: int, days: int, limit: float) -> None:
    took = seconds(segments, slots, days)
    print(f"\n{segments * slots} cells x {days} days: {took:.3f} s")
    assert took <= limit
