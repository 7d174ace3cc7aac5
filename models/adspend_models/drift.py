"""Has a cell changed while it was observed? A slope in time that neither its cost nor the days all cells share explain.

Notation: t runs from -1/2 on the first to 1/2 on the last of a cell's days that count, v the centred log cost.

    log m_t = log H(x_t) + log w_t + b_0 + b_1 v_t + b_2 t

b_2 is the log change of orders over the span at the same cost. b_1 is there because a curve fitted to such days has
taken part of a change for the work of costs that moved with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.log_linear import centred, fit_log_linear
from adspend_models.sample import Sample

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drift:
    """Log changes over the span, their standard errors, and the span in days; (n,) each."""

    change: Floats
    error: Floats
    days: Ints


def estimate_drift(sample: Sample, mean: Floats, day: Ints, size: Floats) -> Drift:
    """The change of every cell; with a few days its error is large.

    Args:
        sample: n cells, the days' factors in it.
        mean: Orders that the curves expect, (n, T).
        day: Ordinals, (n, T).
        size: Negative-binomial sizes, (n, 1).
    """
    last = np.where(sample.ok, day, 0).max(axis=1, initial=0)
    first = np.where(sample.ok, day, last[:, None]).min(axis=1, initial=np.iinfo(np.int64).max)
    first = np.minimum(first, last)
    span = np.maximum(last - first, 1)
    t = np.where(sample.ok, (day - first[:, None]) / span[:, None] - 0.5, 0.0)
    v = centred(sample.log_ratio, sample.ok)
    found = fit_log_linear(sample, np.stack([np.ones_like(v), v, t], axis=2), np.log(mean), size)
    return Drift(change=found.coefficient[:, 2], error=found.error[:, 2], days=last - first + 1)
