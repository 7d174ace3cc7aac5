"""What test days at each spend are worth in every cell at once: ``information.worth_of_tests`` in one sweep.

For each cell and each level on its own, with the choices of spend that a plan has (Frazier 2008):

    gain = sum_q max_k E[(net_k - net_now) 1(y at q)]

No outcome is simulated. The negative-binomial outcomes y of a level stand at a few nodes q, equally far apart on the
scale on which their variance is stable (z = arcsinh sqrt((y + 3/8) / size), Anscombe 1948), each for the outcomes
around it, and under each draw the nodes' chances are made to sum to one: what is judged is an experiment, slightly
coarser than the real one. So a gain is never negative, the same inputs give the same gain, and a few nodes do.

Notation: d draws, n cells, L levels, K choices, Q nodes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from adspend_models.information import LEAST_MEAN

Floats = NDArray[np.float64]

NODES = 10  # a cell's gain is within 3 % of the sum over every outcome, 8 % where a day sells one or two
ANSCOMBE = 0.375
CELLS_AT_ONCE = 16  # keeps temporaries within a core's cache


def gains(orders: Floats, size: float, net: Floats, *, days: int) -> Floats:
    """Expected value of ``days`` test days at one level, yuan per planned day, (n, L).

    Args:
        orders: Expected orders of a day at each level under each draw, (d, n, L).
        size: Negative-binomial size of a day's orders.
        net: Net value of each choice under each draw, yuan, (d, n, K); the first choice is to spend nothing.
        days: Test days, at least 1; their orders enter through their sum alone.
    """
    if days < 1 or size <= 0 or orders.shape[:2] != net.shape[:2] or len(orders) < 2:
        raise ValueError(f"days, size > 0 and equal draws and cells: got {days}, {size}, {orders.shape}, {net.shape}")
    mean = days * np.maximum(orders, LEAST_MEAN)
    parts = [
        _gains(mean[:, some].transpose(1, 2, 0), days * size, net[:, some].transpose(1, 0, 2))
        for some in (slice(start, start + CELLS_AT_ONCE) for start in range(0, orders.shape[1], CELLS_AT_ONCE))
    ]
    return np.concatenate(parts) if parts else np.zeros(orders.shape[1:])


def _gains(mean: Floats, size: float, net: Floats) -> Floats:
    """The gains (n, L) of some cells from means (n, L, d) and nets (n, d, K)."""
    now = net.mean(axis=1).argmax(axis=1)[:, None, None]
    better = net - np.take_along_axis(net, now, axis=2)
    chance = _node_chances(mean, size)
    found = chance.reshape(len(net), -1, net.shape[1]) @ better
    return np.asarray(found.max(axis=-1).reshape(chance.shape[:3]).sum(axis=-1) / net.shape[1])


def _node_chances(mean: Floats, size: float) -> Floats:
    """The chance of each node under each draw, (n, L, Q, d)."""
    y = _nodes(mean.min(axis=-1), mean.max(axis=-1), size)
    chance = y[..., None] * np.log(mean / (mean + size))[:, :, None, :]
    chance += (-size * np.log1p(mean / size))[:, :, None, :]
    chance += (gammaln(y + size) - gammaln(y + 1.0))[..., None]
    chance -= chance.max(axis=2, keepdims=True)
    np.exp(chance, out=chance)
    chance *= _outcomes_at(y)[..., None]
    chance /= chance.sum(axis=2, keepdims=True)
    return chance


def _nodes(least: Floats, most: Floats, size: float) -> Floats:
    """Whole orders, ascending and with repeats where few are sold, (n, L, Q)."""
    margin = 1.0 / np.sqrt(size)  # two standard deviations of z
    low, high = np.maximum(_stable(least, size) - margin, 0.0), _stable(most, size) + margin
    z = low[..., None] + (high - low)[..., None] * (np.arange(NODES) + 0.5) / NODES
    return np.asarray(np.rint(np.maximum(size * np.sinh(z) ** 2 - ANSCOMBE, 0.0)))


def _outcomes_at(y: Floats) -> Floats:
    """How many outcomes each node stands for: from midway to the node before to midway to the one after."""
    middle = (y[..., 1:] + y[..., :-1]) / 2
    first = np.maximum(y[..., :1] - np.maximum(middle[..., :1] - y[..., :1], 0.5), -0.5)
    last = y[..., -1:] + np.maximum(y[..., -1:] - middle[..., -1:], 0.5)
    return np.diff(np.concatenate([first, middle, last], axis=-1))


def _stable(orders: Floats, size: float) -> Floats:
    """Orders on the scale on which their variance is 1 / (4 size) whatever the mean."""
    return np.asarray(np.arcsinh(np.sqrt((orders + ANSCOMBE) / size)))
