"""The order likelihood against scipy's negative binomial, and its derivatives against differences of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from adspend_models.likelihood import curvature, information, kernel, log_likelihood, score

means, sizes, counts = st.floats(1e-3, 1e4), st.floats(0.05, 1e4), st.integers(0, 20_000)


def reference(orders: float, mean: float, size: float) -> float:
    """The log mass of scipy: ``size`` failures, success probability size / (size + mean)."""
    return float(stats.nbinom.logpmf(orders, size, size / (size + mean)))


@given(counts, means, sizes)
def test_log_likelihood_is_scipys(orders: int, mean: float, size: float) -> None:
    ours = log_likelihood(np.float64(orders), np.float64(mean), np.float64(size))
    assert ours == pytest.approx(reference(orders, mean, size), rel=1e-8, abs=1e-6)


@given(counts, means, sizes)
def test_score_and_curvature_are_differences_of_the_kernel(orders: int, mean: float, size: float) -> None:
    step = 1e-4
    low, middle, high = (kernel(np.float64(orders), np.float64(mean * np.exp(d)), size) for d in (-step, 0.0, step))
    scale = abs(middle) + orders + size
    assert score(np.float64(orders), np.float64(mean), size) == pytest.approx(
        (high - low) / (2 * step), abs=1e-7 * scale
    )
    second = (high - 2 * middle + low) / step**2
    assert -curvature(np.float64(orders), np.float64(mean), size) == pytest.approx(second, abs=1e-5 * scale)


@given(st.floats(0.1, 30), st.floats(0.5, 50))
def test_information_is_the_expected_curvature(mean: float, size: float) -> None:
    orders = np.arange(4000.0)
    weight = stats.nbinom.pmf(orders, size, size / (size + mean))
    expected = (weight * curvature(orders, np.full_like(orders, mean), size)).sum()
    assert information(np.float64(mean), size) == pytest.approx(expected, rel=1e-6)


def test_a_large_size_is_poisson() -> None:
    assert log_likelihood(np.float64(3), np.float64(2.5), 1e6) == pytest.approx(stats.poisson.logpmf(3, 2.5), abs=1e-5)
