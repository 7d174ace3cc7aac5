"""The mode of every cell's curve at once: damped Gauss-Newton steps on arrays, no loop over cells.

Notation: n cells. Each cell maximises, with theta = (a, q, l) of ``hill``,

    f(theta) = log likelihood(theta)  -  (theta - mu)' S (theta - mu) / 2

The Gauss-Newton curvature is never negative, even where the curve's own second derivatives are, and S makes the step
well posed with no data at all. A step that does not improve f is refused
and the cell's damping grows (Levenberg and Marquardt).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.sample import Sample

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LARGEST_STEP = 2.0  # log units: a factor of 7 in return or cost; beyond it the slopes describe nothing
GRADIENT_TOLERANCE = 1e-6  # in prior standard deviations: far below any posterior's width


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Modes:
    """The modes (n, 3) and whether each cell's search ended at one (n,)."""

    theta: Floats
    converged: Bools


def find_modes(
    sample: Sample,
    *,
    centre: Floats,
    precision: Floats,
    size: Floats,
    start: Floats | None = None,
    steps: int = 50,
) -> Modes:
    """The posterior modes under independent priors N(centre_i, precision^-1).

    Args:
        sample: n cells.
        centre: mu, (n, 3).
        precision: S, positive definite, (3, 3).
        size: Negative-binomial size, (n, 1).
        start: Where to begin, (n, 3); the prior's centre by default.
        steps: At most this many steps.
    """
    theta = np.array(centre if start is None else start, dtype=np.float64)
    damping = np.zeros(len(theta))
    objective = _objective(sample, theta, centre, precision, size)
    for _ in range(steps):
        step, length = _step(sample, theta, centre, precision, size, damping)
        if length.max(initial=0.0) < GRADIENT_TOLERANCE:
            break
        trial = theta + step
        reached = _objective(sample, trial, centre, precision, size)
        better = reached >= objective - 1e-12 * np.abs(objective)
        theta = np.where(better[:, None], trial, theta)
        objective = np.where(better, reached, objective)
        damping = np.where(better, np.where(damping < 1e-6, 0.0, damping / 10), np.maximum(damping * 10, 1e-3))
    _, length = _step(sample, theta, centre, precision, size, np.zeros(len(theta)))
    return Modes(theta=theta, converged=length < 1e3 * GRADIENT_TOLERANCE)


def _objective(sample: Sample, theta: Floats, centre: Floats, precision: Floats, size: Floats) -> Floats:
    """The objective f of every cell, (n,)."""
    mean, _ = sample.expect(theta)
    away = theta - centre
    penalty: Floats = 0.5 * np.einsum("ni,ij,nj->n", away, precision, away)
    return sample.log_likelihood_kernel(mean, size) - penalty


def _step(
    sample: Sample,
    theta: Floats,
    centre: Floats,
    precision: Floats,
    size: Floats,
    damping: Floats,
) -> tuple[Floats, Floats]:
    """The damped step (n, 3) and its length in posterior standard deviations (n,)."""
    mean, bought = sample.expect(theta)
    gradient, matrix = sample.slope_and_curvature(theta, mean, bought, size)
    gradient = gradient - (theta - centre) @ precision
    matrix = matrix + precision
    scale = np.einsum("nii->ni", matrix) * damping[:, None]
    matrix = matrix + scale[:, :, None] * np.eye(3)
    step = np.linalg.solve(matrix, gradient[:, :, None])[:, :, 0]
    length = np.sqrt(np.maximum((step * gradient).sum(axis=1), 0.0))
    return np.clip(step, -LARGEST_STEP, LARGEST_STEP), length
