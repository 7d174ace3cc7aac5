"""The evidence: what a cell's curve rests on, as plain numbers that a rule, or a person, can judge."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.drift import Drift
from adspend_models.habit import Habit
from adspend_models.medians import row_medians
from adspend_models.misfit import Misfit
from adspend_models.observed_days import ages, count_levels, missing_days, top_days
from adspend_models.panel import Panel
from adspend_models.trend import Trend

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RECENT_DAYS = 7  # refunds of the last 7 days are still coming in: platforms report them at 7 and at 14 days


@dataclass(frozen=True, slots=True, kw_only=True)
class CellEvidence:
    """One cell's evidence. Money in yuan per day or in all; shares between 0 and 1; ages in days."""

    tested_days: int  # days with cost above 0
    usable_days: int  # of these, orders known and the unit not in doubt
    missing_days: int  # days of the cell's span that the report skips or leaves incomplete
    span_days: int  # days that should be there
    levels: int  # distinct spend levels among the usable days
    lowest_cost: float
    median_cost: float
    highest_cost: float
    total_cost: float
    orders: float  # of the usable days, as is the cost
    order_value: float
    refund: float  # of days with both GMV and refunds known
    refund_gmv: float  # GMV of those days
    recent_share: float  # share of the orders that the last RECENT_DAYS brought
    top_day: int  # ordinal of the day with most GMV; 0 when there is none
    top_gmv_share: float
    top_cost_share: float
    top_orders: float
    trimmed_share: float  # of the GMV, cut off as implausible
    age: int  # from the last day with cost to the planning date
    phases: tuple[str, ...]
    unit_suspects: int
    unit_ratio: float  # of the worst suspect day's cost to the cell's median
    natural_orders: float  # per day without cost
    elasticity: float
    elasticity_error: float
    drift: float  # log change of orders at the same cost over drift_days
    drift_error: float
    drift_days: int
    habit_gap: float  # see ``Habit``, of the whole shop; 0 for a cell without own days
    habit_error: float
    habit_tested: bool
    rides: float  # correlation of log cost with what the day did to all cells
    day_swing: float  # log-sd of what days did to all cells
    band: float  # width of the central 80 % posterior band at the median cost, relative to the mean
    convex_chance: float  # posterior chance that returns still increase at the highest cost
    converged: bool
    misfit_chance: float  # of missing the days so badly, were the curve right
    misfit_cost: float  # of the spend band missed most, per day ...
    misfit_seen: float  # ... the orders it saw ...
    misfit_expected: float  # ... and those that the curve expected


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitFacts:
    """What the fit says of every cell, (n,) each: see ``CellEvidence``."""

    order_value: Floats
    trimmed_share: Floats
    natural_orders: Floats
    trend: Trend
    drift: Drift
    band: Floats
    convex_chance: Floats
    converged: Bools
    misfit: Misfit
    habit: Habit
    rides: Floats
    day_swing: float


def gather_evidence(
    panel: Panel, ok: Bools, ratio: Floats, facts: FitFacts, plan_date: datetime.date
) -> tuple[CellEvidence, ...]:
    """The evidence of every cell of the panel.

    Args:
        panel: n cells.
        ok: Days the curves were fitted to, (n, T).
        ratio: Cost over the cell's median, (n, T).
        facts: What the fit says.
        plan_date: The day to plan.
    """
    missing, span = missing_days(panel)
    day, gmv_share, cost_share, orders = top_days(panel)
    columns = {
        "tested_days": (panel.cost > 0).sum(axis=1),
        "usable_days": ok.sum(axis=1),
        "missing_days": missing,
        "span_days": span,
        "levels": count_levels(panel.cost, ok),
        "top_day": day,
        "top_gmv_share": gmv_share,
        "top_cost_share": cost_share,
        "top_orders": orders,
        "age": ages(panel, plan_date),
        "order_value": facts.order_value,
        "trimmed_share": facts.trimmed_share,
        "natural_orders": facts.natural_orders,
        "elasticity": facts.trend.elasticity,
        "elasticity_error": facts.trend.error,
        "drift": facts.drift.change,
        "drift_error": facts.drift.error,
        "drift_days": facts.drift.days,
        "habit_gap": np.where(facts.habit.own.any(axis=1), facts.habit.gap, 0.0),
        "habit_error": np.full(len(ok), facts.habit.error),
        "habit_tested": np.full(len(ok), facts.habit.tested),
        "rides": facts.rides,
        "day_swing": np.full(len(ok), facts.day_swing),
        "band": facts.band,
        "convex_chance": facts.convex_chance,
        "converged": facts.converged,
        "misfit_chance": facts.misfit.chance,
        "misfit_cost": facts.misfit.cost,
        "misfit_seen": facts.misfit.seen,
        "misfit_expected": facts.misfit.expected,
        **_costs(panel, ok),
        **_refunds(panel),
        **_recent(panel, ok, plan_date),
        **_suspects(panel, ok, ratio),
    }
    names, values = list(columns), [column.tolist() for column in columns.values()]
    rows = zip(*values, strict=True)
    return tuple(
        CellEvidence(phases=phases, **dict(zip(names, row, strict=True)))
        for phases, row in zip(panel.phases, rows, strict=True)
    )


def _costs(panel: Panel, ok: Bools) -> dict[str, NDArray[np.float64]]:
    """Range and sum of cost, and the orders it brought; 0 for a cell without usable days."""
    some = ok.any(axis=1)
    return {
        "lowest_cost": np.where(some, np.where(ok, panel.cost, np.inf).min(axis=1, initial=np.inf), 0.0),
        "median_cost": np.where(some, row_medians(panel.cost, ok), 0.0),
        "highest_cost": np.where(ok, panel.cost, 0.0).max(axis=1, initial=0.0),
        "total_cost": np.where(ok, panel.cost, 0.0).sum(axis=1),
        "orders": np.where(ok, panel.orders, 0.0).sum(axis=1),
    }


def _refunds(panel: Panel) -> dict[str, Floats]:
    """Refunds and GMV of the days on which both are known."""
    both = np.isfinite(panel.refund) & np.isfinite(panel.gmv)
    return {
        "refund": np.where(both, panel.refund, 0.0).sum(axis=1),
        "refund_gmv": np.where(both, panel.gmv, 0.0).sum(axis=1),
    }


def _recent(panel: Panel, ok: Bools, plan_date: datetime.date) -> dict[str, Floats]:
    """Share of the orders from days whose refunds are not final; 0 where refunds are not reported at all."""
    recent = panel.day >= plan_date.toordinal() - RECENT_DAYS
    orders = np.where(ok, panel.orders, 0.0)
    total = orders.sum(axis=1)
    share = np.where(recent, orders, 0.0).sum(axis=1) / np.where(total > 0, total, 1.0)
    return {"recent_share": np.where(np.isfinite(panel.refund).any(axis=1), share, 0.0)}


def _suspects(panel: Panel, ok: Bools, ratio: Floats) -> dict[str, NDArray[np.float64]]:
    """How many usable days were left out because of their unit, and how far off the worst is."""
    suspect = panel.usable & ~ok
    away = np.abs(np.log(np.where(suspect, ratio, 1.0)))
    if away.shape[1] == 0:
        return {"unit_suspects": np.zeros(len(away), dtype=np.int64), "unit_ratio": np.ones(len(away))}
    worst = np.take_along_axis(np.where(suspect, ratio, 1.0), away.argmax(axis=1)[:, None], axis=1)[:, 0]
    return {"unit_suspects": suspect.sum(axis=1), "unit_ratio": worst}
