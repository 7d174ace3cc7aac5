"""Money spent today: budgets that the platform still takes; against trying every day, and by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend.plan import Action
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend_datasets.aggregate import empty_report
from adspend_datasets.errors import BadDataError, NoPlanError
from oracles.live_shops import CELLS, DATE, SLOTS, Tried, World, agree, daily, planned, shop_of, worlds

POOR = World(value=((600, 1200),) * 3 + ((0, 0),), orders=((0, 0),) * 4, gmv=((0, 0),) * 4)


def spent(at: int, amount: object) -> str:
    return f'[[spent]]\nsegment = "{CELLS[at][0]}"\nslot = "{CELLS[at][1]}"\nspent = {amount}\n'


@settings(max_examples=30, deadline=None)
@given(
    world=worlds,
    budget=daily,
    amounts=st.tuples(st.integers(0, 570), st.integers(0, 570)),
    platform=st.sampled_from([(1.05, 100), (1.0, 1), (1.2, 50)]),
)
def test_a_cell_keeps_the_platform_s_multiple_of_what_it_spent(
    world: World, budget: int, amounts: tuple[int, int], platform: tuple[float, int]
) -> None:
    """Cells 0 and 3 have spent something or nothing; a cell that spent nothing is free."""
    factor, step = platform
    sections = f"[platform]\nspent_factor = {factor}\nspent_step = {step}\n"
    sections += spent(0, amounts[0]) + spent(3, amounts[1])
    least = [math.ceil(amount * Fraction(str(factor)) / step) * step for amount in amounts]

    def rule(day: Tried) -> int | None:
        return 0 if day.spend[0] >= least[0] and day.spend[3] >= least[1] else None

    if max(least) <= 600:
        agree(world, sections, budget, rule)


def test_a_cell_without_worth_goes_on_by_hand() -> None:
    """105 % of 333.33 is 350, so 400; the other 1,400 go to cells that net 1 a yuan."""
    plan = planned(POOR, spent(3, 333.33), 1800)
    assert [cell.budget_fen // 100 for cell in plan.cells][3] == 400
    assert plan.certificate.value_micro == (1400 - 400) * 1_000_000


def test_more_spent_than_a_cell_s_maximum_still_runs() -> None:
    """610 of at most 600 are spent: the platform's rule wins, and the cell gets 700."""
    assert planned(POOR, spent(3, 610), 1800).cells[3].budget_fen == 700_00


def test_more_spent_than_the_budget_is_a_conflict() -> None:
    with pytest.raises(NoPlanError) as error:
        planned(POOR, spent(0, 500) + spent(3, 500), 1000)
    assert {fault.place.column for fault in error.value.faults} == {"budget"}


def test_a_lock_below_it_is_refused() -> None:
    lock = f'[[locks]]\nsegment = "b"\nslot = "{SLOTS[1]}"\nbudget = '
    with pytest.raises(BadDataError) as error:
        shop_of(spent(3, 400) + lock + "400\n", 1800)
    [fault] = error.value.faults
    assert fault.place.column == "locks.0.budget"
    assert fault.law.zh == "「b × 20:00-22:00」今日已花 400 元，锁定预算不得少于 500.00 元"
    assert shop_of(spent(3, 400) + lock + "500\n", 1800).locks
    assert shop_of(spent(3, 0) + lock + "0\n", 1800).locks


def test_a_test_never_cuts_a_cell_below_it() -> None:
    """A cold start would test the first cell at 100 to 300 yuan; it has spent 500, so it stays at 600 or more."""
    shop = shop_of(spent(0, 500), 1800)
    plan = make_plan(shop, default_policy(shop), empty_report(), DATE)
    assert plan.cells[0].budget_fen == 600_00
    assert plan.cells[0].action is not Action.TEST
    assert any(cell.action is Action.TEST for cell in plan.cells)
