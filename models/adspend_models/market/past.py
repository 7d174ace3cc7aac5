"""The past as arrays: what an effect with memory reads from the days that were executed.

Notation: T past days, oldest first, n cells. Ages are whole days: yesterday is 1.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from adspend_models.market.day import Day
from adspend_models.market.luck import Floats, Ints

FEN_PER_YUAN = 100


def ages(date: datetime.date, past: Sequence[Day]) -> Ints:
    """How many days before ``date`` each past day was; shape (T,).

    Raises:
        ValueError: a day that is not past, which would let an effect see the future.
    """
    today = date.toordinal()
    days = np.array([today - day.date.toordinal() for day in past], dtype=np.int64)
    if np.any(days < 1):
        raise ValueError(f"the past of {date} must lie before it, but goes up to {past[-1].date}")
    return days


def past_cost(past: Sequence[Day], cells: int) -> Floats:
    """Yuan spent per past day and cell; shape (T, n)."""
    return np.array([day.cost_fen for day in past], dtype=np.float64).reshape(-1, cells) / FEN_PER_YUAN


def past_orders(past: Sequence[Day], cells: int) -> Floats:
    """Orders per past day and cell, natural ones included; shape (T, n)."""
    return np.array([day.orders for day in past], dtype=np.float64).reshape(-1, cells)
