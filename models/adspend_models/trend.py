"""Does a cell's own data show that orders follow cost? The elasticity, with an interval and no help from other cells.

Notation: n cells, T days.

    log m_t = alpha + beta log x_t + log w_t,   y_t ~ NB(m_t, r)

beta is the elasticity: 0 means that cost does nothing, 1 that orders are proportional to it. The curve itself cannot
answer the question, because a Hill curve always rises and a pooled one rises as its neighbours do. Standard errors are
widened by the Pearson scatter where days differ by more than NB(m, r).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.likelihood import information, score
from adspend_models.sample import Sample

Floats = NDArray[np.float64]

STEPS = 30
LARGEST_STEP = 1.0
RIDGE = 1e-2  # beta ~ N(0, 10^2): keeps beta finite where all orders fell on the dearest days


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trend:
    """Elasticities (n,) and their standard errors (n,)."""

    elasticity: Floats
    error: Floats


def estimate_trend(sample: Sample, size: Floats) -> Trend:
    """The elasticity of every cell; without orders, or with one cost, the error is near 10.

    Args:
        sample: n cells.
        size: Negative-binomial sizes, (n, 1).
    """
    offset = np.log(sample.factor)
    days = np.maximum(sample.ok.sum(axis=1), 1)
    middle = np.where(sample.ok, sample.log_ratio, 0.0).sum(axis=1, keepdims=True) / days[:, None]
    v = np.where(sample.ok, sample.log_ratio - middle, 0.0)
    start = np.log((np.where(sample.ok, sample.orders, 0.0).sum(axis=1) + 0.5) / days)
    line = np.stack([start, np.zeros_like(start)], axis=1)
    for _ in range(STEPS):
        gradient, matrix, _ = _normal_equations(sample, line, v, offset, size)
        step = np.linalg.solve(matrix, gradient[:, :, None])[:, :, 0]
        line = line + np.clip(step, -LARGEST_STEP, LARGEST_STEP)
    _, matrix, scatter = _normal_equations(sample, line, v, offset, size)
    error = np.sqrt(np.linalg.inv(matrix)[:, 1, 1] * np.maximum(scatter, 1.0))
    return Trend(elasticity=line[:, 1], error=error)


def _normal_equations(
    sample: Sample, line: Floats, v: Floats, offset: Floats, size: Floats
) -> tuple[Floats, Floats, Floats]:
    """Gradient (n, 2), expected information (n, 2, 2) and Pearson scatter (n,) at ``line``."""
    mean = np.exp(np.clip(line[:, :1] + line[:, 1:] * v + offset, -30.0, 30.0))
    pull = np.where(sample.ok, score(sample.orders, mean, size), 0.0)
    weight = np.where(sample.ok, information(mean, size), 0.0)
    gradient = np.stack([pull.sum(axis=1), (pull * v).sum(axis=1) - RIDGE * line[:, 1]], axis=1)
    cross, square = (weight * v).sum(axis=1), (weight * v * v).sum(axis=1)
    total = weight.sum(axis=1) + 1e-9
    matrix = np.stack([np.stack([total, cross], axis=1), np.stack([cross, square + RIDGE], axis=1)], axis=1)
    chi = np.where(sample.ok, np.square(sample.orders - mean) / (mean + mean**2 / size), 0.0).sum(axis=1)
    return gradient, matrix, chi / np.maximum(sample.ok.sum(axis=1) - 2, 1)
