"""Shapes of response: families of curves that share their coordinates and differ in how they bend.

Notation: n cells, T days, v = log(x / R) at a reference cost R. Every family is a response G of one number t,

    H(x) = level * G(t),   t = c log(x / k),   log G = L,   E = dL/dt

with a half-saturation cost k and an exponent c. Estimation uses ``theta = (a, q, l)`` as ``hill`` does: the log return
at R, ``q = log(k / R)``, ``l = log c``, so one prior and one pooling serve them all:

    log(H(x) / R) = a + L(c (v - q)) - L(-c q)

    Hill               G = 1 / (1 + e^-t)            levels off slowly; S-shaped where c > 1 (sigmoid Emax)
    Michaelis-Menten   the same with c = 1           concave (Emax)
    logistic           G = tanh(0.549 e^t)           levels off early and for good
    logarithmic        G = log(1 + 3 e^t), c = 1     never levels off; each doubling adds the same in the end
    power              G = e^t                       constant elasticity c/(1 + e^(-c q)), the Hill curve's own at R

0.549 = artanh(1/2) keeps k the cost of half the height; 3 = (1 + 1)^2 - 1 makes G(0) = log 4 half of G's value at 5 k.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, final

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.text import Text
from adspend_models.hill import sigmoid, softplus

Floats = NDArray[np.float64]

HALF_TANH = float(np.arctanh(0.5))
LOG_SCALE = 3.0
LARGEST_EXPONENT = 500.0  # e^500 is finite; costs that far from k tell nothing


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """Curves of one family: ``level`` (orders per day), ``half`` (yuan per day) and ``exponent`` broadcast."""

    level: Floats
    half: Floats
    exponent: Floats
    response: Callable[[Floats], Floats]

    def value(self, cost: Floats) -> Floats:
        """Orders per day at ``cost``, yuan per day; 0 at cost 0."""
        with np.errstate(divide="ignore"):
            return self.level * self.response(self.exponent * (np.log(cost) - np.log(self.half)))


class Shape(Protocol):
    """A family of curves in the coordinates theta."""

    @property
    def name(self) -> Text:
        """What people call it."""
        ...

    def orders(self, theta: Floats, log_ratio: Floats) -> Floats:
        """H(x) / R at theta (..., n, 3) and v (n, T): (..., n, T)."""
        ...

    def slopes(self, theta: Floats, log_ratio: Floats) -> tuple[Floats, Floats]:
        """Derivatives of its log with respect to q and l, (..., n, T) each; the one with respect to a is 1."""
        ...

    def curves(self, theta: Floats, reference: Floats) -> Curves:
        """The curves with coordinates theta (..., 3) at R = ``reference`` (...), yuan per day."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Saturating:
    """A family H = level G(c log(x / k)); ``free`` says whether c is learned or 1."""

    name: Text
    response: Callable[[Floats], Floats]  # G
    log_response: Callable[[Floats], Floats]  # L
    elasticity: Callable[[Floats], Floats]  # E
    free: bool = True

    def orders(self, theta: Floats, log_ratio: Floats) -> Floats:
        """See ``Shape``."""
        q, c = theta[..., 1:2], self._exponent(theta[..., 2:3])
        return np.exp(theta[..., :1] - self.log_response(-c * q)) * self.response(c * (log_ratio - q))

    def slopes(self, theta: Floats, log_ratio: Floats) -> tuple[Floats, Floats]:
        """See ``Shape``."""
        q, c = theta[..., 1:2], self._exponent(theta[..., 2:3])
        t, at_reference = c * (log_ratio - q), -c * q
        here, there = self.elasticity(t), self.elasticity(at_reference)
        by_shape = t * here - at_reference * there
        return c * (there - here), by_shape if self.free else np.zeros_like(by_shape)

    def curves(self, theta: Floats, reference: Floats) -> Curves:
        """See ``Shape``."""
        a, q, c = theta[..., 0], theta[..., 1], self._exponent(theta[..., 2])
        level = reference * np.exp(a - self.log_response(-c * q))
        return Curves(level=level, half=reference * np.exp(q), exponent=c, response=self.response)

    def _exponent(self, log_exponent: Floats) -> Floats:
        return np.exp(log_exponent) if self.free else np.ones_like(log_exponent)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """Constant elasticity e = c / (1 + exp(-c q)): what the Hill curve of the same theta has at the reference."""

    name: Text

    def orders(self, theta: Floats, log_ratio: Floats) -> Floats:
        """See ``Shape``."""
        return _exponential(theta[..., :1] + _hill_elasticity(theta[..., 1:2], theta[..., 2:3]) * log_ratio)

    def slopes(self, theta: Floats, log_ratio: Floats) -> tuple[Floats, Floats]:
        """See ``Shape``."""
        q, c = theta[..., 1:2], np.exp(theta[..., 2:3])
        share = sigmoid(c * q)
        bend = c * share * (1.0 - share)
        return c * bend * log_ratio, c * (share + q * bend) * log_ratio

    def curves(self, theta: Floats, reference: Floats) -> Curves:
        """See ``Shape``."""
        elasticity = _hill_elasticity(theta[..., 1], theta[..., 2])
        half = np.broadcast_to(reference, elasticity.shape)
        return Curves(level=reference * np.exp(theta[..., 0]), half=half, exponent=elasticity, response=_exponential)


def _hill_elasticity(q: Floats, log_exponent: Floats) -> Floats:
    c = np.exp(log_exponent)
    return c * sigmoid(c * q)


def _exponential(t: Floats) -> Floats:
    return np.exp(np.minimum(t, LARGEST_EXPONENT))


def _log_sigmoid(t: Floats) -> Floats:
    return -softplus(-t)


def _sigmoid_elasticity(t: Floats) -> Floats:
    return sigmoid(-t)


def _tanh(t: Floats) -> Floats:
    return np.tanh(HALF_TANH * _exponential(t))


def _log_tanh(t: Floats) -> Floats:
    """The log of tanh z: log(1 - e^-2z) - log(1 + e^-2z), z = 0.549 e^t; near 0 it is log z."""
    z = HALF_TANH * _exponential(t)
    small = np.maximum(z, 1e-300)
    return np.where(z < 1e-8, t + np.log(HALF_TANH), np.log(-np.expm1(-2.0 * small)) - np.log1p(np.exp(-2.0 * z)))


def _tanh_elasticity(t: Floats) -> Floats:
    """2z / sinh(2z): 1 near 0, 0 far out."""
    z = np.clip(2.0 * HALF_TANH * _exponential(t), 1e-12, LARGEST_EXPONENT)
    return z / np.sinh(z)


def _logarithm(t: Floats) -> Floats:
    return softplus(t + np.log(LOG_SCALE))


def _log_logarithm(t: Floats) -> Floats:
    """The log of log(1 + 3 e^t); near 0 it is log(3 e^t)."""
    far = t + np.log(LOG_SCALE)
    return np.where(far < -30.0, far, np.log(np.maximum(softplus(far), 1e-300)))


def _logarithm_elasticity(t: Floats) -> Floats:
    far = t + np.log(LOG_SCALE)
    return np.where(far < -30.0, 1.0, sigmoid(far) / np.maximum(softplus(far), 1e-300))


HILL = Saturating(
    name=Text("Hill", "Hill"), response=sigmoid, log_response=_log_sigmoid, elasticity=_sigmoid_elasticity
)
MICHAELIS_MENTEN = Saturating(
    name=Text("米氏（Michaelis-Menten）", "Michaelis-Menten"),
    response=sigmoid,
    log_response=_log_sigmoid,
    elasticity=_sigmoid_elasticity,
    free=False,
)
LOGISTIC = Saturating(
    name=Text("逻辑斯蒂", "logistic"), response=_tanh, log_response=_log_tanh, elasticity=_tanh_elasticity
)
LOGARITHMIC = Saturating(
    name=Text("对数", "logarithmic"),
    response=_logarithm,
    log_response=_log_logarithm,
    elasticity=_logarithm_elasticity,
    free=False,
)
POWER = Power(name=Text("幂函数", "power"))
SHAPES: tuple[Shape, ...] = (HILL, MICHAELIS_MENTEN, LOGISTIC, LOGARITHMIC, POWER)
