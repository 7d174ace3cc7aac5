"""GMV per order: each cell's own average, shrunk towards its segment's, and that towards the shop's.

Notation: a group has N orders with GMV G; v is a value per order, yuan.

    v_group = (G_group + K v_parent) / (N_group + K),    cell -> segment -> shop -> prior

K is how many orders tell the group from its parent: (CV of one order / log-sd of groups around the parent)^2.

A report gives daily totals, not orders, so one order of 300 times the usual value shows as a day whose value per order
is far off. Such a day counts only up to the edge of what a day of n orders can show, v exp(+-2.5 s) with
s^2 = log(1 + CV^2 / n) + DAY_SD^2 around the cell's typical day.

Constants measured on a real advertiser (online_ads, 25 cells with 50 orders or more): one order's value has a CV of
about 1.7; the daily mix adds 0.05 to 0.15 where days have hundreds of orders; cells differ by 0.13 in log value
within a segment and segments by 0.24.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_models.panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ORDER_CV = 1.7
DAY_SD = 0.15
EDGE = 2.5  # standard deviations: one honest day in 160 is trimmed
ORDERS_CELL = (ORDER_CV / 0.15) ** 2
ORDERS_SEGMENT = (ORDER_CV / 0.25) ** 2
ORDERS_SHOP = (ORDER_CV / 0.7) ** 2  # a shop knows its own order value within a factor 2, two times in three


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderValue:
    """GMV per order, yuan (n,), and the share of each cell's GMV that was cut off as implausible (n,)."""

    value: Floats
    trimmed: Floats


def estimate_order_value(panel: Panel, prior_value: float) -> OrderValue:
    """GMV per order of every cell of the panel; ``prior_value`` in yuan."""
    ok = np.isfinite(panel.gmv) & (panel.orders > 0)
    orders = np.where(ok, panel.orders, 0.0)
    gmv = np.where(ok, panel.gmv, 0.0)
    segment = _segments(panel.cells)
    typical = _typical_day(orders, gmv, segment, prior_value)
    counted = np.where(ok, np.clip(gmv, *_edges(typical, orders)), 0.0)
    value = _shrink(orders.sum(axis=1), counted.sum(axis=1), segment, prior_value)
    total = gmv.sum(axis=1)
    trimmed = np.where(total > 0, (gmv - counted).clip(min=0.0).sum(axis=1) / np.where(total > 0, total, 1.0), 0.0)
    return OrderValue(value=value, trimmed=trimmed)


def _segments(cells: Sequence[Cell]) -> Ints:
    """Each cell's segment as a number, (n,)."""
    return np.unique([cell.segment for cell in cells], return_inverse=True)[1].astype(np.int64)


def _shrink(orders: Floats, gmv: Floats, segment: Ints, prior_value: float) -> Floats:
    """Shrunk averages (n,) from each cell's orders and GMV."""
    shop = (gmv.sum() + ORDERS_SHOP * prior_value) / (orders.sum() + ORDERS_SHOP)
    of_segment = (np.bincount(segment, gmv) + ORDERS_SEGMENT * shop) / (np.bincount(segment, orders) + ORDERS_SEGMENT)
    value: Floats = (gmv + ORDERS_CELL * of_segment[segment]) / (orders + ORDERS_CELL)
    return value


def _typical_day(orders: Floats, gmv: Floats, segment: Ints, prior_value: float) -> Floats:
    """Each cell's robust value per order: its order-weighted median day, shrunk like the average, (n, 1)."""
    daily = gmv / np.where(orders > 0, orders, 1.0)
    count = orders.sum(axis=1)
    median = _weighted_median(daily, orders)
    return _shrink(count, count * median, segment, prior_value)[:, None]


def _weighted_median(values: Floats, weights: Floats) -> Floats:
    """Each row's value at half of the row's weight, (n,); 0 for a row without weight."""
    if values.shape[1] == 0:
        return np.zeros(len(values))
    order = np.argsort(values, axis=1)
    ranked, weight = np.take_along_axis(values, order, axis=1), np.take_along_axis(weights, order, axis=1)
    reached = np.cumsum(weight, axis=1) >= 0.5 * weight.sum(axis=1, keepdims=True)
    return np.take_along_axis(ranked, reached.argmax(axis=1)[:, None], axis=1)[:, 0]


def _edges(typical: Floats, orders: Floats) -> tuple[Floats, Floats]:
    """The least and the most GMV that a day of ``orders`` can plausibly show, (n, T) each."""
    spread = EDGE * np.sqrt(np.log1p(ORDER_CV**2 / np.maximum(orders, 1.0)) + DAY_SD**2)
    return typical * orders * np.exp(-spread), typical * orders * np.exp(spread)
