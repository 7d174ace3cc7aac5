"""Optimal contrasts against brute force and the largest statistic there can be."""

from __future__ import annotations

import numpy as np
import pytest

from adspend_models.trend_contrasts import Floats, contrast_correlation, contrast_statistics, optimal_contrasts

SEEDS = range(20)


def random_case(seed: int) -> tuple[Floats, Floats, np.random.Generator]:
    """Rising curves (3, L) and a full covariance (L, L)."""
    rng = np.random.default_rng(seed)
    levels = int(rng.integers(3, 9))
    root = rng.normal(size=(levels, levels))
    return np.sort(rng.normal(size=(3, levels)), axis=1), root @ root.T + np.eye(levels), rng


@pytest.mark.parametrize("seed", SEEDS)
def test_no_contrast_expects_more(seed: int) -> None:
    """With differences d = D mu to the first level, the largest statistic is sqrt(d' (D S D')^-1 d)."""
    curves, covariance, rng = random_case(seed)
    contrasts = optimal_contrasts(curves, covariance)
    differences = np.concatenate([-np.ones((curves.shape[1] - 1, 1)), np.eye(curves.shape[1] - 1)], axis=1)
    joint = differences @ covariance @ differences.T
    for contrast, curve in zip(contrasts, curves, strict=True):
        reached = contrast_statistics(contrast[None], curve, covariance).item()
        shift = differences @ curve
        assert reached == pytest.approx(np.sqrt(shift @ np.linalg.solve(joint, shift)))
        others = rng.normal(size=(200, curves.shape[1] - 1)) @ differences
        assert contrast_statistics(others, curve, covariance).max() <= reached + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_shape_matters(seed: int) -> None:
    """Contrasts sum to 0, have length 1, and are those of any a + b mu with b > 0."""
    curves, covariance, _ = random_case(seed)
    contrasts = optimal_contrasts(curves, covariance)
    assert contrasts.sum(axis=1) == pytest.approx(0, abs=1e-9)
    assert np.linalg.norm(contrasts, axis=1) == pytest.approx(1)
    assert optimal_contrasts(7 + 0.2 * curves, covariance) == pytest.approx(contrasts)


def test_correlation_is_that_of_simulated_statistics() -> None:
    """20,000 draws; standard errors of a correlation are below 0.008."""
    curves, covariance, rng = random_case(0)
    contrasts = optimal_contrasts(curves, covariance)
    draws = rng.multivariate_normal(np.zeros(len(covariance)), covariance, size=20_000)
    found = np.corrcoef([contrast_statistics(contrasts, draw, covariance) for draw in draws], rowvar=False)
    assert found == pytest.approx(contrast_correlation(contrasts, covariance), abs=0.03)


def test_two_levels_by_hand() -> None:
    """Means 1 and 4 with variances 1 and 3: (4 - 1) / 2."""
    covariance = np.diag([1.0, 3.0])
    contrast = optimal_contrasts(np.array([[0.0, 1.0]]), covariance)
    assert contrast == pytest.approx(np.array([[-1, 1]]) / np.sqrt(2))
    assert contrast_statistics(contrast, np.array([1.0, 4.0]), covariance) == pytest.approx([1.5])


def test_refuses_a_curve_that_does_not_vary() -> None:
    with pytest.raises(ValueError, match="curve 1 does not"):
        optimal_contrasts(np.array([[0.0, 1.0], [2.0, 2.0]]), np.eye(2))
