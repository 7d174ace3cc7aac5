"""GMV per order: shrinkage by hand, one enormous order, and missing GMV."""

from __future__ import annotations

import numpy as np
import pytest

from adspend_models.order_value import (
    ORDERS_CELL,
    ORDERS_SEGMENT,
    ORDERS_SHOP,
    OrderValue,
    _weighted_median,
    estimate_order_value,
)
from adspend_models.panel import read_panel
from oracles.made_reports import Row, cell_rows, day_after, report_of


def value_of(rows: list[Row], prior: float = 100.0) -> OrderValue:
    return estimate_order_value(read_panel(report_of(rows), [], day_after(60)), prior)


def test_shrinkage_by_hand() -> None:
    """One cell, 30 orders of 80 yuan, prior 100: three levels of the same data."""
    shop = (2400 + ORDERS_SHOP * 100) / (30 + ORDERS_SHOP)
    segment = (2400 + ORDERS_SEGMENT * shop) / (30 + ORDERS_SEGMENT)
    cell = (2400 + ORDERS_CELL * segment) / (30 + ORDERS_CELL)
    found = value_of(cell_rows([100] * 3, [10] * 3))
    assert found.value == pytest.approx([cell])
    assert found.trimmed == pytest.approx([0])


def test_many_orders_speak_for_themselves() -> None:
    assert value_of(cell_rows([100] * 10, [5000] * 10)).value == pytest.approx([80], rel=1e-3)


def test_a_cell_with_few_orders_follows_its_segment() -> None:
    rows = (
        cell_rows([100] * 10, [900] * 10, value=50, segment="a", slot="x")
        + cell_rows([100] * 10, [900] * 10, value=200, segment="b", slot="x")
        + cell_rows([10], [1], value=90, segment="b", slot="y")
    )
    assert value_of(rows).value == pytest.approx([50, 200, 200], rel=0.02)


def test_one_order_of_300_times_the_value_hardly_counts() -> None:
    calm = cell_rows([100] * 10, [10] * 10)
    huge = [*calm[:-1], Row(day=9, cost=100, orders=10, gmv=9 * 80 + 300 * 80)]
    plain, robust = value_of(calm), value_of(huge)
    naive = (9 * 800 + 720 + 24_000) / 100
    assert naive == pytest.approx(319.2)
    assert robust.value[0] < 1.3 * plain.value[0]
    assert robust.trimmed[0] > 0.5
    assert plain.trimmed[0] == 0


def test_days_without_gmv_are_left_out_not_zero() -> None:
    rows = cell_rows([100] * 10, [50] * 10)
    missing = [*rows, Row(day=20, cost=100, orders=500, gmv=None)]
    assert value_of(missing).value == pytest.approx(value_of(rows).value)


def test_without_orders_the_prior_stands() -> None:
    assert value_of(cell_rows([100] * 3, [0] * 3)).value == pytest.approx([100])


def test_weighted_median_by_hand() -> None:
    values, weights = np.array([[3.0, 1.0, 2.0], [5.0, 6.0, 7.0]]), np.array([[1.0, 1.0, 5.0], [0.0, 0.0, 1.0]])
    assert _weighted_median(values, weights).tolist() == [2.0, 7.0]
