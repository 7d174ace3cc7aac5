"""The contract of every world: pure in (date, budgets, past), within its budgets, the same luck for every strategy.

Every wrapper, every family and every preset passes the same laws. A world in which a cell's day depends on the other
cells' budgets of the same day (a shared stock) says so in ``SHARED``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import fields
from functools import cache

import numpy as np
import pytest

from adspend_datasets.report import COLUMNS
from adspend_models.market.creative import CreativeDecay
from adspend_models.market.day import Day
from adspend_models.market.day_report import report_of
from adspend_models.market.delivery import UnderDelivered
from adspend_models.market.drift import Drift
from adspend_models.market.families import FAMILIES
from adspend_models.market.fatigue import AudienceFatigue
from adspend_models.market.festival import FestivalTruth, sale
from adspend_models.market.hosts import HostRota
from adspend_models.market.hours import HourProfile
from adspend_models.market.learning import LearningPhase
from adspend_models.market.luck import Ints
from adspend_models.market.overdelivery import OverDelivered
from adspend_models.market.presets import preset_1m, preset_18m, preset_100k
from adspend_models.market.products import WithProducts
from adspend_models.market.random_shop import ShopStyle, grid, lucky_world, random_truth
from adspend_models.market.refunds import Refunded
from adspend_models.market.sample_shop import sample_world, uni_world
from adspend_models.market.scaled import Effect, ScaledTruth
from adspend_models.market.seeding import SeedingTruth
from adspend_models.market.service import ServiceRating
from adspend_models.market.shock import DayShock
from adspend_models.market.snowball import SnowballTruth
from adspend_models.market.stock import StockedOut
from adspend_models.market.truth import Truth
from adspend_models.market.weekday import WeekdayTruth
from adspend_models.market.world import World
from oracles.made_days import MONDAY

SHARED = {"StockedOut", "service+stock"}
DAYS = 9  # one more than the longest memory that a default has, plus a weekend
CELLS = grid(3, 2)
WEEK = (0.95, 0.94, 0.96, 0.98, 1.03, 1.09, 1.05)


def scaled(effect: Effect) -> Callable[[Truth], Truth]:
    return lambda truth: ScaledTruth(truth=truth, effect=effect, natural=True)


def truths(seed: int) -> dict[str, Truth]:
    """Every wrapper of a truth around the same shop."""
    base = random_truth(seed, CELLS, ShopStyle())
    calendar = sale("618", MONDAY + datetime.timedelta(days=3), build_up=2)
    share = np.full(6, 1 / 6)
    effects: tuple[Effect, ...] = (
        HourProfile(cells=CELLS, weekend=1.2),
        CreativeDecay(cells=CELLS),
        AudienceFatigue(cells=CELLS, capacity=np.full(6, 4_000.0)),
        LearningPhase(cells=CELLS),
        Drift(cells=CELLS, seed=seed),
        HostRota(cells=CELLS, seed=seed),
        DayShock(cells=CELLS, seed=seed),
        ServiceRating(cells=CELLS, agents=1, sessions=10),
    )
    return {
        "HillTruth": base,
        "WeekdayTruth": WeekdayTruth(truth=base, factors=WEEK),
        "FestivalTruth": FestivalTruth(truth=base, calendar=calendar),
        "SnowballTruth": SnowballTruth(truth=base, share=share, followers=1, keep=0.8, reach=0.1, lift=0.5, half=50),
        "SeedingTruth": SeedingTruth(truth=base, later=0.3),
        **{type(effect).__name__: scaled(effect)(base) for effect in effects},
    }


def worlds(seed: int) -> dict[str, World]:
    """Every wrapper, family and preset, each from nothing but the seed."""
    base = lucky_world(random_truth(seed, CELLS, ShopStyle()), seed)
    return {
        **{name: lucky_world(truth, seed) for name, truth in truths(seed).items()},
        "UnderDelivered": UnderDelivered(world=base, seed=seed, share=0.8),
        "OverDelivered": OverDelivered(world=base, seed=seed, chance=0.5),
        "WithProducts": WithProducts(world=base, seed=seed),
        "StockedOut": StockedOut(world=base, seed=seed, stock=(40,)),
        "Refunded": Refunded(world=base, seed=seed, rate=0.46, daily=0.25, calendar=sale("618", MONDAY)),
        **{name: family(seed, 3, 2).world for name, family in FAMILIES.items()},
        **{preset.__name__: preset(seed, 3, 2).world for preset in (preset_100k, preset_1m, preset_18m)},
        "sample": sample_world(seed),
        "uni": uni_world(seed),
    }


WORLDS, AGAIN, OTHERS = worlds(3), worlds(3), worlds(4)
every_world = pytest.mark.parametrize("name", WORLDS)
every_truth = pytest.mark.parametrize("name", truths(3))


def budgets(world: World, number: int) -> Ints:
    """Budgets that differ between days and cells, some of them 0; more where a day makes millions."""
    n = len(world.truth.cells)
    turn = (np.arange(n) + number) % 4
    return np.array([0, 60_000, 150_000, 240_000])[turn]


def lived(world: World, days: int = DAYS) -> list[Day]:
    past: list[Day] = []
    for number in range(days):
        past.append(world.day(date_of(number), budgets(world, number), past))
    return past


@cache
def days_in(name: str) -> tuple[Day, ...]:
    """The days of a named world, lived once; the laws below do not change them."""
    return tuple(lived(WORLDS[name]))


def date_of(number: int) -> datetime.date:
    return MONDAY + datetime.timedelta(days=number)


def content(day: Day) -> list[object]:
    """All that a day says, as plain values."""
    columns = (day.budget_fen, day.cost_fen, day.impressions, day.clicks, *day.order_fen)
    more = (*(day.refund_lag or ()), *(day.product or ()))
    return [day.date, day.cells, day.overspend, *(column.tolist() for column in (*columns, *more))]


@every_world
def test_the_same_seed_lives_the_same_days_and_another_seed_others(name: str) -> None:
    days = [content(day) for day in lived(WORLDS[name])]
    assert days == [content(day) for day in lived(AGAIN[name])]
    assert days != [content(day) for day in lived(OTHERS[name])]


@every_world
def test_asking_for_a_day_changes_neither_budgets_nor_past_nor_world(name: str) -> None:
    world = WORLDS[name]
    past = lived(world)
    before, budget = [content(day) for day in past], budgets(world, DAYS)
    first = content(world.day(date_of(DAYS), budget, past))
    world.day(date_of(DAYS), budget * 2, past)
    world.day(date_of(DAYS + 1), budget, past)
    assert content(world.day(date_of(DAYS), budget, past)) == first
    assert [content(day) for day in past] == before
    assert budget.tolist() == budgets(world, DAYS).tolist()


@every_world
def test_a_simulation_can_be_cut_and_resumed(name: str) -> None:
    """State lives in the days: given the same past, a fresh world goes on as if it had been there."""
    past = days_in(name)
    resumed = AGAIN[name].day(past[-1].date, past[-1].budget_fen, list(past[:-1]))
    assert content(resumed) == content(past[-1])


@every_world
def test_costs_stay_within_the_budgets_and_the_stated_tolerance(name: str) -> None:
    for day in days_in(name):
        assert np.all(day.cost_fen <= day.budget_fen * (1 + day.overspend))
        assert np.all(day.cost_fen >= 0)
        assert day.overspend == 0 or name in {"OverDelivered", "learning+delivery"}
        assert np.all(day.cost_fen[day.budget_fen == 0] == 0)


@every_world
def test_the_funnel_narrows_and_no_more_comes_back_than_was_paid(name: str) -> None:
    for day in days_in(name):
        refund = day.refund_fen(within_days=10_000)
        assert np.all(day.orders <= day.clicks)
        assert np.all(day.clicks <= day.impressions)
        assert refund is None or np.all(refund <= day.gmv_fen)
        assert all(np.all(values > 0) for values in day.order_fen)


@every_world
def test_more_budget_on_the_same_luck_and_past_never_brings_less(name: str) -> None:
    """In the cell that gets more; a shared stock may leave it cheaper orders, so there GMV is not claimed."""
    world = WORLDS[name]
    past, budget = days_in(name), budgets(world, DAYS)
    small = world.day(date_of(DAYS), budget, past)
    for cell in range(0, len(budget), max(len(budget) // 4, 1)):
        raised = budget.copy()
        raised[cell] += 90_000
        large = world.day(date_of(DAYS), raised, past)
        for column in ("cost_fen", "impressions", "clicks", "orders", *(() if name in SHARED else ("gmv_fen",))):
            assert getattr(large, column)[cell] >= getattr(small, column)[cell], f"{column} of cell {cell} fell"


@every_world
def test_two_strategies_meet_the_same_luck(name: str) -> None:
    """Whatever the other cells get today, a cell's day is the same order by order."""
    if name in SHARED:
        pytest.skip("a shared stock is what other cells take away")
    world = WORLDS[name]
    past, mine = days_in(name), budgets(world, DAYS)
    theirs = mine[::-1].copy()
    theirs[0] = mine[0]
    first, second = (world.day(date_of(DAYS), budget, past) for budget in (mine, theirs))
    assert first.order_fen[0].tolist() == second.order_fen[0].tolist()
    assert (first.cost_fen[0], first.clicks[0]) == (second.cost_fen[0], second.clicks[0])
    other = world.day(date_of(DAYS), mine, past[:2])  # a strategy with another history
    for one, two in zip(first.order_fen, other.order_fen, strict=True):
        both = min(one.size, two.size)
        assert one[:both].tolist() == two[:both].tolist(), "the j-th order is worth the same to everybody"


@every_world
def test_a_day_and_its_report_do_not_carry_the_truth(name: str) -> None:
    """A strategy is given days and reports: numbers of what happened, and nothing that leads back to the curves."""
    past = days_in(name)
    for field in fields(Day):
        value = getattr(past[0], field.name)
        parts = value if isinstance(value, tuple) else (value,)
        assert {type(part).__name__ for part in parts} <= {"ndarray", "Cell", "date", "float", "NoneType"}, field.name
    assert tuple(report_of(past, date_of(DAYS)).rows.columns) == COLUMNS


@every_world
def test_the_truth_starts_at_nothing_rises_with_cost_and_reads_columns_alike(name: str) -> None:
    world = WORLDS[name]
    truth, past, n = world.truth, days_in(name), len(world.truth.cells)
    cost = np.tile([0.0, 200.0, 800.0, 3_000.0], (n, 1))
    table = truth.mean_orders(date_of(DAYS), cost, past)
    assert table.shape == (n, 4)
    assert np.all(table[:, 0] == 0)
    assert np.all(np.diff(table, axis=1) > 0)
    assert truth.mean_orders(date_of(DAYS), cost[:, 2], past).tolist() == table[:, 2].tolist()
    natural = truth.natural_orders(date_of(DAYS), past)
    assert natural.shape == (n,)
    assert np.all(natural >= 0)
    assert truth.order_value.shape == (n,)


@every_truth
def test_the_days_that_happen_are_what_the_truth_expects(name: str) -> None:
    """Over 400 days at changing budgets, orders over expected orders, given each day's own past, average 1.

    The error of the ratio is sqrt(sum (m + m^2 / k)) / sum m, because days are uncorrelated given their past.
    """
    world = WORLDS[name]
    past: list[Day] = []
    expected, variance, got = 0.0, 0.0, 0
    for number in range(400):
        date, budget, recent = date_of(number), budgets(world, number), past[-40:]
        mean = world.truth.mean_orders(date, budget / 100, recent) + world.truth.natural_orders(date, recent)
        day = world.day(date, budget, recent)
        past.append(day)
        expected, variance = expected + mean.sum(), variance + (mean + mean**2 / 8).sum()
        got += int(day.orders.sum())
    assert abs(got - expected) < 4.5 * np.sqrt(variance), f"{got} orders, {expected:.1f} expected"
