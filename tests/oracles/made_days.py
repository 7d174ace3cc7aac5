"""Executed days written by hand: so much cost and so many orders in every cell."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.day import Day

MONDAY = datetime.date(2026, 6, 1)


def day_number(number: int) -> datetime.date:
    """Day 0 is a Monday."""
    return MONDAY + datetime.timedelta(days=number)


def made_day(number: int, cells: tuple[Cell, ...], cost: Sequence[float], orders: Sequence[int]) -> Day:
    """Day ``number`` with these costs in yuan, spent to the fen, and orders of 100 yuan each."""
    cost_fen = np.rint(np.array(cost) * 100).astype(np.int64)
    counts = np.array(orders)
    return Day(
        date=day_number(number),
        cells=cells,
        budget_fen=cost_fen,
        cost_fen=cost_fen,
        impressions=100 * counts,
        clicks=10 * counts,
        order_fen=tuple(np.full(count, 10_000) for count in orders),
    )
