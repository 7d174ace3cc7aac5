"""Luck (运气): uniform numbers keyed by (seed, effect, cell, date), never by what was spent.

Two strategies that meet the same cell on the same day draw the same numbers, so their difference is theirs and not
luck's (common random numbers): pairing cuts the variance of a difference by an order of magnitude. Every effect
turns these uniforms into its quantity by the inverse of a distribution function, which keeps outcomes monotone in
the budget.

Source: Glasserman and Yao, "Some guidelines and guarantees for common random numbers", Management Science 38 (1992).
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BITS = 53  # of a double's mantissa
_UNIT = 2.0**-_BITS


def uniforms(count: int, *, seed: int, effect: str, cell: Cell, date: datetime.date | None = None) -> Floats:
    """``count`` numbers in the open interval (0, 1); a longer draw begins with the shorter one.

    The bits are SHAKE-128 of the key: its output can be read to any length, is the same on every machine and library
    version for ever (FIPS 202), which the bundled samples need, and costs microseconds, where seeding a NumPy
    generator per key costs twenty.

    Args:
        count: how many.
        seed: the world's seed.
        effect: the name of the effect that draws, so that effects are independent of each other.
        cell: the cell; its place among other cells does not matter.
        date: the day, or None for what does not change from day to day.

    Returns:
        Shape (count,).
    """
    return cell_uniforms([count], seed=seed, effect=effect, cells=[cell], date=date)


def cell_uniforms(
    counts: Sequence[int], *, seed: int, effect: str, cells: Sequence[Cell], date: datetime.date | None = None
) -> Floats:
    """The numbers of many cells end to end, ``counts[i]`` of them for ``cells[i]``; shape (sum of counts,).

    Each cell's are the same as ``uniforms`` draws; turning all bits into numbers at once saves most of the time.
    """
    first, last = f"{seed}\x1f{effect}\x1f", "" if date is None else str(date)
    bits = b"".join(
        hashlib.shake_128(f"{first}{c.segment}\x1f{c.slot}\x1f{c.lever}\x1f{last}".encode()).digest(8 * count)
        for count, c in zip(counts, cells, strict=True)
    )
    words = np.frombuffer(bits, dtype="<u8")
    return ((words >> np.uint64(64 - _BITS)).astype(np.float64) + 0.5) * _UNIT
