"""Medians of rows in which only some entries count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def row_medians(values: Floats, counted: Bools) -> Floats:
    """Each row's median of its ``counted`` entries, both (n, T), (n,); NaN for a row without any.

    NumPy's own median of rows with gaps goes through masked arrays, ten times as slow on a shop's days.
    """
    count = counted.sum(axis=1)
    some = np.flatnonzero(count)
    ranked = np.sort(np.where(counted, values, np.inf)[some], axis=1)
    lower, upper = (count[some] - 1) // 2, count[some] // 2
    medians = np.full(len(values), np.nan)
    medians[some] = 0.5 * (ranked[np.arange(some.size), lower] + ranked[np.arange(some.size), upper])
    return medians
