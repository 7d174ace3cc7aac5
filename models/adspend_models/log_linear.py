"""Log-linear count regression, every cell on its own: the yardstick of questions that a curve cannot answer.

Notation: n cells, T days, k regressors z, the first of them 1.

    log m_t = offset_t + b' z_t,   y_t ~ NB(m_t, r)

Standard errors are widened by the Pearson scatter where days differ by more than NB(m, r).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.likelihood import curvature, information, score
from adspend_models.matrices import inverse
from adspend_models.sample import Sample

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STEPS = 30  # at most; most shops take 4 to 6
SETTLED = 1e-3  # a step this short leaves the square of it, far below any coefficient's error
LARGEST_STEP = 1.0
FAR_BELOW = 20.0  # log units: the mean of a cell that sold nothing
RIDGE = 1e-2  # b ~ N(0, 10^2): keeps b finite where all orders fell on the dearest days


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogLinear:
    """Coefficients (n, k) and their covariances (n, k, k)."""

    coefficient: Floats
    covariance: Floats

    @property
    def error(self) -> Floats:
        """Standard errors, (n, k)."""
        error: Floats = np.sqrt(np.einsum("nii->ni", self.covariance))
        return error


def fit_log_linear(sample: Sample, regressors: Floats, offset: Floats, size: Floats) -> LogLinear:
    """The regression of every cell's orders; a coefficient about which nothing is known has an error near 10.

    Args:
        sample: n cells.
        regressors: z, (n, T, k), the first 1.
        offset: (n, T).
        size: Negative-binomial sizes, (n, 1).
    """
    z = np.where(sample.ok[:, :, None], regressors, 0.0)
    line = np.zeros((len(z), z.shape[2]))
    asked = np.where(sample.ok, np.exp(offset), 0.0).sum(axis=1)
    line[:, 0] = np.log((np.where(sample.ok, sample.orders, 0.0).sum(axis=1) + 0.5) / np.where(asked > 0, asked, 1.0))
    sold = np.where(sample.ok, sample.orders, 0.0).sum(axis=1) > 0
    line[~sold, 0] -= FAR_BELOW  # no likelihood holds it back: where it walks to would only cost steps
    moving = np.flatnonzero(sold)
    for _ in range(STEPS):
        still = sample if moving.size == len(z) else sample.of_cells(moving)
        step = _newton_step(still, line[moving], z[moving], offset[moving], size[moving])
        line[moving] += np.minimum(np.maximum(step, -LARGEST_STEP), LARGEST_STEP)
        moving = moving[np.abs(step).max(axis=1, initial=0.0) >= SETTLED]
        if not moving.size:
            break
    mean = _mean(line, z, offset)
    expected = _summed(np.where(sample.ok, information(mean, size), 0.0), z)
    chi = np.where(sample.ok, np.square(sample.orders - mean) / (mean + mean**2 / size), 0.0).sum(axis=1)
    scatter = chi / np.maximum(sample.ok.sum(axis=1) - z.shape[2], 1)
    return LogLinear(coefficient=line, covariance=inverse(expected) * np.maximum(scatter, 1.0)[:, None, None])


def centred(values: Floats, days: Bools) -> Floats:
    """Values (n, T) less their mean over ``days`` (n, T); 0 on other days."""
    count = np.maximum(days.sum(axis=1), 1)
    middle = np.where(days, values, 0.0).sum(axis=1) / count
    return np.where(days, values - middle[:, None], 0.0)


def _newton_step(sample: Sample, line: Floats, z: Floats, offset: Floats, size: Floats) -> Floats:
    """Newton's step from ``line``, (n, k): the log likelihood is concave in it."""
    mean = _mean(line, z, offset)
    pull = np.where(sample.ok, score(sample.orders, mean, size), 0.0)
    weight = np.where(sample.ok, curvature(sample.orders, mean, size), 0.0)
    gradient = np.einsum("nt,ntk->nk", pull, z) - _ridge(z) * line
    step: Floats = np.linalg.solve(_summed(weight, z), gradient[:, :, None])[:, :, 0]
    return step


def _mean(line: Floats, z: Floats, offset: Floats) -> Floats:
    """Expected orders, (n, T)."""
    log_mean = np.einsum("ntk,nk->nt", z, line) + offset
    mean: Floats = np.exp(np.minimum(np.maximum(log_mean, -30.0), 30.0))
    return mean


def _summed(weight: Floats, z: Floats) -> Floats:
    """The days' precision of the coefficients and the ridge's, (n, k, k), from ``weight`` (n, T) of log means."""
    total: Floats = (z * weight[:, :, None]).transpose(0, 2, 1) @ z + np.diag(_ridge(z) + 1e-9)
    return total


def _ridge(z: Floats) -> Floats:
    """Precisions of the coefficients' priors, (k,); the level has none."""
    return np.append(0.0, np.full(z.shape[2] - 1, RIDGE))
