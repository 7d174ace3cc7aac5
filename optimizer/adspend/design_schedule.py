"""On which day each cell is tested at which level: drawn at random, so that nothing but the level moves the orders.

Every cell's levels are shuffled over the days of the test. Of many such draws the one whose days cost most alike is
kept (rerandomisation, Morgan and Rubin 2012): each cell still meets each day with equal chance, and no day asks for
more money than the test can carry.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

DRAWS = 200


def draw_schedule(levels_fen: Sequence[Sequence[int]], days: int, rng: np.random.Generator) -> Ints:
    """Each cell's level on each day, fen, (n, days); 0 where it is not tested.

    Args:
        levels_fen: Each cell's levels, one entry a test day, at most ``days``.
        days: Days of the test.
        rng: Source of the draw.
    """
    if any(len(levels) > days for levels in levels_fen):
        raise ValueError(f"a cell cannot be tested on more than {days} days")
    given = np.array([[*levels, *[0] * (days - len(levels))] for levels in levels_fen], dtype=np.int64)
    if not given.size:
        return given.reshape(len(levels_fen), days)
    drawn = rng.permuted(np.broadcast_to(given, (DRAWS, *given.shape)), axis=2)
    kept: Ints = drawn[drawn.sum(axis=1).max(axis=1).argmin()]
    return kept
