"""The curve bank as a table: each cell's mean curve and band at even costs, and which of them were ever tried.

Notation: n cells, POINTS costs per cell. Costs are yuan per day, orders are per day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.posterior import PosteriorBank

Floats = NDArray[np.float64]

POINTS = 41  # rows of a cell, costs evenly spaced; the middle one is the largest cost tested
REACH = 2.0  # the table ends at this multiple of the largest cost tested (of the reference cost when never tested)
BAND = (0.1, 0.9)  # the central 80 % of the posterior


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BankTable:
    """Curves read off at even costs; every shape is (n, POINTS).

    Attributes:
        cost: Yuan per day, whole fen, the first 0.
        orders: Posterior-mean orders.
        low: Lower end of the 80 % band of expected orders.
        high: Its upper end.
        tested: Whether the cost is within what the cell has tried. The rest is extrapolation; so is all of a cell
            never tested.
    """

    cost: Floats
    orders: Floats
    low: Floats
    high: Floats
    tested: NDArray[np.bool_]


def bank_table(bank: PosteriorBank) -> BankTable:
    """The curves of every cell of the bank, in its order."""
    end = REACH * np.where(bank.tested_max > 0, bank.tested_max, bank.reference)
    cost = np.round(end[:, None] * np.linspace(0.0, 1.0, POINTS), 2)  # money: a cost has no fraction of a fen
    low, high = np.quantile(bank.order_draws(cost), BAND, axis=0)
    most = bank.tested_max[:, None]
    return BankTable(
        cost=cost,
        orders=bank.mean_orders(cost),
        low=low,
        high=high,
        tested=(most > 0) & (cost <= most + 0.005),  # half a fen: the largest cost itself was tried
    )
