"""A slot's host multiplies its curves: against trying every day with curves multiplied by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_datasets.errors import BadDataError
from oracles.live_shops import CELLS, SLOTS, Tried, World, agree, daily, shop_of, worlds


def host(slot: str, factor: str) -> str:
    return f'[[hosts]]\nslot = "{slot}"\nfactor = {factor}\n'


@settings(max_examples=25, deadline=None)
@given(world=worlds, budget=daily, factor=st.sampled_from(["0.5", "0.8", "1.25", "2.0"]), stock=st.integers(5, 40))
def test_value_and_orders_are_multiplied_in_the_slot_alone(world: World, budget: int, factor: str, stock: int) -> None:
    """Stock counts the multiplied orders: a better host sells out sooner."""
    section = host(SLOTS[1], factor) + f'[[products]]\nname = "p"\norder_share = 1.0\nstock = {stock}\n'

    def times(amounts: tuple[int, ...]) -> Fraction:
        return sum(
            (x * Fraction(factor) if s == SLOTS[1] else x for (_, s), x in zip(CELLS, amounts, strict=True)),
            Fraction(0),
        )

    def rule(day: Tried) -> Fraction | None:
        return times(day.value) - sum(day.value) if times(day.orders) <= stock else None

    agree(world, section, budget, rule)


def test_a_slot_has_one_host() -> None:
    with pytest.raises(BadDataError) as error:
        shop_of(2 * host(SLOTS[0], "1.1") + host("x", "0.9"), 900)
    assert [fault.place.column for fault in error.value.faults] == ["hosts.1", "hosts.2.slot"]
    assert error.value.faults[0].law.zh == f"「{SLOTS[0]}」只能写一次"
