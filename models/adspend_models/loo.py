"""How well a fitted family forecasts a day it has not seen: leave-one-day-out log scores from the posterior draws.

The posterior without day t is the posterior with it, reweighted by ``1 / p(y_t | theta)``; the log density is

    log p(y_t | rest) = log( sum_s w_s p(y_t | theta_s) / sum_s w_s ),   w_s = 1 / p(y_t | theta_s)

with weights truncated at sqrt(S) times their mean, which keeps one rare draw from deciding (Ionides 2008, truncated
importance sampling; Vehtari, Gelman and Gabry 2017 for its use here).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

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
    known = log_likelihood(sample.orders, mean, size)[:, sample.ok]
    most = 0.5 * np.log(len(theta)) + logsumexp(-known, axis=0) - np.log(len(theta))
    weight = np.minimum(-known, most)
    scores: Floats = logsumexp(weight + known, axis=0) - logsumexp(weight, axis=0)
    return scores
