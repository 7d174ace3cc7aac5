"""The Hill curve: orders rise with cost, slowly at first when its shape is above 1, and level off.

Notation (all arrays broadcast):

    x       cost, yuan per day, >= 0
    M       height: orders per day approached as x grows
    k       half-saturation cost, yuan per day: H(k) = M / 2
    c       shape: 1 is Michaelis-Menten (concave), above 1 is S-shaped

    H(x) = M x^c / (k^c + x^c),   elasticity  x H'(x) / H(x) = c / (1 + (x/k)^c)

Estimation uses other coordinates of the same curve, ``theta = (a, q, l)`` at a reference cost R:

    a = log(H(R) / R)   the return at R, log orders per yuan
    q = log(k / R)      where saturation sets in, relative to R
    l = log(c)

A return at a reference cost, not the height, is a coordinate because a small test measures the return well and says
almost nothing of the height (Zhang et al. 2024, Google, state their priors on ROAS for the same reason).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def softplus(z: Floats) -> Floats:
    """log(1 + e^z) without overflow."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def sigmoid(z: Floats) -> Floats:
    """1 / (1 + e^-z); e^-z may overflow to infinity, which gives the right 0."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hill:
    """Hill curves in closed form. ``height`` (orders per day), ``half`` (yuan per day) and ``shape`` broadcast."""

    height: Floats
    half: Floats
    shape: Floats

    def __post_init__(self) -> None:
        """Refuses parameters that are not finite and positive."""
        for name in ("height", "half", "shape"):
            column = np.asarray(getattr(self, name))
            if not (np.all(np.isfinite(column)) and np.all(column > 0)):
                raise ValueError(f"a Hill curve's {name} must be finite and above 0, but got {column.min()}")

    @classmethod
    def at_reference(cls, theta: Floats, reference: Floats) -> Hill:
        """The curves with coordinates ``theta`` (..., 3) at ``reference`` (...), yuan per day."""
        a, q, shape = theta[..., 0], theta[..., 1], np.exp(theta[..., 2])
        return cls(height=reference * np.exp(a + softplus(shape * q)), half=reference * np.exp(q), shape=shape)

    def share(self, cost: Floats) -> Floats:
        """H(x) / M, the share of the height reached at ``cost``: 0 at 0, one half at ``half``."""
        with np.errstate(divide="ignore"):
            return sigmoid(self.shape * (np.log(cost) - np.log(self.half)))

    def value(self, cost: Floats) -> Floats:
        """Orders per day at ``cost``; 0 at cost 0."""
        return self.height * self.share(cost)

    def derivative(self, cost: Floats) -> Floats:
        """Orders per further yuan at ``cost`` > 0: H'(x) = H(x) c (1 - H(x)/M) / x."""
        share = self.share(cost)
        return self.height * self.shape * share * (1.0 - share) / cost

    def inverse(self, orders: Floats) -> Floats:
        """The cost that gives ``orders`` (0 <= orders < height): k (y / (M - y))^(1/c)."""
        return self.half * (orders / (self.height - orders)) ** (1.0 / self.shape)

    @property
    def inflection(self) -> Floats:
        """The cost where returns stop increasing: k ((c-1)/(c+1))^(1/c); 0 for a concave curve (c <= 1)."""
        excess = np.maximum(self.shape - 1.0, 0.0)
        return self.half * (excess / (self.shape + 1.0)) ** (1.0 / self.shape)

    @property
    def tangent(self) -> Floats:
        """The cost of the best average return, where the line from the origin touches: k (c-1)^(1/c); 0 if c <= 1.

        The concave envelope of the curve is that line up to here and the curve beyond.
        """
        return self.half * np.maximum(self.shape - 1.0, 0.0) ** (1.0 / self.shape)
