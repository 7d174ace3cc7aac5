"""What test days at each spend are worth in every cell at once: ``information.worth_of_tests`` in one sweep.

For each cell and each level on its own, with the choices of spend that a plan has (Frazier 2008):

    gain = E_y[ max_k E[net_k | y] - E[net_now | y] ]

Notation: d draws, n cells, L levels, K choices, S simulated outcomes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adspend_models.information import LEAST_MEAN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OUTCOMES = 48  # a cell's gain scatters by 10 %, and a shop's plan rests on many cells
CELLS_AT_ONCE = 16  # keeps temporaries within 16 MB


def gains(orders: Floats, size: float, net: Floats, *, days: int, rng: np.random.Generator) -> Floats:
    """Expected value of ``days`` test days at one level, yuan per planned day, (n, L).

    Args:
        orders: Expected orders of a day at each level under each draw, (d, n, L).
        size: Negative-binomial size of a day's orders.
        net: Net value of each choice under each draw, yuan, (d, n, K); the first choice is to spend nothing.
        days: Test days, at least 1.
        rng: Source of the simulated outcomes.
    """
    if days < 1 or size <= 0 or orders.shape[:2] != net.shape[:2] or len(orders) < 2:
        raise ValueError(f"days, size > 0 and equal draws and cells: got {days}, {size}, {orders.shape}, {net.shape}")
    truth = rng.permutation(len(orders))[:OUTCOMES]
    mean = np.maximum(orders, LEAST_MEAN)
    found = rng.poisson(rng.gamma(days * size, mean[truth] / size))
    parts = [
        _gains(mean[:, some], found[:, some], size, net[:, some], days, truth)
        for some in (slice(start, start + CELLS_AT_ONCE) for start in range(0, orders.shape[1], CELLS_AT_ONCE))
    ]
    return np.concatenate(parts) if parts else np.zeros(orders.shape[1:])


def _gains(mean: Floats, found: Ints, size: float, net: Floats, days: int, truth: Ints) -> Floats:
    """The gains of some cells, (n, L)."""
    slope = np.log(mean / (mean + size)).transpose(1, 2, 0)  # (n, L, d)
    start = -size * days * np.log1p(mean / size).transpose(1, 2, 0)
    weight = found.transpose(1, 2, 0)[..., None] * slope[:, :, None, :] + start[:, :, None, :]  # (n, L, S, d)
    weight[:, :, np.arange(truth.size), truth] = -np.inf  # an outcome's own draw must not find itself
    weight -= weight.max(axis=-1, keepdims=True)
    np.exp(weight, out=weight)
    weight /= weight.sum(axis=-1, keepdims=True)
    by_cell = net.transpose(1, 0, 2)
    now = by_cell.mean(axis=1).argmax(axis=1)[:, None, None]
    better = by_cell - np.take_along_axis(by_cell, now, axis=2)
    after = weight.reshape(len(by_cell), -1, by_cell.shape[1]) @ better
    best: Floats = after.max(axis=-1).reshape(weight.shape[:3]).mean(axis=-1)
    return best
