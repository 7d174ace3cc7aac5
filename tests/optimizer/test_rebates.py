"""Rebate tiers: the highest tier reached pays its rate on all spend; against trying every day, and by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_datasets.errors import BadDataError
from oracles.live_shops import STEP, World, agree, daily, planned, shop_of, worlds

POOR = World(value=((600, 1200), (600, 1200), (210, 420), (210, 420)), orders=((0, 0),) * 4, gmv=((0, 0),) * 4)

Tiers = list[tuple[int, str]]


def tiers(entries: Tiers) -> str:
    return "".join(f"[[rebates]]\nstart = {start}\nrate = {rate}\n" for start, rate in entries)


def paid(entries: Tiers, total: int) -> Fraction:
    """What comes back of a day's spend; a tier starts at the next budget that the platform takes."""
    reached = [Fraction(rate) for start, rate in entries if total >= -(-start // STEP) * STEP]
    return max(reached, default=Fraction(0)) * total


@settings(max_examples=40, deadline=None)
@given(
    world=worlds,
    budget=daily,
    starts=st.lists(st.integers(1, 2600), min_size=1, max_size=3, unique=True).map(sorted),
    rates=st.lists(st.sampled_from(["0.0", "0.02", "0.1", "0.25", "0.5"]), min_size=3, max_size=3).map(sorted),
)
def test_the_plan_weighs_every_tier(world: World, budget: int, starts: list[int], rates: list[str]) -> None:
    """Starts off the grid, starts that fall on one step, tiers beyond the budget, and tiers that pay nothing."""
    entries = list(zip(starts, rates, strict=False))
    agree(world, tiers(entries), budget, lambda day: paid(entries, day.total))


def test_a_tier_worth_a_loss_by_hand() -> None:
    """A nets 1 a yuan up to 1,200, b loses 0.3. From 1,500 on a fifth comes back: 300 yuan at a loss, 90, bring 300.

    Beyond it each yuan loses 0.3 and brings 0.2 back, so 1,500 it is.
    """
    plan = planned(POOR, tiers([(1500, "0.2")]), 2400)
    assert plan.planned_fen == 1500_00
    assert plan.certificate.value_micro == (1200 - 90 + 300) * 1_000_000
    assert sum(cell.expected_net_fen for cell in plan.cells) == (1200 - 90) * 100, "cells say what they earn themselves"
    [notice] = [notice for notice in plan.notices if notice.code == "DECISIONS"]
    assert "满 1500 元返 20.0%（得 300.00 元）" in notice.text.zh


def test_a_tier_not_worth_its_loss_is_left() -> None:
    plan = planned(POOR, tiers([(1500, "0.05")]), 2400)
    assert plan.planned_fen == 1200_00
    assert plan.levels == (0,)


def test_the_order_in_the_file_does_not_matter() -> None:
    one, other = [(500, "0.1"), (1000, "0.2")], [(1000, "0.2"), (500, "0.1")]
    first, second = planned(POOR, tiers(one), 1000), planned(POOR, tiers(other), 1000)
    assert first.certificate.value_micro == second.certificate.value_micro == (1000 + 200) * 1_000_000


@pytest.mark.parametrize(
    ("entries", "place", "en"),
    [
        ([(500, "0.1"), (500, "0.2")], "rebates.1.start", "there must be one rebate tier from 500 yuan"),
        ([(500, "0.2"), (900, "0.1")], "rebates.1.rate", "must not pay a lower rate"),
        ([(900, "0.1"), (500, "0.2")], "rebates.0.rate", "must not pay a lower rate"),
        ([(0, "0.1")], "rebates.0.start", "must be above 0"),
    ],
)
def test_tiers_that_no_one_could_mean_are_refused(entries: Tiers, place: str, en: str) -> None:
    with pytest.raises(BadDataError) as error:
        shop_of(tiers(entries), 900)
    [fault] = error.value.faults
    assert fault.place.column == place
    assert en in fault.law.en
