"""Stock and the day's hits: against trying every day and every choice of hits, and by hand where they bind."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_datasets.errors import BadDataError, NoPlanError
from oracles.live_shops import CELLS, SLOTS, Tried, World, agree, daily, planned, shop_of, worlds

SHARES = st.sampled_from(["0.25", "0.5", "1.0"])
RICH = World(value=((900, 1800), (600, 1200)) * 2, orders=((12, 24),) * 4, gmv=((3000, 6000),) * 4)


def units(day: Tried, share: str, segment: str = "") -> Fraction:
    """Units of a product that a day sells."""
    inside = [o for (s, _), o in zip(CELLS, day.orders, strict=True) if segment in ("", s)]
    return Fraction(share) * sum(inside)


@settings(max_examples=25, deadline=None)
@given(world=worlds, budget=daily, share=SHARES, stock=st.integers(0, 30), inbound=st.integers(0, 9))
def test_no_day_sells_more_than_is_there(world: World, budget: int, share: str, stock: int, inbound: int) -> None:
    section = (
        f'[[products]]\nname = "p"\norder_share = {share}\nstock = {stock}\ninbound = {inbound}\n'
        f'safety = {min(stock, 3)}\nsegments = ["a"]\n'
    )
    there = stock + inbound - min(stock, 3)
    agree(world, section, budget, lambda day: 0 if units(day, share, "a") <= there else None)


@settings(max_examples=25, deadline=None)
@given(
    world=worlds,
    budget=daily,
    stocks=st.tuples(*[st.integers(0, 20)] * 3),
    costs=st.tuples(*[st.integers(0, 300)] * 3),
    bounds=st.sampled_from([(0, 1), (1, 2), (2, 2), (2, 3)]),
)
def test_the_hits_chosen_are_the_best_choice(
    world: World, budget: int, stocks: tuple[int, ...], costs: tuple[int, ...], bounds: tuple[int, int]
) -> None:
    """Three candidates, for segment a, for b and for all; a hit has 25 units more and costs what it costs."""
    scopes = ("a", "b", "")
    sections = f"[hits]\nmin = {bounds[0]}\nmax = {bounds[1]}\n"
    for name, stock, cost, scope in zip("pqr", stocks, costs, scopes, strict=True):
        where = f'segments = ["{scope}"]\n' if scope else ""
        sections += (
            f'[[products]]\nname = "{name}"\norder_share = 0.5\nstock = {stock}\nhit_stock = {stock + 25}\n'
            f"hit_cost = {cost}\n{where}"
        )

    def rule(day: Tried) -> int | None:
        sold = [units(day, "0.5", scope) for scope in scopes]
        paid = []
        for chosen in itertools.product((0, 1), repeat=3):
            enough = all(u <= s + 25 * h for u, s, h in zip(sold, stocks, chosen, strict=True))
            if enough and bounds[0] <= sum(chosen) <= bounds[1]:
                paid.append(-sum(c * h for c, h in zip(costs, chosen, strict=True)))
        return max(paid, default=None)

    agree(world, sections, budget, rule)


def test_a_unit_of_stock_by_hand() -> None:
    """5 coats are 250 yuan in a, 200 on the grid; one more is 50 yuan at 2.

    A's cells bring 1 order per 25 yuan, half of them coats, and net 2 a yuan; b's two cells are full. A coat more is
    50 more yuan at 2: 100 yuan.
    """
    section = '[[products]]\nname = "coat"\norder_share = 0.5\nstock = 5\nsegments = ["a"]\n'
    plan = planned(RICH, section, 2400)
    assert [cell.budget_fen // 100 for cell in plan.cells] == [200, 0, 600, 600]
    [stock] = [limit for limit in plan.binding if limit.key == "stock/coat"]
    assert stock.name.zh == "「coat」库存"
    assert "would earn 100.00 yuan" in stock.price.en
    assert "约多赚 100.00 元" in stock.price.zh
    assert "stock/coat" in plan.cells[0].limits


def test_inbound_counts_and_safety_does_not() -> None:
    """4 + 3 - 2 coats are the 5 of the test above."""
    section = '[[products]]\nname = "coat"\norder_share = 0.5\nstock = 4\ninbound = 3\nsafety = 2\nsegments = ["a"]\n'
    plan = planned(RICH, section, 2400)
    assert [cell.budget_fen // 100 for cell in plan.cells] == [200, 0, 600, 600]


def test_stock_of_many_millions_is_no_trouble() -> None:
    """A third of the orders typed with six decimals and a hundred million units: nothing overflows, nothing binds."""
    section = (
        '[[products]]\nname = "p"\norder_share = 0.333333\nstock = 3\nhit_stock = 100000000\n[hits]\nmin = 0\nmax = 1\n'
    )
    assert planned(RICH, section, 2400).certificate.value_micro == 3_600_000_000


def test_a_hit_that_must_be_and_cannot() -> None:
    """Two hits are wanted, one is allowed: the file's law says so; no stock at all only means no orders."""
    with pytest.raises(BadDataError, match="`min <= max` must hold"):
        shop_of("[hits]\nmin = 2\nmax = 1\n", 900)
    empty = '[[products]]\nname = "p"\norder_share = 1.0\nstock = 0\n'
    assert planned(RICH, empty, 2400).planned_fen == 0
    lock = f'[[locks]]\nsegment = "a"\nslot = "{SLOTS[0]}"\nbudget = 300\n'
    with pytest.raises(NoPlanError) as error:
        planned(RICH, empty + lock, 2400)
    assert [fault.place.column for fault in error.value.faults] == ["stock/p"]


def test_a_hit_s_cost_needs_a_hit_s_stock() -> None:
    with pytest.raises(BadDataError, match="`hit_cost` needs `hit_stock`"):
        shop_of('[[products]]\nname = "p"\norder_share = 1\nstock = 1\nhit_cost = 5\n', 900)
