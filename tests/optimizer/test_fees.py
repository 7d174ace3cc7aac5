"""Opening fees: paid once when any cell of theirs runs; against trying every day, and by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.live_shops import CELLS, SLOTS, Tried, World, agree, daily, planned, worlds

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


@pytest.mark.parametrize("amount", [1, 1199, 1200, 1201, 1300])
def test_a_fee_is_paid_up_to_what_its_cells_earn(amount: int) -> None:
    """With money for all, the evening's two cells net 1,200."""
    section = fee("host", amount, f'slots = ["{SLOTS[1]}"]')
    agree(EVEN, section, 2400, lambda day: -amount if opens(day, slot=SLOTS[1]) else 0)
    assert planned(EVEN, section, 2400).certificate.value_micro == (1200 + max(1200 - amount, 0)) * 1_000_000
