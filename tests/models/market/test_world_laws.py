"""Laws of every world: never above the budget, the same day twice is the same day, more budget is never worse luck."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from adspend_models.market.luck import Ints
from adspend_models.market.sample_shop import sample_world, uni_world
from adspend_models.market.world import Day, World

WORLD = sample_world(3)
N = len(WORLD.truth.cells)
BUDGETS = hnp.arrays(np.int64, N, elements=st.integers(0, 900_000))
DATES = st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 12, 31))


def measures(day: Day) -> dict[str, list[int]]:
    refund = day.refund_fen(within_days=14)
    assert refund is not None
    named = {"cost": day.cost_fen, "impressions": day.impressions, "clicks": day.clicks, "orders": day.orders}
    return {name: column.tolist() for name, column in (named | {"gmv": day.gmv_fen, "refund": refund}).items()}


@settings(max_examples=25, deadline=None)
@given(date=DATES, budget=BUDGETS)
def test_cost_never_exceeds_the_budget_and_the_funnel_narrows(date: datetime.date, budget: Ints) -> None:
    day = WORLD.day(date, budget)
    refund = day.refund_fen(within_days=10_000)
    assert refund is not None
    assert np.all(day.cost_fen <= budget)
    assert np.all(day.cost_fen >= 0)
    assert np.all(day.orders <= day.clicks)
    assert np.all(day.clicks <= day.impressions)
    assert np.all(refund <= day.gmv_fen)
    assert day.budget_fen.tolist() == budget.tolist()


@settings(max_examples=25, deadline=None)
@given(date=DATES, budget=BUDGETS, more=BUDGETS)
def test_more_budget_on_the_same_luck_never_brings_less(date: datetime.date, budget: Ints, more: Ints) -> None:
    small, large = measures(WORLD.day(date, budget)), measures(WORLD.day(date, budget + more))
    for name, column in small.items():
        fallen = [i for i in range(N) if large[name][i] < column[i]]
        assert not fallen, f"{name} fell in cells {fallen} although the budget rose"


@settings(max_examples=25, deadline=None)
@given(date=DATES, budget=BUDGETS, other=BUDGETS, kept=st.integers(0, N - 1))
def test_a_cell_has_the_same_luck_whatever_the_others_get(
    date: datetime.date, budget: Ints, other: Ints, kept: int
) -> None:
    """Two strategies that agree on one cell see the same day in it, and the first orders of a bigger day."""
    other = other.copy()
    other[kept] = budget[kept]
    mine, theirs = WORLD.day(date, budget), WORLD.day(date, other)
    assert {k: v[kept] for k, v in measures(mine).items()} == {k: v[kept] for k, v in measures(theirs).items()}
    assert mine.order_fen[kept].tolist() == theirs.order_fen[kept].tolist()


@settings(max_examples=10, deadline=None)
@given(date=DATES, budget=BUDGETS, more=BUDGETS)
def test_a_bigger_day_begins_with_the_orders_of_the_smaller(date: datetime.date, budget: Ints, more: Ints) -> None:
    small, large = WORLD.day(date, budget), WORLD.day(date, budget + more)
    for first, longer in zip(small.order_fen, large.order_fen, strict=True):
        assert longer[: first.size].tolist() == first.tolist()


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    date, budget = datetime.date(2026, 11, 22), np.full(N, 100_000)
    again, other = sample_world(3).day(date, budget), sample_world(4).day(date, budget)
    assert measures(WORLD.day(date, budget)) == measures(again)
    assert measures(other) != measures(again)


@pytest.mark.parametrize("world", [WORLD, uni_world(3)], ids=["sample", "uni"])
def test_asking_for_a_day_changes_nothing(world: World) -> None:
    date, budget = datetime.date(2026, 11, 22), np.full(len(world.truth.cells), 123_456)
    before = budget.copy()
    first = measures(world.day(date, budget))
    world.day(date + datetime.timedelta(days=1), budget)
    assert measures(world.day(date, budget)) == first
    assert budget.tolist() == before.tolist()
    changed = world.day(date, budget)
    changed.budget_fen[:] = 0
    assert budget.tolist() == before.tolist(), "a day must not share memory with the budgets it was asked with"


def test_a_paused_cell_has_nothing() -> None:
    day = WORLD.day(datetime.date(2026, 11, 22), np.zeros(N, dtype=np.int64))
    assert {name: sum(column) for name, column in measures(day).items()} == dict.fromkeys(measures(day), 0)


@pytest.mark.parametrize(
    ("budget", "message"),
    [
        (np.zeros(3, dtype=np.int64), r"budgets must have one entry per cell, shape \(36,\), but got \(3,\)"),
        (np.full(N, 100.5), "budgets must be whole fen of at least 0, but got float64 100.5"),
        (np.full(N, -100), "budgets must be whole fen of at least 0, but got int64 -100"),
    ],
)
def test_impossible_budgets_are_refused(budget: Ints, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WORLD.day(datetime.date(2026, 11, 22), budget)


def test_a_day_cannot_cost_more_than_its_budget() -> None:
    day = WORLD.day(datetime.date(2026, 11, 22), np.full(N, 100_000))
    with pytest.raises(ValueError, match="`cost_fen <= budget_fen` must hold"):
        replace(day, budget_fen=np.full(N, 1))
    with pytest.raises(ValueError, match=r"one entry per cell, but got the lengths \[35, 36\]"):
        replace(day, order_fen=day.order_fen[1:])
