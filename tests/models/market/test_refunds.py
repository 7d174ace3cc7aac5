"""Refunds: the stated rate and lag, never more than was paid, and a young day looks better than it is."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

import numpy as np
import pytest

from adspend_datasets.cell import Cell
from adspend_models.market.luck import Ints
from adspend_models.market.refunds import Refunded
from adspend_models.market.sample_shop import sample_truth
from adspend_models.market.truth import Truth
from adspend_models.market.world import KEPT, Day

CELLS = (Cell("新客", "ALL"), Cell("老客", "ALL"))
DATE = datetime.date(2026, 11, 22)
ORDERS = 20_000
SIGMAS = 4.5  # a correct world fails one such check in 150,000 seeds; the seed is fixed


class ManyOrders:
    """A world in which every order costs one yuan, so that GMV counts orders."""

    @property
    def truth(self) -> Truth:
        return sample_truth(1)

    def day(self, date: datetime.date, budget_fen: Ints, past: Sequence[Day] = ()) -> Day:  # noqa: ARG002
        orders = tuple(np.full(ORDERS, 100) for _ in CELLS)
        seen = np.full(2, ORDERS)
        return Day(
            date=date,
            cells=CELLS,
            budget_fen=budget_fen,
            cost_fen=budget_fen,
            impressions=seen,
            clicks=seen,
            order_fen=orders,
        )


def refunded(rate: float, daily: float) -> Day:
    world = Refunded(world=ManyOrders(), seed=5, rate=rate, daily=daily)
    return world.day(DATE, np.full(2, 100))


def test_the_rate_is_reached_in_the_end() -> None:
    got = refunded(0.46, 0.25).refund_fen(within_days=10_000)
    assert got is not None
    error = math.sqrt(0.46 * 0.54 / ORDERS)
    assert np.all(abs(got / (100 * ORDERS) - 0.46) < SIGMAS * error)


@pytest.mark.parametrize("within", [0, 1, 7, 14])
def test_the_lag_is_geometric(within: int) -> None:
    """Of the refunds, 1 - (1 - daily)^(d + 1) have come by day d: 0.25, 0.4375, 0.8999, 0.9866."""
    want = 0.46 * (1 - 0.75 ** (within + 1))
    got = refunded(0.46, 0.25).refund_fen(within_days=within)
    assert got is not None
    error = math.sqrt(want * (1 - want) / ORDERS)
    assert np.all(abs(got / (100 * ORDERS) - want) < SIGMAS * error), f"want {want}, got {got / (100 * ORDERS)}"


def test_an_order_that_is_kept_has_no_lag_and_no_rate_refunds_nothing() -> None:
    day = refunded(0.0, 0.25)
    assert day.refund_lag is not None
    assert {int(lag) for lags in day.refund_lag for lag in lags} == {KEPT}


def test_refunds_of_two_cells_are_independent() -> None:
    day = refunded(0.46, 0.25)
    assert day.refund_lag is not None
    first, second = (lags != KEPT for lags in day.refund_lag)
    assert abs(np.corrcoef(first, second)[0, 1]) < SIGMAS / math.sqrt(ORDERS)


@pytest.mark.parametrize(
    ("rate", "daily", "message"),
    [
        (1.0, 0.5, "`0 <= rate < 1` must hold, but got 1.0"),
        (0.5, 1.0, "`0 < daily < 1` must hold, but got 1.0"),
    ],
)
def test_impossible_rates_are_refused(rate: float, daily: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Refunded(world=ManyOrders(), seed=5, rate=rate, daily=daily)
