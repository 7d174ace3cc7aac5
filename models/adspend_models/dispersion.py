"""The scatter of orders around their expectation, learned for all cells and shrunk for each.

Notation: n cells, T days; r is the negative-binomial size, Var(y) = m + m^2 / r.

    log r   ~ N(log r_0, 1)              the shop's typical size
    log r_i ~ N(log r, 0.8^2)            a cell's own

Both maximise the expected log likelihood. The expectation over a cell's posterior costs information(m, r) var / 2 on a
day whose log mean has variance var: without it the curve's own freedom would be mistaken for calm data.
A cell's own size pays: on a real advertiser (48 cells) the mean log predictive density of held-out days rises from
-2.668 to -2.652 (fitted on 5 days per cell) and from -2.604 to -2.543 (30 days) against one size for all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from adspend_models.likelihood import information, kernel
from adspend_models.sample import Sample, within_reach

Floats = NDArray[np.float64]

TYPICAL_SIZE = 8.0  # orders of short tests scatter like sizes 5 to 8 (prototypes of the allocation study)
TYPICAL_SD = 1.0
CELL_SD = 0.8
LOG_SIZE_RANGE = (np.log(0.05), np.log(1e4))  # from wild to Poisson
REACH = 0.3  # log units either side for the parabola
LARGEST_STEP = 0.8  # log units


def log_mean_variance(sample: Sample, theta: Floats, covariance: Floats, bought: Floats) -> Floats:
    """Posterior variance of every day's log expected orders, by the delta method, (n, T)."""
    by_half, by_shape = sample.shape.slopes(within_reach(theta), sample.log_ratio)
    slopes = np.stack([bought, bought * by_half, bought * by_shape], axis=2)
    variance: Floats = ((slopes @ covariance) * slopes).sum(axis=2)
    return variance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dispersion:
    """The shop's typical log size, and every cell's size (n, 1)."""

    shop: float
    cell: Floats


def starting_dispersion(cells: int) -> Dispersion:
    """The sizes before any data."""
    return Dispersion(shop=float(np.log(TYPICAL_SIZE)), cell=np.full((cells, 1), TYPICAL_SIZE))


def reestimate_dispersion(sample: Sample, mean: Floats, variance: Floats, current: Dispersion) -> Dispersion:
    """One Newton step for all cells and the shop together.

    A cell's likelihood is summarised by a parabola in log r_i with curvature k_i and top c_i; of the shop's log r it
    then says c_i with precision 1 / (1/k_i + CELL_SD^2).

    Args:
        sample: n cells.
        mean: Expected orders at the posterior mean, (n, T).
        variance: Posterior variance of the log of ``mean``, (n, T).
        current: The sizes to step from.
    """
    here = np.log(current.cell[:, 0])
    low, middle, high = (
        _expected_fit(sample, mean, variance, np.exp(here + shift)[:, None]) for shift in (-REACH, 0.0, REACH)
    )
    slope = (high - low) / (2.0 * REACH)
    # Far from its top the likelihood may bend the wrong way; the second bound keeps steps within LARGEST_STEP.
    bend = np.maximum((2.0 * middle - low - high) / REACH**2, np.maximum(np.abs(slope) / LARGEST_STEP, 1e-9))
    top = here + slope / bend
    weight = 1.0 / (1.0 / bend + CELL_SD**2)
    prior_weight = 1.0 / TYPICAL_SD**2
    shop = (weight @ top + prior_weight * np.log(TYPICAL_SIZE)) / (weight.sum() + prior_weight)
    own = (bend * top + shop / CELL_SD**2) / (bend + 1.0 / CELL_SD**2)
    return Dispersion(shop=float(shop), cell=np.exp(np.clip(own, *LOG_SIZE_RANGE))[:, None])


def _expected_fit(sample: Sample, mean: Floats, variance: Floats, size: Floats) -> Floats:
    """Each cell's expected log likelihood up to terms without the size, (n,)."""
    terms = gammaln(sample.orders + size) - gammaln(size) + kernel(sample.orders, mean, size)
    fit: Floats = np.where(sample.ok, terms - 0.5 * information(mean, size) * variance, 0.0).sum(axis=1)
    return fit
