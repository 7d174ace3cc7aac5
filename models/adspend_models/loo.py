"""How well a fitted family forecasts a day it has not seen: leave-one-day-out log scores from the posterior draws.

The posterior without day t is the posterior with it, reweighted by ``1 / p(y_t | theta)``; the log density is

    log p(y_t | rest) = log( sum_s w_s p(y_t | theta_s) / sum_s w_s ),   w_s = 1 / p(y_t | theta_s)

with weights truncated at sqrt(S) times their mean, which keeps one rare draw from deciding (Ionides 2008, truncated
importance sampling; Vehtari, Gelman and Gabry 2017 for its use here). With u_s = w_s / max w, c the cap on u and p the
least of the densities, one exponential per draw and day serves both sums:

    log p(y_t | rest) = log p + log sum_s min(1, c / u_s) - log sum_s min(u_s, c)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adspend_models.likelihood import log_likelihood
from adspend_models.sample import Sample

Floats = NDArray[np.float64]


def left_out_scores(sample: Sample, theta: Floats, size: Floats) -> Floats:
    """Log predictive density of every day that counts, from draws fitted with it.

    Args:
        sample: n cells.
        theta: Draws, (d, n, 3).
        size: Negative-binomial sizes, (n, 1).

    Returns:
        One score per day that counts, in the order of ``sample.ok``'s entries.
    """
    mean, _ = sample.expect(theta)
    known = log_likelihood(sample.orders, mean, size).transpose(1, 2, 0)[sample.ok]  # draws side by side in memory
    least = known.min(axis=1, keepdims=True)
    weight = np.exp(least - known)
    cap = weight.mean(axis=1, keepdims=True) * np.sqrt(len(theta))
    with np.errstate(divide="ignore"):  # a weight that vanishes is below any cap
        density = np.minimum(1.0, cap / weight).sum(axis=1)
    scores: Floats = least[:, 0] + np.log(density) - np.log(np.minimum(weight, cap).sum(axis=1))
    return scores
