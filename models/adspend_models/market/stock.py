"""Stock-outs (缺货): a product's units of the day go to the orders that come first; the others are lost.

    an order arrives at a keyed uniform moment of its slot; order r of product p is kept where r <= stock_p

A slot whose label is not a range of hours lasts all day. Without products all orders share one stock. The truth stays
the demand: how much of it the stock can serve depends on all budgets together, so a clairvoyant takes the stock as a
limit of its own. More budget in a cell never loses that cell orders, but may lose it GMV, and others orders.
Units are the caller's: two or three hits a day carry the stock of a large room.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.slots import parse_slot
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats, Ints, cell_uniforms
from adspend_models.market.truth import Truth
from adspend_models.market.world import World

_ALL_DAY = (0, 1440)  # minutes


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StockedOut:
    """``stock`` is one number of units a day per product of the wrapped world, or a single one without products."""

    world: World
    seed: int
    stock: tuple[int, ...]
    _spans: Ints = field(init=False)  # (n, 2) minutes

    def __post_init__(self) -> None:
        """Refuses an empty or negative stock; reads the slots once."""
        if not self.stock or min(self.stock) < 0:
            raise ValueError(f"`stock` must be at least 0 units of every product, but got {self.stock}")
        spans = [parse_slot(cell.slot) or _ALL_DAY for cell in self.truth.cells]
        object.__setattr__(self, "_spans", np.array(spans, dtype=np.int64))

    @property
    def truth(self) -> Truth:
        """The wrapped world's truth: demand, whether it can be served or not."""
        return self.world.truth

    def day(self, date: datetime.date, budget_fen: Ints, past: Sequence[Day] = ()) -> Day:
        """The wrapped world's day without the orders that found nothing left."""
        day = self.world.day(date, budget_fen, past)
        luck = cell_uniforms(day.orders.tolist(), seed=self.seed, effect="arrival", cells=day.cells, date=date)
        first, last = np.repeat(self._spans, day.orders, axis=0).T
        kept = self._served(first + luck * (last - first), _product_of(day))
        return _only(day, kept)

    def _served(self, moment: Floats, product: Ints) -> NDArray[np.bool_]:
        """Whether each order is among the first of its product, (orders in all,)."""
        stock = np.array(self.stock)
        turn = np.lexsort((moment, product))
        begins = np.searchsorted(product[turn], np.arange(stock.size))
        rank = np.empty(product.size, dtype=np.int64)
        rank[turn] = np.arange(product.size) - begins[product[turn]]
        return np.asarray(rank < stock[product], dtype=np.bool_)


def _product_of(day: Day) -> Ints:
    if day.product is None:
        return np.zeros(int(day.orders.sum()), dtype=np.int64)
    return np.concatenate([*day.product, np.empty(0, dtype=np.int64)])


def _only(day: Day, kept: NDArray[np.bool_]) -> Day:
    """The day with the ``kept`` orders, (orders in all,)."""
    ends = np.cumsum(day.orders)
    masks = [kept[end - count : end] for end, count in zip(ends, day.orders, strict=True)]

    def some(column: tuple[Ints, ...]) -> tuple[Ints, ...]:
        return tuple(values[mask] for values, mask in zip(column, masks, strict=True))

    return replace(
        day,
        order_fen=some(day.order_fen),
        refund_lag=None if day.refund_lag is None else some(day.refund_lag),
        product=None if day.product is None else some(day.product),
    )
