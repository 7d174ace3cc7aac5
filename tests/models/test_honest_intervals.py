"""Do 90 % intervals hold the true curve nine times in ten, inside the tested range, in worlds the fit did not choose?

Worlds: 6 segments x 8 slots with effects of their own, half-saturation around twice the usual cost, shapes around 1.1,
negative-binomial orders of size 5. The published target is 85 to 95 %.
"""

from __future__ import annotations

import numpy as np
import pytest

from adspend_models.fit import fit_curves
from adspend_models.hill import Hill
from adspend_models.prior import Prior
from oracles.known_worlds import EVEN, sell
from oracles.made_reports import day_after, grid_cells, report_from_arrays

CELLS = grid_cells(6, 8)
N = len(CELLS)
INSIDE = EVEN * np.array([0.3, 0.6, 1.0, 2.0, 3.0])


def true_curves(rng: np.random.Generator, orders_at_even: float) -> Hill:
    """48 curves; the typical one sells ``orders_at_even`` at the even split."""
    segment, slot = np.repeat(np.arange(6), 8), np.tile(np.arange(8), 6)
    effect = 0.4 * rng.standard_normal(6)[segment] + 0.3 * rng.standard_normal(8)[slot]
    theta = np.stack(
        [
            np.log(orders_at_even / EVEN) + effect + 0.4 * rng.standard_normal(N),
            0.7 + 0.3 * rng.standard_normal() + 0.5 * rng.standard_normal(N),
            0.1 + 0.2 * rng.standard_normal(N),
        ],
        axis=1,
    )
    curves = Hill.at_reference(theta, np.full(N, EVEN))
    return Hill(height=curves.height[:, None], half=curves.half[:, None], shape=curves.shape[:, None])


def coverage(seed: int, orders_at_even: float, levels: tuple[float, ...]) -> tuple[float, float]:
    """Shares of (cell, cost) whose true orders lie in the central 90 % and 80 %."""
    rng = np.random.default_rng([23, seed])
    curves = true_curves(rng, orders_at_even)
    cost = np.tile(EVEN * np.array(levels), (N, 1))
    report = report_from_arrays(CELLS, cost, sell(rng, curves.value(cost)), 80.0)
    prior = Prior(reference_cost=EVEN, gmv_return=1.5 * orders_at_even * 80 / EVEN, order_value=80)
    bank = fit_curves(report, CELLS, plan_date=day_after(len(levels)), prior=prior, rng=rng)
    at = np.tile(INSIDE, (N, 1))
    draws, truth = bank.order_draws(at), curves.value(at)
    held = [
        np.mean((np.quantile(draws, tail, axis=0) <= truth) & (truth <= np.quantile(draws, 1 - tail, axis=0)))
        for tail in (0.05, 0.1)
    ]
    return float(held[0]), float(held[1])


@pytest.mark.parametrize(
    ("orders_at_even", "levels"), [(2.0, (0.3, 1.0, 3.0)), (6.0, (0.3, 1.0, 3.0) * 3), (10.0, (0.5, 1.0, 2.0) * 2)]
)
def test_intervals_in_a_few_worlds(orders_at_even: float, levels: tuple[float, ...]) -> None:
    """288 cells. Cells of one world share its luck: a world's coverage has an sd of 4 %, the mean of six 1.6 %.

    The bounds lie three of these outside 85 and 95 %.
    """
    wide, narrow = np.mean([coverage(seed, orders_at_even, levels) for seed in range(6)], axis=0)
    assert 0.80 <= wide <= 0.98
    assert 0.68 <= narrow <= 0.92


@pytest.mark.gate
@pytest.mark.parametrize(
    ("orders_at_even", "levels"),
    [(2.0, (0.3, 1.0, 3.0)), (6.0, (0.3, 1.0, 3.0) * 3), (20.0, tuple(np.geomspace(0.3, 3, 30)))],
)
def test_intervals_in_2000_cells(orders_at_even: float, levels: tuple[float, ...]) -> None:
    found = np.array([coverage(seed, orders_at_even, levels) for seed in range(42)])
    wide, narrow = found.mean(axis=0)
    spread = found[:, 0].std()
    print(f"\n{orders_at_even} orders, {len(levels)} days: 90 % holds {wide:.3f} (sd {spread:.3f}), 80 % {narrow:.3f}")
    assert 0.85 <= wide <= 0.95
    assert 0.75 <= narrow <= 0.85
