"""A contest (策略对比): several strategies, one world, the same luck, and the clairvoyant as the 100 %."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.simulate import Run, Watch, days_until, first_week, last_week, scored, seeing_reports, share_of, simulate
from adspend.strategies.clairvoyant import Clairvoyant
from adspend.strategies.strategy import Session, Strategy, Testing
from adspend_datasets.errors import AdspendError, Fault, Place, UsageError
from adspend_datasets.text import Text
from adspend_models.market.day import Day
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar
from adspend_models.market.world import World, checked_budget

Progress = Callable[[Text, int], None]  # who is running, and how many days are over

CLAIRVOYANT = "clairvoyant"
CLAIRVOYANT_LABEL = Text("先知基线", "clairvoyant")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """One strategy's run and its scores: shares of the clairvoyant's expected net profit, NaN where that earns nothing.

    ``days_until_90`` is the first day worth 90 % of the clairvoyant's same day, 1 = at once; None = never.
    """

    label: Text
    run: Run
    share: float
    first_week: float
    last_week: float
    days_until_90: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contest:
    """The clairvoyant's run and every strategy's, best first.

    ``market`` names the world, ``seed`` is the strategies' own.
    """

    market: Text
    shop: Shop
    seed: int
    best: Run
    entries: tuple[Entry, ...]


def hold_contest(
    world: World,
    shop: Shop,
    strategies: Sequence[Strategy],
    *,
    market: Text,
    first: datetime.date,
    days: int,
    seed: int,
    calendar: FestivalCalendar = NO_FESTIVAL,
    progress: Progress | None = None,
) -> Contest:
    """Runs the clairvoyant and each strategy for ``days`` days from a cold start.

    Raises:
        NoPlanError: the shop's limits allow no plan.
        UsageError: a strategy fails, or answers with budgets that are not whole fen of at least 0, one per cell.
        ValueError: no day or no strategy to run, or the cells of world and shop differ.
    """
    if days < 1 or not strategies:
        raise ValueError(f"at least one day and one strategy must run, but got {days} and {len(strategies)}")

    def watch(label: Text) -> Watch | None:
        return None if progress is None else lambda done: progress(label, done)

    best = play_clairvoyant(world, shop, first=first, days=days, watch=watch(CLAIRVOYANT_LABEL))
    entries = []
    for strategy in strategies:
        run = play(
            strategy, world, shop, first=first, days=days, seed=seed, calendar=calendar, watch=watch(strategy.label)
        )
        entries.append(_entry(strategy.label, run, best))
    order = sorted(entries, key=lambda entry: -float(entry.run.expected.sum()))
    return Contest(market=market, shop=shop, seed=seed, best=best, entries=tuple(order))


def play_clairvoyant(world: World, shop: Shop, *, first: datetime.date, days: int, watch: Watch | None = None) -> Run:
    """The clairvoyant's run.

    Raises:
        NoPlanError: the shop's limits allow no plan.
    """
    executed = simulate(world, Clairvoyant(world, shop).decide, first=first, days=days, watch=watch)
    return scored(CLAIRVOYANT, world, shop, executed)


def play(
    strategy: Strategy,
    world: World,
    shop: Shop,
    *,
    first: datetime.date,
    days: int,
    seed: int,
    calendar: FestivalCalendar = NO_FESTIVAL,
    watch: Watch | None = None,
) -> Run:
    """One strategy's run from a cold start; its test cost where its sessions say what they test.

    Raises:
        NoPlanError: the shop's limits allow no plan.
        UsageError: the strategy fails, or answers with budgets that are not whole fen of at least 0, one per cell.
    """
    session = _opened(strategy, shop, seed)
    decide = seeing_reports(session, calendar=calendar)
    tests: list[int] = []

    def answer(date: datetime.date, past: Sequence[Day]) -> Ints:
        try:
            budget = checked_budget(np.asarray(decide(date, past)), len(shop.grid))
        except AdspendError:
            raise
        except Exception as error:
            raise UsageError([_failure(strategy, f"{date}, {type(error).__name__}: {error}")]) from error
        if isinstance(session, Testing):
            tests.append(session.test_fen)
        return budget

    executed = simulate(world, answer, first=first, days=days, watch=watch)
    return scored(strategy.name, world, shop, executed, np.array(tests) / 100 if tests else None)


def _opened(strategy: Strategy, shop: Shop, seed: int) -> Session:
    """The strategy's session; whatever goes wrong in code that may be a user's is said in a sentence."""
    try:
        return strategy.open(shop, seed)
    except Exception as error:
        raise UsageError([_failure(strategy, f"open, {type(error).__name__}: {error}")]) from error


def _failure(strategy: Strategy, words: str) -> Fault:
    return Fault(
        code="E-STRATEGY",
        law=Text(
            "策略每天须给出每个单元的预算（整数分，不小于 0）",
            "a strategy must answer each day with a budget per cell, whole fen of at least 0",
        ),
        value=words,
        place=Place(column=strategy.name),
        remedy=Text("请改正该策略", "Correct the strategy"),
    )


def _entry(label: Text, run: Run, best: Run) -> Entry:
    return Entry(
        label=label,
        run=run,
        share=share_of(run, best),
        first_week=first_week(run, best),
        last_week=last_week(run, best),
        days_until_90=days_until(run, best),
    )
