"""A market's shop holds the market's own numbers, for every family and preset."""

from __future__ import annotations

import pytest

from adspend.market_shop import market_shop
from adspend_models.market.families import FAMILIES
from adspend_models.market.presets import preset_18m


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_its_shop(family: str) -> None:
    case = FAMILIES[family](3, segments=2, slots=3)
    shop = market_shop(case)
    assert shop.grid == case.cells
    assert shop.economics.net_value_rate == pytest.approx(case.net_rate)
    assert (shop.budget_fen, shop.minimum_fen) == (100 * case.daily_budget, 100 * case.min_if_active)
    assert (shop.maximum_fen, shop.step_fen) == (100 * case.max, 100 * case.step)
    stocks = [(product.name, product.order_share, product.stock) for product in shop.products]
    assert stocks == [(p.name, p.share, stock) for p, stock in zip(case.products, case.stock, strict=True)]


def test_a_shop_of_millions() -> None:
    case = preset_18m(1, 2, 2)
    assert market_shop(case).budget_fen == 100 * case.daily_budget
