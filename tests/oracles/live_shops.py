"""Tiny livestream shops whose best day is found by trying every day, each limit written as a shop owner would say it.

Nothing here reads the engine's rows: a ``Rule`` looks at a ``Tried`` day (budgets, orders, GMV, all exact) and says
what it adds to the day's net in yuan, or that the day is not allowed. So a limit that the engine writes down wrongly
is found, not only one that it solves wrongly.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from adspend.allocation import Allocation
from adspend.certificate import certify
from adspend.day import given_day
from adspend.formulate import formulate
from adspend.plan import Plan
from adspend.planner import plan_on_curves
from adspend.problem import MICRO
from adspend.shop import Shop, parse_shop
from adspend.solve import allocate
from adspend.table_curves import CurveRows, TableCurves
from adspend_datasets.errors import NoPlanError

SLOTS = ("10:00-12:00", "20:00-22:00")
CELLS = (("a", SLOTS[0]), ("a", SLOTS[1]), ("b", SLOTS[0]), ("b", SLOTS[1]))
DATE = datetime.date(2026, 11, 23)
HALF, FULL, STEP = 300, 600, 100  # yuan: the curves' two knots, and the grid of budgets
ROUNDING = 100  # micro-yuan: tables are whole micro-yuan

Knots = tuple[int, int]  # at HALF and at FULL, both multiples of 3: every budget on the grid has whole measures


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Four cells: net value before ad cost, orders and GMV at 300 and at 600 yuan, straight lines between."""

    value: tuple[Knots, ...]
    orders: tuple[Knots, ...]
    gmv: tuple[Knots, ...]

    def curves(self, shop: Shop) -> TableCurves:
        """The engine's view of the world."""
        columns = [np.array(column, dtype=np.float64) for column in (self.value, self.orders, self.gmv)]
        cost = np.array([HALF, FULL], dtype=np.float64)
        rows = tuple(CurveRows(cost=cost, value=v, orders=o, gmv=g) for v, o, g in zip(*columns, strict=True))
        return TableCurves(cells=shop.grid, rows=rows)


@dataclass(frozen=True, slots=True)
class Tried:
    """One way to spend the day: per cell, in yuan and orders."""

    spend: tuple[int, ...]
    value: tuple[int, ...]
    orders: tuple[int, ...]
    gmv: tuple[int, ...]

    @property
    def total(self) -> int:
        """Yuan spent."""
        return sum(self.spend)


Rule = Callable[[Tried], Fraction | int | None]  # yuan on top of the day's net; None: not allowed


def knots(most: int) -> st.SearchStrategy[Knots]:
    """A rising curve's two points, convex or concave."""
    part = st.integers(0, most // 3)
    return st.tuples(part, part).map(lambda p: (3 * p[0], 3 * (p[0] + p[1])))


def four(most: int) -> st.SearchStrategy[tuple[Knots, ...]]:
    """Four such curves."""
    return st.tuples(*[knots(most)] * len(CELLS))


worlds = st.builds(World, value=four(1200), orders=four(24), gmv=four(3000))
daily = st.integers(3, 24).map(lambda k: STEP * k)


def shop_of(sections: str, budget: int) -> Shop:
    """A shop of the four cells with more sections."""
    base = (
        '[shop]\nname = "s"\n[economics]\ngross_margin = 0.5\n'
        f"[budget]\ndaily = {budget}\n[cells]\nsegments = ['a', 'b']\nslots = {list(SLOTS)}\n"
        f"min_if_active = {STEP}\nmax = {FULL}\nstep = {STEP}\n"
    )
    return parse_shop((base + sections).encode(), file="shop.toml")


def planned(world: World, sections: str, budget: int) -> Plan:
    """The whole plan, for its words."""
    shop = shop_of(sections, budget)
    return plan_on_curves(shop, world.curves(shop), DATE)


def best_day(world: World, budget: int, rule: Rule) -> Fraction | None:
    """The most that any allowed day nets, yuan; None when no day is allowed."""
    found = (rule_net(tried(world, spend), rule) for spend in days(budget))
    return max((net for net in found if net is not None), default=None)


def rule_net(day: Tried, rule: Rule) -> Fraction | None:
    """A day's net under a rule."""
    more = rule(day)
    return None if more is None else Fraction(sum(day.value) - day.total) + more


def days(budget: int) -> list[tuple[int, ...]]:
    """Every split of at most the budget on the grid."""
    every = itertools.product(range(0, FULL + STEP, STEP), repeat=len(CELLS))
    return [spend for spend in every if sum(spend) <= budget]


def tried(world: World, spend: Sequence[int]) -> Tried:
    """What a split brings, exactly."""
    columns = [
        tuple(_at(x, points) for x, points in zip(spend, column, strict=True))
        for column in (world.value, world.orders, world.gmv)
    ]
    return Tried(tuple(spend), *columns)


def _at(x: int, points: Knots) -> int:
    if x <= HALF:
        return x * points[0] // HALF  # whole: a third of a multiple of 3
    return points[0] + (x - HALF) * (points[1] - points[0]) // (FULL - HALF)


def agree(world: World, sections: str, budget: int, rule: Rule) -> None:
    """The engine's best day is the best day, is allowed, is worth what it says, and its bound is one.

    Raises:
        AssertionError: it is not.
    """
    best = best_day(world, budget, rule)
    answer = _answer(world, sections, budget)
    if answer is None or best is None:
        assert answer is best, f"the engine finds {answer}, trying every day finds {best}"
        return
    allocation, value, bound = answer
    spend = [x // 100 for x in allocation.spend[: len(CELLS)]]
    own = rule_net(tried(world, spend), rule)
    assert own is not None, f"{spend} is not allowed"
    assert abs(own * MICRO - value) <= ROUNDING, f"{spend} nets {own}, said to be {value / MICRO}"
    assert value >= best * MICRO - ROUNDING, f"{spend} nets {own}, the best day {best}"
    assert bound >= best * MICRO - ROUNDING, f"the bound {bound / MICRO} is below the best day {best}"


def _answer(world: World, sections: str, budget: int) -> tuple[Allocation, int, int] | None:
    """The engine's allocation, its value and its bound in micro-yuan; None where it finds no plan."""
    shop = shop_of(sections, budget)
    day = given_day(shop, world.curves(shop), DATE)
    problem = formulate(shop, day.curves, day.ranges, ()).problem
    try:
        allocation = allocate(problem)
    except NoPlanError:
        return None
    certificate = certify(problem, allocation)
    return allocation, certificate.value_micro, certificate.bound_micro
