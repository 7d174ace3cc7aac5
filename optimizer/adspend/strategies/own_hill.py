"""One Hill curve per cell, fitted by least squares to that cell's own days: what a team that refits does.

Users of Robyn and of pymc-marketing's optimiser plan each channel on a point estimate of its own saturation curve;
here there is no pooling and no posterior on purpose. Notation: n cells, T days, x cost and y GMV in yuan per day.

    y = M x^c / (k^c + x^c),   minimise sum (y - y_t)^2 over (log M, log k, log c),  Levenberg-Marquardt

A cell with fewer than three active days has no such fit and keeps its average return, a line; one that sold nothing is
worth nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import leastsq

from adspend_models.bank import Floats

FEWEST_DAYS = 3  # as many as parameters
LOG_2, FLAT, STEEP = math.log(2.0), math.log(0.3), math.log(5.0)  # the start's top; shapes that a user would allow
FAR = 20.0  # e^20 times a cell's own cost or GMV is beyond any use
EVALUATIONS = 60  # a fit that has not settled by then is taken as it is, as theirs are


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnHill:
    """Curves of n cells: ``top`` (yuan), ``half`` (yuan) and ``shape``, (n,). A line is a curve with a far ``half``."""

    top: Floats
    half: Floats
    shape: Floats

    def gmv(self, cost: Floats) -> Floats:
        """GMV at ``cost`` (n, m) or (n,), yuan; 0 at cost 0."""
        columns = (self.top, self.half, self.shape)
        top, half, shape = (column.reshape((-1,) + (1,) * (cost.ndim - 1)) for column in columns)
        powered = (cost / half) ** shape
        return np.asarray(top * powered / (1 + powered), dtype=np.float64)

    def slope(self, cost: Floats) -> Floats:
        """GMV per further yuan at ``cost`` (n,) > 0."""
        powered = (cost / self.half) ** self.shape
        return np.asarray(self.top * self.shape * powered / (1 + powered) ** 2 / cost, dtype=np.float64)


def fit_own_hills(cost: Floats, gmv: Floats) -> OwnHill:
    """Each cell's curve from its active days, (T, n) both, NaN where nothing is known."""
    known = (cost > 0) & np.isfinite(gmv)
    found = np.array([_fit_cell(cost[known[:, i], i], gmv[known[:, i], i]) for i in range(cost.shape[1])])
    return OwnHill(top=found[:, 0], half=found[:, 1], shape=found[:, 2])


def _fit_cell(x: Floats, y: Floats) -> tuple[float, float, float]:
    if x.size == 0 or y.sum() <= 0:
        return 0.0, 1.0, 1.0
    if x.size < FEWEST_DAYS:
        far = 1e6 * float(x.max())
        return float(y.sum() / x.sum()) * far, far, 1.0
    scale_x, scale_y = float(np.median(x)), float(y.mean())
    log_x, target = np.log(x / scale_x), y / scale_y

    def residual(p: Floats) -> Floats:
        top, half, shape = _plain(p)
        return top / (1 + np.exp(shape * (half - log_x))) - target

    def jacobian(p: Floats) -> Floats:
        top, half, shape = _plain(p)
        share = 1 / (1 + np.exp(shape * (half - log_x)))
        bend = top * share * (1 - share) * shape
        free = FLAT < p[2] < STEEP
        return np.stack([top * share, -bend, bend * (log_x - half) * free], axis=1)

    p, *_ = leastsq(residual, np.array([LOG_2, 0.0, 0.0]), Dfun=jacobian, full_output=True, maxfev=EVALUATIONS)
    top, half, shape = _plain(p)
    return top * scale_y, float(np.exp(half)) * scale_x, shape


def _plain(p: Floats) -> tuple[float, float, float]:
    """Top, log half and shape, kept where their powers are finite."""
    top, half, shape = p.tolist()
    return math.exp(min(top, FAR)), min(max(half, -FAR), FAR), math.exp(min(max(shape, FLAT), STEEP))
