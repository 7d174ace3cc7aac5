"""Opening fees: paid once when any cell of theirs runs; against trying every day, and by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend import live_limits
from oracles.live_shops import CELLS, SLOTS, Tried, World, agree, daily, planned, shop_of, worlds

EVEN = World(value=((600, 1200),) * 4, orders=((0, 0),) * 4, gmv=((0, 0),) * 4)


def fee(name: str, amount: int, *where: str) -> str:
    return "\n".join(["[[fees]]", f'name = "{name}"', f"fee = {amount}", *where, ""])


def opens(day: Tried, *, segment: str = "", slot: str = "") -> bool:
    return any(x and segment in ("", s) and slot in ("", t) for (s, t), x in zip(CELLS, day.spend, strict=True))


@settings(max_examples=40, deadline=None)
@given(world=worlds, budget=daily, fees=st.tuples(*[st.integers(0, 900)] * 3))
def test_each_fee_is_paid_once_if_anything_of_it_runs(world: World, budget: int, fees: tuple[int, int, int]) -> None:
    """A host of the evening, a creator for segment a, and the room itself: scopes that overlap."""
    sections = fee("host", fees[0], f'slots = ["{SLOTS[1]}"]') + fee("kol", fees[1], 'segments = ["a"]')

    def rule(day: Tried) -> int:
        open_now = (opens(day, slot=SLOTS[1]), opens(day, segment="a"), opens(day))
        return -sum(amount for amount, due in zip(fees, open_now, strict=True) if due)

    agree(world, sections + fee("room", fees[2]), budget, rule)


def test_two_cells_share_a_fee_that_one_would_not_carry() -> None:
    """Each evening cell nets 600; a fee of 900 is worth paying for both, not within a budget for one."""
    section = fee("头部达人", 900, f'slots = ["{SLOTS[1]}"]')
    both = planned(EVEN, section, 2400)
    assert [cell.budget_fen // 100 for cell in both.cells] == [600, 600, 600, 600]
    assert both.certificate.value_micro == (2400 - 900) * 1_000_000
    assert sum(cell.expected_net_fen for cell in both.cells) == 2400_00, "cells say what they earn themselves"
    [notice] = [notice for notice in both.notices if notice.code == "DECISIONS"]
    assert "开播费「头部达人」900 元（付 900.00 元）" in notice.text.zh
    one = planned(EVEN, section, 1800)
    assert [cell.budget_fen // 100 for cell in one.cells] == [600, 0, 600, 0]
    assert one.levels == (0,)


@pytest.mark.parametrize("amount", [100, 500, 599, 601, 1300])
def test_large_groups_are_tied_by_one_row_and_mean_the_same(monkeypatch: pytest.MonkeyPatch, amount: int) -> None:
    """Above a dozen cells one row ties them all to the fee; here above none."""
    monkeypatch.setattr(live_limits, "CELLS_TIED_ONE_BY_ONE", 0)
    section = fee("host", amount, f'slots = ["{SLOTS[1]}"]')
    shop = shop_of(section, 1800)
    assert [limit.key for limit, _ in live_limits.live_limits(shop, shop.grid).rows] == ["fee/host"]
    agree(EVEN, section, 1800, lambda day: -amount if opens(day, slot=SLOTS[1]) else 0)


def test_small_groups_are_tied_cell_by_cell() -> None:
    shop = shop_of(fee("host", 5, f'slots = ["{SLOTS[1]}"]'), 1800)
    rows = live_limits.live_limits(shop, shop.grid).rows
    assert [limit.key for limit, _ in rows] == ["fee/host/a × 20:00-22:00", "fee/host/b × 20:00-22:00"]
