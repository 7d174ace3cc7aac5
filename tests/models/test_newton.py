"""The batched modes against scipy's general optimiser, one cell at a time."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import minimize

from adspend_models.newton import find_modes
from adspend_models.sample import Sample

Floats = NDArray[np.float64]

CENTRE = np.array([-2.0, 0.9, 0.2])
PRECISION = np.linalg.inv(np.array([[0.5, 0.1, 0.0], [0.1, 0.6, -0.02], [0.0, -0.02, 0.05]]))
FACTOR = np.array([1.1, 1.0, 0.9, 1.0, 1.0, 1.2, 0.8])


def random_sample(rng: np.random.Generator, cells: int, days: int) -> Sample:
    """Cells of very different volume, with idle days, missing days and one cell without any."""
    ok = rng.random((cells, days)) < 0.8
    ok[0] = False
    reference = np.exp(rng.uniform(-2, 6, cells))
    ratio = rng.normal(0, 0.7, (cells, days))
    mean = 0.1 * reference[:, None] * np.exp(0.7 * ratio)
    return Sample(
        ok=ok,
        orders=np.where(ok, rng.poisson(mean), 0.0),
        log_ratio=np.where(ok, ratio, 0.0),
        reference=reference,
        usual=reference,
        natural=np.where(np.arange(cells) % 3 == 1, 0.5, 0.0)[:, None],
        factor=FACTOR[np.arange(days) % 7] * np.ones((cells, 1)),
    )


def negative_posterior(theta: Floats, sample: Sample, cell: int, size: float) -> float:
    """Minus the log posterior of one cell, written with scipy's distributions and the textbook Hill formula."""
    a, k, c = theta[0], np.exp(theta[1]), np.exp(theta[2])
    ok = sample.ok[cell]
    x = np.exp(sample.log_ratio[cell][ok])
    curve = sample.reference[cell] * np.exp(a) * x**c * (k**c + 1) / (k**c + x**c)
    mean = sample.factor[cell][ok] * (sample.natural[cell, 0] + curve)
    fit = stats.nbinom.logpmf(sample.orders[cell][ok], size, size / (size + mean)).sum()
    away = theta - CENTRE
    return float(-fit + 0.5 * away @ PRECISION @ away)


@pytest.mark.parametrize("seed", range(3))
def test_modes_are_those_of_a_general_optimiser(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sample = random_sample(rng, 9, 12)
    sizes = rng.uniform(1, 30, (9, 1))
    modes = find_modes(sample, centre=np.tile(CENTRE, (9, 1)), precision=PRECISION, size=sizes)
    assert modes.converged.all()
    for cell in range(9):
        size = float(sizes[cell, 0])
        found = minimize(
            negative_posterior,
            CENTRE,
            args=(sample, cell, size),
            method="Nelder-Mead",
            options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 4000, "maxfev": 4000},
        )
        reached = negative_posterior(modes.theta[cell], sample, cell, size)
        assert reached <= found.fun + 1e-6, f"cell {cell}: ours {reached}, scipy {found.fun} at {found.x}"
        assert modes.theta[cell] == pytest.approx(found.x, abs=2e-3), f"cell {cell}"


def test_a_cell_without_days_stays_at_the_prior() -> None:
    sample = random_sample(np.random.default_rng(4), 3, 5)
    modes = find_modes(sample, centre=np.tile(CENTRE, (3, 1)), precision=PRECISION, size=np.full((3, 1), 8.0))
    assert modes.theta[0] == pytest.approx(CENTRE)


def test_too_few_steps_are_reported() -> None:
    sample = random_sample(np.random.default_rng(5), 6, 12)
    modes = find_modes(
        sample,
        centre=np.tile(CENTRE, (6, 1)),
        precision=PRECISION,
        size=np.full((6, 1), 8.0),
        steps=1,
    )
    assert modes.converged.tolist()[0] is True  # nothing to find
    assert not modes.converged[1:].any()
