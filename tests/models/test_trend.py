"""The elasticity against scipy's general optimiser, and its interval against repeated worlds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

from adspend_models.log_linear import RIDGE
from adspend_models.sample import Sample
from adspend_models.trend import Trend, estimate_trend


def made(rng: np.random.Generator, cells: int, days: int, elasticity: float, mean: float, size: float) -> Sample:
    """Cells whose orders follow cost with one elasticity."""
    ratio = rng.normal(0, 0.6, (cells, days))
    expected = mean * np.exp(elasticity * ratio)
    return Sample(
        ok=np.ones((cells, days), dtype=bool),
        orders=rng.poisson(rng.gamma(size, expected / size)).astype(float),
        log_ratio=ratio,
        reference=np.full(cells, 100.0),
        usual=np.full(cells, 100.0),
        natural=np.zeros((cells, 1)),
        factor=np.ones((cells, days)),
    )


def test_the_estimate_is_the_maximum_of_scipys_likelihood() -> None:
    sample, size = made(np.random.default_rng(1), 5, 20, 0.6, 8.0, 4.0), 4.0
    sample = replace(sample, factor=np.tile([1.2, 1, 1, 0.8], (5, 5)))
    found = estimate_trend(sample, np.full((5, 1), size))
    for cell in range(5):

        def loss(line: np.ndarray, cell: int = cell) -> float:
            mean = np.exp(line[0] + line[1] * sample.log_ratio[cell]) * sample.factor[cell]
            fit = stats.nbinom.logpmf(sample.orders[cell], size, size / (size + mean)).sum()
            return float(-fit + 0.5 * RIDGE * line[1] ** 2)

        best = minimize(loss, [2.0, 0.5], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10})
        assert found.elasticity[cell] == pytest.approx(best.x[1], abs=1e-4)


@pytest.mark.parametrize(("elasticity", "mean"), [(0.7, 1.5), (0.0, 20.0), (0.7, 200.0)])
def test_ninety_per_cent_intervals_hold_the_truth_nine_times_in_ten(elasticity: float, mean: float) -> None:
    """1,000 cells of 30 days: the standard error of the coverage is 1 %; three of them and some width are allowed."""
    sample = made(np.random.default_rng(7), 1000, 30, elasticity, mean, 6.0)
    trend = estimate_trend(sample, np.full((1000, 1), 6.0))
    held = np.abs(trend.elasticity - elasticity) <= 1.645 * trend.error
    assert 0.86 <= held.mean() <= 0.97


def test_one_cost_or_no_orders_says_nothing() -> None:
    sample = made(np.random.default_rng(2), 2, 10, 0.5, 5.0, 8.0)
    flat = np.zeros_like(sample.log_ratio)
    one_level = Sample(
        ok=sample.ok,
        orders=sample.orders,
        log_ratio=flat,
        reference=sample.reference,
        usual=sample.reference,
        natural=sample.natural,
        factor=sample.factor,
    )
    silent = Sample(
        ok=sample.ok,
        orders=flat,
        log_ratio=sample.log_ratio,
        reference=sample.reference,
        usual=sample.reference,
        natural=sample.natural,
        factor=sample.factor,
    )
    for nothing in (one_level, silent):
        assert np.all(estimate_trend(nothing, np.full((2, 1), 8.0)).error > 3)


def test_the_shops_elasticity_by_hand() -> None:
    """Errors of 0.4 and 1.2 with 0.3 between cells weigh 4 and 0.6536 (1 / 0.25, 1 / 1.53)."""
    shop = Trend(elasticity=np.array([1.0, 0.0]), error=np.array([0.4, 1.2]))
    assert shop.of_shop(np.ones(2, dtype=bool)) == pytest.approx((4 / 4.6536, 4.6536**-0.5), rel=1e-4)
    assert Trend(elasticity=np.empty(0), error=np.empty(0)).of_shop(np.empty(0, dtype=bool)) == (0.0, 0.0)
