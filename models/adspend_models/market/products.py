"""Products (货盘): 引流款 (traffic), 爆款 (hit) and 二推款 (second) share a cell's orders and differ in price.

    an order is of product p with probability share_p; its value is the cell's times price_p,  sum share_p price_p = 1

So curve and mean order value of segment x slot x role are the cell's, times share_p and price_p. Roles are the
trade's; shares and prices are assumptions. Refunds do not depend on the product.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from adspend_models.market.day import Day, split_by_cell
from adspend_models.market.luck import Ints, cell_uniforms
from adspend_models.market.truth import Truth
from adspend_models.market.world import World

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product: its role, its share of all orders, and its price over the mean order's."""

    name: str
    role: str
    share: float
    price: float


# Three of ten orders take the cheap 引流款, half the 爆款, two of ten the dear 二推款.
PORTFOLIO = (
    Product(name="引流款", role="traffic", share=0.3, price=0.4),
    Product(name="爆款", role="hit", share=0.5, price=1.08),
    Product(name="二推款", role="second", share=0.2, price=1.7),
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WithProducts:
    """Gives every order of the wrapped world a product and its price."""

    world: World
    seed: int
    products: tuple[Product, ...] = PORTFOLIO

    def __post_init__(self) -> None:
        """Refuses shares that do not sum to 1 and prices that would move the mean order value."""
        shares = sum(product.share for product in self.products)
        mean = sum(product.share * product.price for product in self.products)
        if abs(shares - 1) > _ROUNDING or abs(mean - 1) > _ROUNDING:
            raise ValueError(f"shares must sum to 1 and average a price of 1, but got {shares:g} and {mean:g}")

    @property
    def truth(self) -> Truth:
        """The wrapped world's truth: mean order values stay."""
        return self.world.truth

    def day(self, date: datetime.date, budget_fen: Ints, past: Sequence[Day] = ()) -> Day:
        """The wrapped world's day, order by order with its product."""
        day = self.world.day(date, budget_fen, past)
        luck = cell_uniforms(day.orders.tolist(), seed=self.seed, effect="product", cells=day.cells, date=date)
        edges = np.cumsum([product.share for product in self.products])[:-1]
        product = np.searchsorted(edges, luck, side="right")
        price = np.array([product.price for product in self.products])[product]
        value = np.concatenate([*day.order_fen, np.empty(0, dtype=np.int64)])
        order_fen = np.maximum(np.rint(value * price), 1).astype(np.int64)  # a paid order has a price
        return replace(
            day,
            order_fen=split_by_cell(order_fen, day.orders),
            product=split_by_cell(product.astype(np.int64), day.orders),
        )
