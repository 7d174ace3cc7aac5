"""A test (测试): a cell's spend that is decided for what it teaches, before the rest of the money is allocated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One cell's test.

    Attributes:
        index: of the cell.
        spend_fen: its spend.
        promise: the share of the posterior that earns money at it.
        worth: what the day teaches, yuan per planned day afterwards; 0 on a cold start's first day.
        horizon: days over which that is counted.
    """

    __test__ = False  # not a pytest class

    index: int
    spend_fen: int
    promise: float
    worth: float = 0.0
    horizon: float = 0.0
