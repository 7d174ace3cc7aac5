"""Running a strategy through a world, day by day, and what the run is worth.

    past = ();  each day: budgets = decide(date, past);  past += (world.day(date, budgets, past),)

``decide`` sees the executed days. A strategy does not: ``seeing_reports`` is the only door between the two, and lets
through what a platform's export of that morning would say.

Notation: T days, n cells.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.clairvoyant import executed
from adspend.strategies.rules import most_of, open_ranges
from adspend.strategies.strategy import Session
from adspend_models.bank import Floats
from adspend_models.market.day import Day
from adspend_models.market.day_report import report_of
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar
from adspend_models.market.world import World

Decide = Callable[[datetime.date, Sequence[Day]], Ints]
Watch = Callable[[int], None]  # told how many days are over

VIOLATIONS = ("budget", "minimum", "maximum", "step", "caps")
WEEK = 7


def simulate(
    world: World, decide: Decide, *, first: datetime.date, days: int, watch: Watch | None = None
) -> tuple[Day, ...]:
    """The days ``first``, ``first`` + 1, ... of the world under the budgets that ``decide`` answers with.

    Raises:
        ValueError: budgets that are not whole fen of at least 0, one per cell.
    """
    past: list[Day] = []
    for offset in range(days):
        date = first + datetime.timedelta(days=offset)
        past.append(world.day(date, decide(date, tuple(past)), tuple(past)))
        if watch is not None:
            watch(len(past))
    return tuple(past)


def seeing_reports(session: Session, *, calendar: FestivalCalendar = NO_FESTIVAL) -> Decide:
    """The session's decisions on reports of the executed days, as a platform exports them the next morning.

    Whatever is paid is known the next day; of the refunds, those that have arrived by then. ``calendar`` names the
    festival phase of each reported day.
    """

    def decide(date: datetime.date, past: Sequence[Day]) -> Ints:
        return session.budgets(date, report_of(past, date, calendar=calendar))

    return decide


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """What a run of T days was worth. Amounts are yuan.

    Attributes:
        name: of the strategy.
        first: the first day.
        budget_fen: (T, n).
        cost: spent in all, (T,).
        expected: expected net profit, (T,): the noise-free score.
        realised: net profit of what was sold, (T,), before anyone knows the refunds: at the shop's refund rate.
        violations: how many cells (or, for the budget, days) broke each rule of ``VIOLATIONS``, (T, 5).
        test_cost: what the strategy called a test, (T,); None where it does not say.
    """

    name: str
    first: datetime.date
    budget_fen: Ints
    cost: Floats
    expected: Floats
    realised: Floats
    violations: Ints
    test_cost: Floats | None = None

    @property
    def dates(self) -> tuple[datetime.date, ...]:
        """The days."""
        return tuple(self.first + datetime.timedelta(days=offset) for offset in range(len(self.cost)))


def scored(name: str, world: World, shop: Shop, days: Sequence[Day], test_cost: Floats | None = None) -> Run:
    """The run of the executed ``days`` (at least one) as numbers."""
    rate = shop.economics.net_value_rate
    cost = np.array([day.cost_fen.sum() for day in days]) / 100
    gmv = np.array([day.gmv_fen.sum() for day in days]) / 100
    own = np.array([_expected_gmv(world, shop, day, days[:t]) for t, day in enumerate(days)])
    return Run(
        name=name,
        first=days[0].date,
        budget_fen=np.array([day.budget_fen for day in days]),
        cost=cost,
        expected=own * rate - cost,
        realised=gmv * rate - cost,
        violations=np.array([_violations(shop, day, days[:t]) for t, day in enumerate(days)], dtype=np.int64),
        test_cost=test_cost,
    )


def _expected_gmv(world: World, shop: Shop, day: Day, past: Sequence[Day]) -> float:
    """The GMV expected of the day's cost, and of what the costs of the days before had sown for this day.

    Orders that come without any spending are nobody's merit and do not count; orders beyond the stock are not served.
    """
    truth = world.truth
    orders = truth.mean_orders(day.date, day.cost_fen / 100, past)
    sown = truth.natural_orders(day.date, past) - truth.natural_orders(day.date, ())
    return float((orders + sown) @ (truth.order_value * _served(shop, orders + sown)))


def _served(shop: Shop, orders: Floats) -> Floats:
    """The share of each cell's expected orders that the shop's stock can serve, (n,); 1 where no product runs out.

    A product that runs out serves all its cells alike; prices of products are not in a shop file, so each order
    counts at its cell's mean value.
    """
    served = np.ones(orders.size)
    for product in shop.products:
        inside = np.array([product.covers(cell) for cell in shop.grid])
        demand = product.order_share * float(orders[inside].sum())
        stock = product.stock + product.inbound - product.safety
        if demand > stock:
            served[inside] -= product.order_share * (1 - stock / demand)
    return served


def _violations(shop: Shop, day: Day, past: Sequence[Day]) -> list[int]:
    """How many cells, or days, break each rule."""
    budget, is_running = day.budget_fen, day.budget_fen > 0
    most = most_of(open_ranges(shop, executed(past, budget.size)))
    above = budget > shop.maximum_fen
    return [
        int(budget.sum() > shop.budget_fen),
        int((is_running & (budget < shop.minimum_fen)).sum()),
        int(above.sum()),
        int((budget % shop.step_fen != 0).sum()),
        int((~above & (budget > most)).sum()),
    ]


def share_of(run: Run, best: Run, days: slice = slice(None)) -> float:
    """The run's expected net profit over some days as a share of ``best``'s; NaN where that earns nothing."""
    whole = float(best.expected[days].sum())
    return float(run.expected[days].sum()) / whole if whole > 0 else float("nan")


def first_week(run: Run, best: Run) -> float:
    """The share over the first seven days."""
    return share_of(run, best, slice(None, WEEK))


def last_week(run: Run, best: Run) -> float:
    """The share over the last seven days."""
    return share_of(run, best, slice(-WEEK, None))


def days_until(run: Run, best: Run, share: float = 0.9) -> int | None:
    """How many days it took until a day was worth ``share`` of the same day of ``best``, 1 = at once; None: never."""
    reached = np.nonzero(run.expected >= share * best.expected)[0]
    return int(reached[0]) + 1 if reached.size else None
