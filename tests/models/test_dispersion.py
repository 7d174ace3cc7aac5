"""Dispersion: what known worlds give back, and when nothing may be concluded."""

from __future__ import annotations

import numpy as np
import pytest

from adspend_models.dispersion import (
    TYPICAL_SIZE,
    Dispersion,
    log_mean_variance,
    reestimate_dispersion,
    starting_dispersion,
)
from adspend_models.sample import Sample

RNG = np.random.default_rng
THETA = np.array([-2.0, 0.9, 0.2])


def sample_with(orders: np.ndarray) -> Sample:
    """Cells at one cost of 100 yuan, where THETA expects 100 exp(-2) = 13.5 orders."""
    cells, days = orders.shape
    return Sample(
        ok=np.ones((cells, days), dtype=bool),
        orders=orders.astype(float),
        log_ratio=np.zeros((cells, days)),
        reference=np.full(cells, 100.0),
        usual=np.full(cells, 100.0),
        natural=np.zeros((cells, 1)),
        factor=np.ones((cells, days)),
    )


def settle(orders: np.ndarray, variance: float = 0.0) -> Dispersion:
    """Sizes after enough steps, at the true means."""
    sample, sizes = sample_with(orders), starting_dispersion(len(orders))
    mean, _ = sample.expect(np.tile(THETA, (len(orders), 1)))
    for _ in range(40):
        sizes = reestimate_dispersion(sample, mean, np.full(orders.shape, variance), sizes)
    return sizes


@pytest.mark.parametrize("size", [1.5, 5.0, 20.0])
def test_the_shops_size_is_recovered(size: float) -> None:
    """30 cells x 40 days: the standard error of a log size is near 0.06; three are allowed."""
    mean = 100 * np.exp(-2)
    rng = RNG(1)
    found = settle(rng.poisson(rng.gamma(size, mean / size, (30, 40))))
    assert found.shop == pytest.approx(np.log(size), abs=0.2)


def test_a_calm_and_a_wild_cell_part_ways() -> None:
    mean, rng = 100 * np.exp(-2), RNG(2)
    calm, wild = rng.poisson(mean, (1, 60)), rng.poisson(rng.gamma(0.7, mean / 0.7, (1, 60)))
    sizes = settle(np.concatenate([calm, wild])).cell[:, 0]
    assert sizes[0] > 15
    assert sizes[1] < 1.5


def test_one_day_teaches_little() -> None:
    size = settle(np.array([[13]])).cell[0, 0]
    assert TYPICAL_SIZE / 2 < size < TYPICAL_SIZE * 2


def test_an_uncertain_mean_hides_calm() -> None:
    """Data exactly at the mean look calm; if the mean itself is only known to +-50 %, they look less so."""
    orders = np.full((5, 10), 14)
    assert settle(orders, variance=0.25).shop < settle(orders).shop - 0.05


def test_log_mean_variance_is_the_delta_method() -> None:
    sample = sample_with(np.zeros((1, 3)))
    covariance = np.diag([0.3, 0.2, 0.1])[None]
    variance = log_mean_variance(sample, THETA[None], covariance, np.ones((1, 3)))
    assert variance == pytest.approx(np.full((1, 3), 0.3))  # at the reference only the return matters
