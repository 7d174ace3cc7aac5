"""Does a cell's own data show that orders follow cost? The elasticity, with an interval and no help from other cells.

Notation: n cells, T days.

    log m_t = alpha + beta log x_t + log w_t,   y_t ~ NB(m_t, r)

beta is the elasticity: 0 means that cost does nothing, 1 that orders are proportional to it. The curve itself cannot
answer the question, because a Hill curve always rises and a pooled one rises as its neighbours do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.log_linear import centred, fit_log_linear
from adspend_models.sample import Sample

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BETWEEN_SD = 0.3  # of cells' elasticities around their shop's: an assumption, under half of the usual 0.7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trend:
    """Elasticities (n,) and their standard errors (n,)."""

    elasticity: Floats
    error: Floats

    def of_shop(self, heard: Bools) -> tuple[float, float]:
        """The mean elasticity of the cells ``heard`` (n,) and its error, cells weighted by what is known of them."""
        weight = heard / (np.square(self.error) + BETWEEN_SD**2)
        total = float(weight.sum())
        return (float(weight @ self.elasticity) / total, 1.0 / total**0.5) if total > 0 else (0.0, 0.0)


def estimate_trend(sample: Sample, size: Floats) -> Trend:
    """The elasticity of every cell; without orders, or with one cost, the error is near 10.

    Args:
        sample: n cells.
        size: Negative-binomial sizes, (n, 1).
    """
    v = centred(sample.log_ratio, sample.ok)
    found = fit_log_linear(sample, np.stack([np.ones_like(v), v], axis=2), np.log(sample.factor), size)
    return Trend(elasticity=found.coefficient[:, 1], error=found.error[:, 1])
