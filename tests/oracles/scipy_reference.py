"""The slow judge of the fast fit: one cell at a time, with scipy's distributions, optimiser and plain sums on a grid.

Shares no line with ``adspend_models``: the Hill curve is the textbook's, the scatter is ``scipy.stats.nbinom``, the
mode is ``scipy.optimize.minimize``'s with numerical slopes, the covariance the inverse of a matrix of second
differences, and the posterior moments are a trapezoid sum over a box in three dimensions.

Notation: theta = (a, q, l), x cost, R reference cost, k = R e^q, c = e^l:

    H(x) = R e^a (x/R)^c (1 + e^(q c)) / ((x/R)^c + e^(q c)),   so that H(R) = R e^a
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import minimize

Floats = NDArray[np.float64]

SECOND_DIFFERENCE = 1e-3  # in prior standard deviations
REACH, POINTS = 6.0, 29  # of the box: standard deviations either side, points along each axis
WIDER = 1.15  # of the box over the curvature at the mode: skewed posteriors reach further than their mode says


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellPosterior:
    """One cell's days (T,) and its Gaussian prior: mean (3,), covariance (3, 3); orders scatter with size ``size``."""

    cost: Floats
    orders: Floats
    reference: float
    size: float
    mean: Floats
    covariance: Floats
    natural: float = 0.0

    def curve(self, theta: Floats, cost: Floats) -> Floats:
        """Orders bought at ``cost`` (m,) by the curves ``theta`` (..., 3): (..., m)."""
        a, q, c = theta[..., :1], theta[..., 1:2], np.exp(theta[..., 2:3])
        power, half = (cost / self.reference) ** c, np.exp(q * c)
        return np.asarray(self.reference * np.exp(a) * power * (1.0 + half) / (power + half))

    def log_density(self, theta: Floats) -> Floats:
        """The log posterior at ``theta`` (..., 3) up to a constant."""
        expected = self.natural + self.curve(theta, self.cost)
        fit = stats.nbinom.logpmf(self.orders, self.size, self.size / (self.size + expected)).sum(axis=-1)
        return np.asarray(fit + stats.multivariate_normal.logpdf(theta, self.mean, self.covariance))


def mode(cell: CellPosterior) -> tuple[Floats, Floats]:
    """The posterior's mode (3,) and the inverse of its curvature there (3, 3)."""
    scale = np.linalg.cholesky(cell.covariance)  # search in prior standard deviations

    def loss(z: Floats) -> float:
        return -float(cell.log_density(cell.mean + scale @ z))

    rough = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-6})
    found = minimize(loss, rough.x, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-11})
    curvature = np.empty((3, 3))
    steps = SECOND_DIFFERENCE * np.eye(3)
    for i in range(3):
        for j in range(3):
            corners = [loss(found.x + s * steps[i] + t * steps[j]) for s, t in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
            curvature[i, j] = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * SECOND_DIFFERENCE**2)
    return cell.mean + scale @ found.x, scale @ np.linalg.inv(curvature) @ scale.T


def curve_moments(cell: CellPosterior, cost: Floats, points: int = POINTS) -> tuple[Floats, Floats]:
    """Posterior mean and standard deviation of the curve at ``cost`` (m,), by summing the posterior over a box."""
    centre, covariance = mode(cell)
    axis = WIDER * np.linspace(-REACH, REACH, points)
    box = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    theta = centre + box @ np.linalg.cholesky(covariance).T
    density = cell.log_density(theta)
    weight = np.exp(density - density.max())
    weight /= weight.sum()
    values = cell.curve(theta, cost)
    mean = weight @ values
    return mean, np.sqrt(weight @ np.square(values - mean))
