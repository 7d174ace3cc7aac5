"""The shop of a market case (模拟店铺): the numbers of a simulated market as the shop file that its owner would write.

It holds what an owner knows: cells, money, economics, the usual value of an order, and the stock of products. Nothing
of the curves. The caps on raises and on untested spends are off unless asked for: in a contest they would measure how
far a first guess may reach, not how well a strategy learns.
"""

from __future__ import annotations

import json

import numpy as np

from adspend.shop import Shop, parse_shop
from adspend_models.market.case import MarketCase
from adspend_models.market.world import World


def market_shop(case: MarketCase, *, guarded: bool = False) -> Shop:
    """The case's shop, its cells in the order of the world's; ``guarded`` leaves the default caps on.

    Raises:
        BadDataError: numbers that no shop file may hold.
        ValueError: the world's cells are not a grid of segments and slots.
    """
    shop = parse_shop(shop_file(case, guarded=guarded).encode(), file=f"{case.name}:{case.seed}")
    if shop.grid != case.cells:
        raise ValueError(f"the cells of {case.name} must be its segments x its slots, segments outermost")
    return shop


def usual_order_value(world: World) -> float:
    """The mean value of an order over the cells, yuan to the nearest ten: what a shop knows of its prices."""
    return max(round(float(np.mean(world.truth.order_value)), -1), 10.0)


def shop_file(case: MarketCase, *, guarded: bool, category: str = "") -> str:
    """The TOML text of the case's shop file, in a ``category`` if one is named."""
    lines = [
        "[shop]",
        f"name = {_text(f'{case.name}:{case.seed}')}",
        *([f"category = {_text(category)}"] if category else []),
        "[economics]",
        f"gross_margin = {case.gross_margin}",
        f"refund_rate = {case.refund_rate}",
        f"commission_rate = {case.commission_rate}",
        "[budget]",
        f"daily = {case.daily_budget}",
        "[cells]",
        f"segments = [{', '.join(map(_text, case.segments))}]",
        f"slots = [{', '.join(map(_text, case.slots))}]",
        f"min_if_active = {case.min_if_active}",
        f"max = {case.max}",
        f"step = {case.step}",
        "[prior]",
        f"order_value = {usual_order_value(case.world)}",
    ]
    if not guarded:
        lines += ["[limits]", "max_raise_per_day = inf", "max_over_tested = inf"]
    for product, stock in zip(case.products, case.stock, strict=True):
        lines += [
            "[[products]]",
            f"name = {_text(product.name)}",
            f"role = {_text(product.role)}",
            f"order_share = {product.share}",
            f"stock = {stock}",
        ]
    return "\n".join(lines) + "\n"


def _text(words: str) -> str:
    """A TOML basic string, which JSON's is too."""
    return json.dumps(words, ensure_ascii=False)
