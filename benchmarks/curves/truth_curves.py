"""Families of true curves: forty cells each, drawn alike, whatever a fit may believe of them.

Notation: x is cost (yuan a day), E = 300 the even split, z a standard normal number of each cell. The first slope s has
log-sd 0.5 and the cost scale k log-sd 0.7 around 2.25 E, as in the published protocol, unless the table says otherwise.

| family | orders at x, up to one factor for all cells | |
|---|---|---|
| emax | s k x / (k + x) | the fit's own, exponent 1 |
| s_shaped | s k x^c / (k^c + x^c), c from 1.3 to 2.3 | the fit's own, exponents it thinks rare |
| threshold | s min(max(x - t, 0), k), t = 0.3 E e^0.5z | nothing, then a line, then a plateau: no smooth curve |
| logistic | s k (L((x - m)/(m/3)) - L(-3)), m = 1.5 E e^0.5z, L(t) = 1/(1 + e^-t) | S-shaped in yuan, not in its log |
| power | s E (x/E)^e, e from 0.45 to 0.85 | never levels off |
| fatigue | s x e^(-x/k), k = 2.25 E e^0.5z | falls beyond k: people have seen the ad too often |
| mixture | one of the six above, drawn for each cell | no family is right |
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from adspend_models.hill import sigmoid
from benchmarks.curves.design_markets import CELLS, EVEN

Floats = NDArray[np.float64]
Curve = Callable[[Floats], Floats]  # orders, or GMV, a day at costs (n, m), yuan a day
Family = Callable[[np.random.Generator], Curve]

MEDIAN_SCALE = 2.25  # even splits


def emax(rng: np.random.Generator) -> Curve:
    """Michaelis-Menten."""
    slope, scale = _slope(rng), _around(rng, MEDIAN_SCALE, 0.7)
    return lambda cost: slope * scale * cost / (scale + cost)


def s_shaped(rng: np.random.Generator) -> Curve:
    """Hill curves with exponents well above 1."""
    slope, scale = _slope(rng), _around(rng, MEDIAN_SCALE, 0.7)
    exponent = 1.3 + rng.random((CELLS, 1))
    return lambda cost: slope * scale * cost**exponent / (scale**exponent + cost**exponent)


def threshold(rng: np.random.Generator) -> Curve:
    """Two kinks."""
    slope, width, start = _slope(rng), _around(rng, MEDIAN_SCALE, 0.7), _around(rng, 0.3, 0.5)
    return lambda cost: slope * np.clip(cost - start, 0.0, width)


def logistic(rng: np.random.Generator) -> Curve:
    """A logistic function of cost itself, moved to 0 at 0."""
    slope, scale, middle = _slope(rng), _around(rng, MEDIAN_SCALE, 0.7), _around(rng, 1.5, 0.5)
    return lambda cost: slope * scale * (sigmoid(3.0 * (cost / middle - 1.0)) - sigmoid(np.array(-3.0)))


def power(rng: np.random.Generator) -> Curve:
    """Constant elasticity."""
    slope, elasticity = _slope(rng), rng.uniform(0.45, 0.85, (CELLS, 1))
    return lambda cost: slope * EVEN * (cost / EVEN) ** elasticity


def fatigue(rng: np.random.Generator) -> Curve:
    """Rises to a best cost and falls beyond it."""
    slope, peak = _slope(rng), _around(rng, MEDIAN_SCALE, 0.5)
    return lambda cost: slope * cost * np.exp(-cost / peak)


def mixture(rng: np.random.Generator) -> Curve:
    """Every cell has a family of its own; the families sell alike at the even split."""
    curves = [scaled(family(rng), np.full((CELLS, 1), EVEN), 1.0) for family in PURE]
    which = rng.integers(0, len(PURE), (CELLS, 1))
    return lambda cost: np.choose(which, [curve(cost) for curve in curves])


PURE: tuple[Family, ...] = (emax, s_shaped, threshold, logistic, power, fatigue)


def scaled(curve: Curve, cost: Floats, orders: float) -> Curve:
    """The curve times one factor, with which the median cell sells ``orders`` in all at ``cost`` (n, T)."""
    factor = orders / float(np.median(curve(cost).sum(axis=1)))
    return lambda at: factor * curve(at)


def _slope(rng: np.random.Generator) -> Floats:
    return np.exp(0.5 * rng.standard_normal((CELLS, 1)))


def _around(rng: np.random.Generator, median: float, log_sd: float) -> Floats:
    """Costs of the cells around ``median`` even splits, (n, 1)."""
    return EVEN * median * np.exp(log_sd * rng.standard_normal((CELLS, 1)))
