"""A curve for cells whose days no family of curves passes through: what each spend band sold, made to rise.

Notation: d draws, K spend bands of one cell with mean costs x_1 < ... < x_K, curve H_s of draw s.

    rho_sg ~ Gamma(P + sum w y, P + sum w m_s)   what band g sold over what the drawn curve says, m_s = day factor * H_s
    o_sg   = H_s(x_g) rho_sg, pooled into o_s1 <= ... <= o_sK (isotonic regression; Barlow et al. 1972)
    H'_s   = linear through (0, 0), (x_1, o_s1), ..., (x_K, o_sK), level beyond x_K

with w = r / (r + m), a day's weight under negative-binomial scatter of size r, so that rho is conjugate to counts of
that precision, and P the weight of the belief that the curve is right after all: bands with few orders follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from adspend_models.misfit import spend_bands
from adspend_models.sample import Sample
from adspend_models.shapes import Curves

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIOR_ORDERS = 8.0  # P: a band of that many weighted orders goes half of the way


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonotoneCurves:
    """d curves of one cell: ``cost`` (K,), yuan, rising from 0, and ``orders`` (d, K) at these costs, never falling."""

    cost: Floats
    orders: Floats

    def __post_init__(self) -> None:
        if self.cost[0] != 0 or np.any(self.orders[:, 0] != 0):
            raise ValueError("a curve must start at cost 0 with 0 orders")
        if np.any(np.diff(self.cost) <= 0) or np.any(np.diff(self.orders, axis=1) < 0):
            raise ValueError("costs must rise and orders never fall along a curve")

    def value(self, cost: Floats) -> Floats:
        """Orders per day at ``cost`` (m,), yuan per day, (d, m)."""
        right = np.clip(np.searchsorted(self.cost, cost, side="right"), 1, len(self.cost) - 1)
        low, high = self.cost[right - 1], self.cost[right]
        share = np.clip((cost - low) / (high - low), 0.0, 1.0)
        start, end = self.orders[:, right - 1], self.orders[:, right]
        return start + share * (end - start)


def monotone_curves(
    sample: Sample, theta: Floats, size: Floats, curves: Curves, cells: Ints, rng: np.random.Generator
) -> dict[int, MonotoneCurves]:
    """The curves of some ``cells`` (indices), by index.

    Args:
        sample: n cells, the days' factors in it; each of ``cells`` with at least two spend bands.
        theta: Draws, (d, n, 3).
        size: Negative-binomial sizes, (n, 1).
        curves: The drawn curves as they are to be used, (d, n): their levels may hold another day than the sample's.
        cells: Indices of cells, rising.
        rng: Source of the draws.
    """
    if len(cells) == 0:
        return {}
    means, _ = sample.of_cells(cells).expect(theta[:, cells])
    band = spend_bands(sample)
    made = {}
    for at, i in enumerate(cells.tolist()):
        mean = means[:, at]
        members = (band[i] == np.unique(band[i][sample.ok[i]])[:, None]).astype(np.float64)
        weight = size[i] / (size[i] + mean.mean(axis=0))
        known = PRIOR_ORDERS + members @ (weight * sample.orders[i])
        asked = PRIOR_ORDERS + np.einsum("dt,kt->dk", weight * mean, members)
        cost = sample.reference[i] * members @ np.exp(sample.log_ratio[i]) / members.sum(axis=1)
        curve = Curves(
            level=curves.level[:, [i]],
            half=curves.half[:, [i]],
            exponent=curves.exponent[:, [i]],
            response=curves.response,
        )
        orders = curve.value(cost) * rng.gamma(known, size=asked.shape) / asked
        risen = [isotonic_regression(o, weights=w).x for o, w in zip(orders, asked, strict=True)]
        made[i] = MonotoneCurves(cost=np.append(0.0, cost), orders=np.pad(risen, ((0, 0), (1, 0))))
    return made
