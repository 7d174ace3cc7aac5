"""The main job: report, shop and policy in; tomorrow's plan out. A pure function of its arguments."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from adspend.allocation import Allocation
from adspend.budget_notices import budget_notices, floor_notices
from adspend.cell_view import CellView
from adspend.certificate import certify
from adspend.comparisons import comparisons
from adspend.day import Day, given_day, known_report, observed_day, stage_before
from adspend.decisions import decision_notices
from adspend.formulate import formulate
from adspend.frontier import budget_frontier
from adspend.notices import plan_notices, stage_notices
from adspend.objectives import in_net_profit
from adspend.plan import InputFile, Notice, Plan, StageNote
from adspend.policy import Policy
from adspend.prices import binding_limits, budget_below_minimum
from adspend.refunds import refund_notices
from adspend.report_notices import report_notices
from adspend.risk import bad_days_notice, hold_floor_on_bad_days
from adspend.shop import Shop
from adspend.solve import SolveSettings, allocate
from adspend.stages import stage_note
from adspend.table_curves import TableCurves
from adspend.versions import versions
from adspend_datasets.festivals import NO_FESTIVALS, Festivals
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text
from adspend_models.prior import CategoryPrior


def make_plan(
    shop: Shop,
    policy: Policy,
    report: TrafficReport,
    date: datetime.date,
    *,
    notices: Sequence[Notice] = (),
    inputs: Sequence[InputFile] = (),
    settings: SolveSettings | None = None,
    solver: Callable[..., Allocation] = allocate,
    category: CategoryPrior | None = None,
    festivals: Festivals = NO_FESTIVALS,
) -> Plan:
    """The plan for ``date``.

    Args:
        shop: the validated shop file, with the day's budget.
        policy: when and how to test.
        report: the rows known; those on or after ``date`` are left out, and the plan says so.
        date: the day to plan.
        notices: what reading the report found, to stand before the plan's own.
        inputs: the files read, for the record.
        settings: how hard the solver tries.
        solver: what allocates: ``adspend.solve.allocate``, or the same in a process of its own.
        category: what other shops of the trade found, where the shop is planned among them.
        festivals: the phase of ``date``, and of the days of the report that bear none.

    Raises:
        NoPlanError: no plan meets the limits.
        BadDataError: no plan can rest on the report (see ``known_report``).
    """
    known = known_report(shop, report, date)
    day = observed_day(shop, policy, known, date, category=category, festivals=festivals)
    assert day.stage is not None  # only a day on given curves has none
    before = stage_before(shop, policy, known, date, category=category, festivals=festivals)
    stage = stage_note(day.stage, before)
    of_report = (*report_notices(shop, report, known, date), *refund_notices(shop, known, date))
    found = (*notices, *of_report, *budget_notices(shop, known), *floor_notices(shop), *stage_notices(stage))
    return _plan(day, stage, found, inputs, partial(solver, settings=settings))


def plan_on_curves(
    shop: Shop,
    curves: TableCurves,
    date: datetime.date,
    *,
    inputs: Sequence[InputFile] = (),
    settings: SolveSettings | None = None,
    solver: Callable[..., Allocation] = allocate,
) -> Plan:
    """The plan on curves made elsewhere (see ``make_plan`` for the rest)."""
    stage = StageNote(
        name=Text("外部曲线分配", "allocation on given curves"),
        reason=Text("曲线由外部给出，不分阶段", "the curves were given, no stage is judged"),
    )
    return _plan(given_day(shop, curves, date), stage, floor_notices(shop), inputs, partial(solver, settings=settings))


def _plan(
    day: Day,
    stage: StageNote,
    notices: Sequence[Notice],
    inputs: Sequence[InputFile],
    solver: Callable[..., Allocation],
) -> Plan:
    shop = day.shop
    formulation = formulate(shop, day.curves, day.ranges, day.tests, solver)
    allocation = solver(formulation.problem, known=formulation.known)
    problem, allocation = hold_floor_on_bad_days(shop, day.curves, formulation.problem, allocation, solver)
    formulation = replace(formulation, problem=problem)
    late = bad_days_notice(shop, day.curves, allocation.spend[: len(problem.cells)])
    certificate = certify(formulation.problem, allocation)
    view = CellView(day, formulation, allocation.spend, certificate)
    cells = tuple(view.cell(i) for i in range(len(day.ranges)))
    yesterday = None if day.last_date is None else [h.yesterday_fen for h in day.histories]
    return Plan(
        shop=shop.shop.name,
        currency=shop.shop.currency,
        date=day.date,
        stage=stage,
        budget_fen=shop.budget_fen,
        aim=view.aim,
        problem=formulation.problem,
        cells=cells,
        certificate=certificate,
        formulation=allocation.formulation,
        binding=budget_below_minimum(shop)
        or binding_limits(
            view.aim, formulation.problem, allocation.spend, certificate, view.held_by, view.yields.worth
        ),
        comparisons=comparisons(day.curves, cells, yesterday),
        frontier=budget_frontier(in_net_profit(formulation.problem), shop.budget_fen),
        notices=(*notices, *plan_notices(cells, day, view.gates), *decision_notices(problem, allocation), *late),
        inputs=tuple(inputs),
        versions=versions(),
        seed=shop.shop.seed,
        break_even_roi=shop.economics.break_even_roi,
        levels=allocation.spend[len(formulation.problem.cells) :],
    )
