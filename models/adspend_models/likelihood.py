"""How orders scatter around a curve: negative-binomial counts, with one pooled dispersion.

Notation:

    y     orders on a day, 0, 1, 2 ...
    m     expected orders, > 0; eta = log m
    r     size: Var(y) = m + m^2 / r; r = infinity is Poisson

A Gaussian likelihood on near-zero counts wrecks the pooled fit, so the count likelihood is not a refinement.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]


def log_likelihood(orders: Floats, mean: Floats, size: Floats | float) -> Floats:
    """The log of P(y) for every day, the same shape as the arguments."""
    constant = gammaln(orders + size) - gammaln(size) - gammaln(orders + 1.0)
    return constant + kernel(orders, mean, size)


def kernel(orders: Floats, mean: Floats, size: Floats | float) -> Floats:
    """The part of log P(y) that depends on the mean: y log(m / (r + m)) - r log(1 + m / r)."""
    return orders * np.log(mean / (size + mean)) - size * np.log1p(mean / size)


def score(orders: Floats, mean: Floats, size: Floats | float) -> Floats:
    """Derivative of log P in eta: r (y - m) / (r + m)."""
    return size * (orders - mean) / (size + mean)


def information(mean: Floats, size: Floats | float) -> Floats:
    """Expected -d2 log P / d eta2 = r m / (r + m): never negative, at most r per day however many the orders."""
    return size * mean / (size + mean)


def curvature(orders: Floats, mean: Floats, size: Floats | float) -> Floats:
    """Observed -d2 log P / d eta2 = r m (r + y) / (r + m)^2: never negative, the information where m = y.

    Far below the data (m << y) the slope is near y while the information is near m: steps by information alone leap.
    """
    return size * mean * (size + orders) / np.square(size + mean)
