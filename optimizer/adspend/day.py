"""The morning of the plan: curves, histories, and the range and test of each cell."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from adspend.adjusted_curves import adjusted
from adspend.bank_curves import BankCurves
from adspend.basis import one_basis
from adspend.caps import CellRange, cell_range, learning_range, spent_range
from adspend.exploration import Morning, propose_tests
from adspend.formulate import locked_spends
from adspend.history import UNSEEN, CellHistory, histories, running_days
from adspend.planned_test import Test
from adspend.policy import Policy
from adspend.promotion import acting_grading, earning_chances
from adspend.report_laws import refuse_unfit
from adspend.shop import Shop
from adspend.stages import Stage, find_stage, sure_share
from adspend.table_curves import TableCurves
from adspend.value_curves import ValueCurves
from adspend_datasets.cell import Cell
from adspend_datasets.festivals import NO_FESTIVALS, Festivals, days_by_festival
from adspend_datasets.report import TrafficReport
from adspend_models.bank import Grade
from adspend_models.fit import fit_curves
from adspend_models.memory import Memory
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import CategoryPrior, Prior
from adspend_models.shapes import SHAPES, Shape

DRAWS = 200  # of the posterior: a plan's; simulations take fewer
BUDGET_REACH = 2.5  # times the shop's largest day: how far a budget may say what a cell usually gets


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Day:
    """What is known before the money is split. ``last_date`` is the report's last day, None without a report.

    ``cold`` says that nothing has been observed yet, so that the day is there to learn. ``phase`` is the date's
    festival phase, "" on a normal day, and ``phase_factor`` its learned factor over normal days, None where it was
    never seen. ``festival_days`` counts the report's days by phase.
    """

    shop: Shop
    date: datetime.date
    curves: ValueCurves
    histories: tuple[CellHistory, ...]
    ranges: tuple[CellRange, ...]
    tests: tuple[Test, ...]
    last_date: datetime.date | None
    cold: bool
    stage: Stage | None = None
    phase: str = ""
    phase_factor: float | None = None
    festival_days: Mapping[str, int] = field(default_factory=dict)


def prior_of(shop: Shop, known: TrafficReport, category: CategoryPrior | None = None) -> Prior:
    """What the shop file says to expect before any data: break-even at an even split, unless it says otherwise.

    A ``category`` adds what other shops of the trade found.
    """
    return Prior(
        reference_cost=max(_planned_for(shop, known) / 100 / len(shop.grid), shop.minimum_fen / 100),
        gmv_return=shop.prior.gmv_return or shop.economics.break_even_roi,
        order_value=shop.prior.order_value,
        category=category,
    )


def _planned_for(shop: Shop, known: TrafficReport) -> float:
    """The day's money that the prior is scaled by, fen: the budget, as far as the shop's own days are of its kind.

    What a curve promises must not hang on tomorrow's budget where the shop has never spent anything like it.
    """
    days = known.rows.groupby("date")["cost_fen"].sum()
    most = float(days.max()) if len(days) else 0.0
    return min(max(shop.budget_fen, most / BUDGET_REACH), most * BUDGET_REACH) if most > 0 else shop.budget_fen


def known_report(shop: Shop, report: TrafficReport, date: datetime.date) -> TrafficReport:
    """``rows_before``, where a plan, a test or curves for ``date`` can rest on them.

    Raises:
        BadDataError: the report mixes bases, or has no such rows, none of the shop's, or none that tells what an
            order is worth.
    """
    known = rows_before(shop, report, date)
    refuse_unfit(shop, report, known, date)
    return known


def rows_before(shop: Shop, report: TrafficReport, date: datetime.date) -> TrafficReport:
    """The rows known on the morning of ``date``: earlier days, one basis. Cells unknown to the shop help the fit."""
    return one_basis(shop, replace(report, rows=report.rows[report.rows["date"] < np.datetime64(date)]))


def fitted_bank(
    shop: Shop,
    known: TrafficReport,
    date: datetime.date,
    *,
    shapes: Sequence[Shape] = SHAPES,
    draws: int = DRAWS,
    category: CategoryPrior | None = None,
    memory: Memory | None = None,
    festivals: Festivals = NO_FESTIVALS,
) -> PosteriorBank:
    """The shop's curves for ``date``, fitted on ``known``; fewer shapes and draws are faster and coarser.

    ``festivals`` name the phase of ``date``, and of the days of the report that bear none.
    """
    return fit_curves(
        festivals.tagged(known),
        shop.grid,
        plan_date=date,
        plan_phase=festivals.phase_on(date),
        prior=prior_of(shop, known, category),
        rng=np.random.default_rng(shop.shop.seed),
        draws=draws,
        shapes=shapes,
        memory=memory,
    )


def observed_day(
    shop: Shop,
    policy: Policy,
    report: TrafficReport,
    date: datetime.date,
    *,
    shapes: Sequence[Shape] = SHAPES,
    draws: int = DRAWS,
    category: CategoryPrior | None = None,
    memory: Memory | None = None,
    festivals: Festivals = NO_FESTIVALS,
) -> Day:
    """The day after a report: curves fitted on the rows before ``date``, ranges from history, tests from the policy."""
    known = rows_before(shop, report, date)
    bank = fitted_bank(
        shop, known, date, shapes=shapes, draws=draws, category=category, memory=memory, festivals=festivals
    )
    curves = _in_money(shop, bank)
    grid = shop.grid
    past = histories(known, grid)
    stage = find_stage(policy, shop, known, date, lambda chance: _sure_share(shop, curves, past, chance))
    numbers = policy.within(stage.section)
    running = {(spent.segment, spent.slot) for spent in shop.spent if spent.spent}  # too late to test in
    started = {i for i, cell in enumerate(grid) if (cell.segment, cell.slot) in running}
    chances = earning_chances(shop, curves).tolist()
    gradings = tuple(acting_grading(numbers, own, c) for own, c in zip(bank.gradings, chances, strict=True))
    curves = _in_money(shop, replace(bank, gradings=gradings))
    learning = _learning_cells(numbers, known, grid)
    ranges = tuple(cell_range(shop, own, grading.grade) for own, grading in zip(past, gradings, strict=True))
    ranges = tuple(
        learning_range(shop, past[i], found, numbers.learning_change) if i in learning else found
        for i, found in enumerate(ranges)
    )
    ranges = tuple(spent_range(shop, cell, found) for cell, found in zip(grid, ranges, strict=True))
    morning = Morning(
        shop=shop,
        policy=numbers,
        curves=curves,
        size=bank.hyper.day_size,
        histories=past,
        ranges=ranges,
        date=date,
        closed=frozenset(locked_spends(shop)) | started | learning,
    )
    return Day(
        shop=shop,
        date=date,
        curves=curves,
        histories=past,
        ranges=ranges,
        tests=propose_tests(morning),
        last_date=known.last_date,
        cold=known.rows.empty,
        stage=stage,
        phase=bank.plan_phase,
        phase_factor=bank.hyper.phases.get(bank.plan_phase),
        festival_days=days_by_festival(festivals.tagged(known)),
    )


def stage_before(
    shop: Shop,
    policy: Policy,
    report: TrafficReport,
    date: datetime.date,
    *,
    category: CategoryPrior | None = None,
    festivals: Festivals = NO_FESTIVALS,
) -> Stage | None:
    """The stage of the report's last day, on the rows before it; None without a report."""
    last = rows_before(shop, report, date).last_date
    if last is None:
        return None
    known = rows_before(shop, report, last)  # none after a first day
    past = histories(known, shop.grid)

    def share(chance: float) -> float | None:
        bank = fitted_bank(shop, known, last, category=category, festivals=festivals)
        return _sure_share(shop, _in_money(shop, bank), past, chance)

    return find_stage(policy, shop, known, last, share)


def _learning_cells(policy: Policy, known: TrafficReport, grid: Sequence[Cell]) -> frozenset[int]:
    """The running cells that are still in their learning phase."""
    if policy.learning_days == 0:
        return frozenset()
    return frozenset(i for i, days in enumerate(running_days(known, grid)) if 0 < days < policy.learning_days)


def _in_money(shop: Shop, bank: PosteriorBank) -> ValueCurves:
    return adjusted(shop, BankCurves(bank=bank, net_value_rate=shop.economics.net_value_rate))


def _sure_share(shop: Shop, curves: ValueCurves, past: Sequence[CellHistory], chance: float) -> float | None:
    """See ``adspend.stages.sure_share``: the next step's net at yesterday's spends."""
    spend = np.array([history.yesterday_fen for history in past], dtype=np.int64)
    cost = np.stack([spend, spend + shop.step_fen], axis=1) / 100
    value = curves.value_draws(cost)
    return sure_share(value[:, :, 1] - value[:, :, 0] - shop.step_fen / 100, spend, chance)


def given_day(shop: Shop, curves: TableCurves, date: datetime.date) -> Day:
    """A day planned on curves made elsewhere: no history, so only the shop's own bounds and the curves' ends hold."""
    return Day(
        shop=shop,
        date=date,
        curves=adjusted(shop, curves),
        histories=(UNSEEN,) * len(curves.cells),
        ranges=tuple(
            spent_range(shop, cell, _given_range(shop, curves.end_fen(i), grading.grade))
            for i, (cell, grading) in enumerate(zip(curves.cells, curves.gradings, strict=True))
        ),
        tests=(),
        last_date=None,
        cold=False,
    )


def _given_range(shop: Shop, end_fen: int, grade: Grade) -> CellRange:
    if end_fen == 0 or grade is Grade.FAIL:
        return CellRange(minimum_fen=shop.minimum_fen, most_fen=0, key="grade" if end_fen else "no_curve")
    most = min(shop.maximum_fen, end_fen // shop.step_fen * shop.step_fen)
    return CellRange(
        minimum_fen=shop.minimum_fen, most_fen=most, key="max" if most == shop.maximum_fen else "curve_end"
    )
