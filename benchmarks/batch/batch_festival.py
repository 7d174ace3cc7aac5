"""What a festival calendar is worth to shops whose exports say nothing of the sale: next day's net on the true curves.

Shops of 48 cells are run by their operator (rough tests, then moves of 20 %) up to a morning in or after a sale, with
the example multipliers of ``festival.sale``. Curves are fitted to the report

    nothing                 without a phase, without a calendar: what an export gives
    one window              with a calendar that has one row for the whole sale
    phases                  with a calendar that has a row for build-up, burst and encore each
    column                  with the report's own phase column (the planning date is then a normal day)

and allocated by the engine under the shop's limits, without caps on raises, which would hide what curves are worth; the
clairvoyant does the same on the true curves. Promised over realised is of the plan's expected net; shares are of the
clairvoyant's. Both are ratios of sums over shops; intervals are a paired bootstrap over shops of the difference to
"nothing".
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from adspend.day import fitted_bank, known_report
from adspend.market_shop import market_shop
from adspend.shop import Shop
from adspend.strategies.clairvoyant import Clairvoyant, executed
from adspend.strategies.curve_plan import best_budgets
from adspend.strategies.posterior import mean_curves
from adspend.strategies.rules import open_ranges
from adspend_datasets.festivals import NO_FESTIVALS, Festivals, FestivalWindow
from adspend_datasets.report import TrafficReport
from adspend_models.bank import Floats
from adspend_models.market.case import MarketCase
from adspend_models.market.day import Day
from adspend_models.market.day_report import report_of
from adspend_models.market.families import FIRST, everything, festival, stationary
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar, FestivalTruth, sale
from adspend_models.market.operator_rule import run
from adspend_models.market.random_shop import ShopStyle, grid, lucky_world, random_truth
from adspend_models.shapes import HILL
from benchmarks.batch.make_shops import operator_of

SHOPS, SMOKE_SHOPS, FIRST_SEED = 60, 2, 400_000  # seeds that nothing is tuned on
DRAWS, RESAMPLES = 200, 4_000
NOTHING = "nothing"

Row = dict[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """A kind of planning date: so many days after the last day of the phase that ``last`` names."""

    label: str
    family: Callable[[int], MarketCase]
    last: str
    after: int


def burst_alone(seed: int) -> MarketCase:
    """A stationary shop with five burst days, and neither build-up nor encore: nothing evens the sale out."""
    calendar = FestivalCalendar(phases=sale("618", FIRST + datetime.timedelta(days=17), days=5).phases[1:2])
    truth = FestivalTruth(truth=random_truth(seed, grid(6, 8), ShopStyle()), calendar=calendar)
    return replace(stationary(seed), world=lucky_world(truth, seed), calendar=calendar)


MORNINGS = (
    Morning(label="day after five burst days alone", family=burst_alone, last="爆发", after=1),
    Morning(label="day after the encore", family=festival, last="返场", after=1),
    Morning(label="day after the encore, every effect at once", family=everything, last="返场", after=1),
    Morning(label="second burst day", family=festival, last="爆发", after=0),
    Morning(label="first encore day", family=festival, last="爆发", after=1),
)


def batch_festival(smoke: bool) -> list[Row]:
    """One row per morning and way of knowing the sale."""
    shops = SMOKE_SHOPS if smoke else SHOPS
    return [row for morning in MORNINGS for row in _rows(morning, shops)]


def _rows(morning: Morning, shops: int) -> list[Row]:
    found = [_outcomes(morning.family(FIRST_SEED + number), morning) for number in range(shops)]
    best = np.array([each for each, _ in found])
    plans = {way: np.array([each[way] for _, each in found]) for way in found[0][1]}
    return [_row(morning, way, best, plans[NOTHING], plans[way]) for way in plans]


def _row(morning: Morning, way: str, best: Floats, nothing: Floats, plan: Floats) -> Row:
    """``best`` (m,) is the clairvoyant's net; ``nothing`` and ``plan`` hold promised and realised net, (m, 2)."""
    drawn = np.random.default_rng(7).integers(0, best.size, (RESAMPLES, best.size))

    def changes(some: Floats) -> tuple[Floats, Floats]:
        """Of promised over realised and of the share, for shops picked (..., m)."""
        sums, base, most = (values[some].sum(axis=-1 if values.ndim == 1 else -2) for values in (plan, nothing, best))
        ratio, share = sums[..., 0] / sums[..., 1], sums[..., 1] / most
        return ratio - base[..., 0] / base[..., 1], 100 * (share - base[..., 1] / most)

    ratio, share = (np.quantile(change, (0.025, 0.975)) for change in changes(drawn))
    ratio_mean, share_mean = changes(np.arange(best.size))
    promised, realised = plan.sum(axis=0)
    return {
        "planning date": morning.label,
        "known of the sale": way,
        "shops": best.size,
        "promised / realised": round(float(promised / realised), 3),
        "change": round(float(ratio_mean), 3),
        "95 %": f"{ratio[0]:+.3f} to {ratio[1]:+.3f}",
        "share of clairvoyant %": round(100 * float(realised / best.sum()), 1),
        "gain, points": round(float(share_mean), 1),
        "gain 95 %": f"{share[0]:+.1f} to {share[1]:+.1f}",
    }


def _outcomes(case: MarketCase, morning: Morning) -> tuple[float, dict[str, tuple[float, float]]]:
    """The clairvoyant's net of the day, and each way's (promised, realised), yuan."""
    phase = next(phase for phase in case.calendar.phases if phase.phase == morning.last)
    date = phase.last + datetime.timedelta(days=morning.after)
    shop = market_shop(case)
    past = run(case.world, operator_of(case, case.daily_budget * 100), first=case.first, days=(date - case.first).days)
    best = Clairvoyant(case.world, shop).decide(date, past)
    plans = {
        way: _planned(shop, known_report(shop, report_of(past, date, calendar=column), date), date, past, known)
        for way, (column, known) in _ways(case.calendar).items()
    }
    realised = {way: _net(case, shop, date, past, budgets) for way, (budgets, _) in plans.items()}
    return _net(case, shop, date, past, best / 100), {way: (plans[way][1], realised[way]) for way in plans}


def _ways(calendar: FestivalCalendar) -> dict[str, tuple[FestivalCalendar, Festivals]]:
    """What the report's column knows, and what the calendar."""
    phases = calendar.phases
    whole = FestivalWindow(phase=phases[0].event, start=phases[0].first, end=phases[-1].last)
    parts = tuple(FestivalWindow(phase=phase.name, start=phase.first, end=phase.last) for phase in phases)
    return {
        NOTHING: (NO_FESTIVAL, NO_FESTIVALS),
        "one window": (NO_FESTIVAL, Festivals(windows=(whole,))),
        "phases": (NO_FESTIVAL, Festivals(windows=parts)),
        "column": (calendar, NO_FESTIVALS),
    }


def _planned(
    shop: Shop, known: TrafficReport, date: datetime.date, past: Sequence[Day], festivals: Festivals
) -> tuple[Floats, float]:
    """Budgets in yuan, (n,), and the net they promise."""
    bank = fitted_bank(shop, known, date, shapes=(HILL,), draws=DRAWS, festivals=festivals)
    curves = mean_curves(shop, bank)
    cost = best_budgets(shop, curves, open_ranges(shop, executed(past, len(shop.grid)))) / 100
    return cost, float(curves.expected(cost[:, None]).value.sum() - cost.sum())


def _net(case: MarketCase, shop: Shop, date: datetime.date, past: Sequence[Day], cost: Floats) -> float:
    truth = case.world.truth
    value = truth.mean_orders(date, cost, past) * truth.order_value * shop.economics.net_value_rate
    return float((value - cost).sum())
