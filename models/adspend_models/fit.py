"""From a traffic report to a curve bank: count, fit, draw, grade."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from adspend_models.bank import Observations
from adspend_models.calendar_effects import Calendar, lay_out_calendar
from adspend_models.draws import even_normals
from adspend_models.drift import estimate_drift
from adspend_models.effects import lay_out_effects
from adspend_models.empirical_bayes import Learned
from adspend_models.evidence import FitFacts, gather_evidence
from adspend_models.family_fit import Fitted, Fitter, fit_best_family
from adspend_models.grade import grade_cell
from adspend_models.habit import Habit, find_habit, rides
from adspend_models.memory import Memory
from adspend_models.misfit import UNLIKELY, Misfit, check_fit
from adspend_models.monotone import MonotoneCurves, monotone_curves
from adspend_models.observed_days import suspect_units
from adspend_models.order_value import OrderValue, estimate_order_value
from adspend_models.panel import Panel, read_panel
from adspend_models.posterior import HyperSummary, PosteriorBank
from adspend_models.prior import Prior
from adspend_models.sample import take_sample
from adspend_models.shape_choice import ShapeChoice
from adspend_models.shapes import HILL, Curves, Shape
from adspend_models.trend import estimate_trend

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

BAND = (0.1, 0.9)  # the central 80 %
STEP = 0.05  # relative: how far around the largest cost the curve's bend is looked at


def fit_curves(
    report: TrafficReport,
    cells: Sequence[Cell],
    *,
    plan_date: datetime.date,
    plan_phase: str = "",
    prior: Prior,
    rng: np.random.Generator,
    draws: int = 200,
    shapes: Sequence[Shape] = (HILL,),
    memory: Memory | None = None,
) -> PosteriorBank:
    """Fits a curve to every cell and grades it.

    Spend in a report is chosen by the advertiser, not randomised. What all cells share on a day (demand) is taken out;
    what cells spent on their own good days only test days can tell from the money's work (``habit``).

    Args:
        report: Observed days. Cells beyond ``cells`` help the pooling. Rows on or after ``plan_date`` are not used.
        cells: The cells of the bank, in its order; a cell the report lacks gets the pooled prior.
        plan_date: The day to plan; sets the weekday effect and the age of tests.
        plan_phase: The festival phase it lies in, "" on a normal day; one that the report lacks widens the draws.
        prior: What the shop believes before any report.
        rng: Source of the posterior draws: the same state gives the same bank.
        draws: How many.
        shapes: Families to try, the default first (``family_fit``, ``shape_choice``).
        memory: Of the last fit to a growing report: where it stopped, this one starts, and leaves its own end there.

    Raises:
        BadDataError: When a cell mixes direct and overall GMV.
        ValueError: When ``cells`` repeat or ``draws`` is below 1.
    """
    if len(set(cells)) != len(cells) or draws < 1:
        raise ValueError(f"cells must be distinct and draws at least 1, got {len(cells)} cells and {draws} draws")
    panel = read_panel(report, cells, plan_date)
    suspect, ratio = suspect_units(panel)
    ok, memory = panel.usable & ~suspect, memory or Memory()
    calendar, noise = lay_out_calendar(panel, ok, plan_date.toordinal(), plan_phase), rng.bit_generator.random_raw()
    fitter, habit = _fitter(panel, ok, prior, calendar, draws, noise, memory)
    choice, fitted = fit_best_family(fitter, shapes)
    memory.keep(panel.cells, fitted.learned)
    misfit, curves, lines = _checked(fitted, rng, noise)
    value, chosen = estimate_order_value(panel, prior.order_value), _places(panel, cells)
    evidence = gather_evidence(panel, ok, ratio, _facts(panel, fitted, calendar, value, misfit, habit), plan_date)
    return PosteriorBank(
        plan_date=plan_date,
        plan_phase=plan_phase,
        cells=tuple(cells),
        gradings=tuple(grade_cell(evidence[index]) for index in chosen),
        observations=_observations(panel, chosen),
        order_value=value.value[chosen],
        reference=fitter.days.usual[chosen],
        tested_max=_highest(panel, panel.cost > 0)[chosen],
        fitted_max=_highest(panel, ok)[chosen],
        curves=_of_cells(curves, chosen),
        monotone={at: lines[index] for at, index in enumerate(chosen.tolist()) if index in lines},
        shape=shapes[choice.index],
        hyper=_summarise(fitted.learned, calendar, prior, choice),
    )


def _fitter(
    panel: Panel, ok: Bools, prior: Prior, calendar: Calendar, draws: int, noise: int, memory: Memory
) -> tuple[Fitter, Habit]:
    """What every family's fit has in common, with the habit taken out of its days."""
    sample = take_sample(panel, ok, prior.reference_cost)
    effects = lay_out_effects(panel.cells, np.log(sample.reference / prior.reference_cost), prior)
    habit = find_habit(sample, panel.randomised, effects, calendar)
    days, near = habit.taken_out(sample), memory.of(panel.cells)
    return Fitter(days=days, effects=effects, calendar=calendar, draws=draws, seed=noise, near=near), habit


def _places(panel: Panel, cells: Sequence[Cell]) -> Ints:
    """Where ``cells`` stand in the panel."""
    place = {cell: index for index, cell in enumerate(panel.cells)}
    return np.array([place[cell] for cell in cells], dtype=np.int64)


def _checked(fitted: Fitted, rng: np.random.Generator, noise: int) -> tuple[Misfit, Curves, dict[int, MonotoneCurves]]:
    """Each cell's misfit, the drawn curves of the planning date, and lines for the cells that these miss."""
    luck = np.random.default_rng([noise, 1])  # its own, so that a check moves no curve that passes it
    misfit, curves = _check(fitted, luck), _on_plan_day(fitted, rng)
    return misfit, curves, _lines(fitted, curves, misfit, luck)


def _check(fitted: Fitted, rng: np.random.Generator) -> Misfit:
    """Whether each cell's curve passes through its days."""
    learned = fitted.learned
    return check_fit(learned.sample, learned.pooled, fitted.theta, learned.dispersion.cell, rng)


def _lines(fitted: Fitted, curves: Curves, misfit: Misfit, rng: np.random.Generator) -> dict[int, MonotoneCurves]:
    """Lines for the cells whose days the drawn ``curves`` miss."""
    missed, learned = np.flatnonzero(misfit.chance < UNLIKELY), fitted.learned
    return monotone_curves(learned.sample, fitted.theta, learned.dispersion.cell, curves, missed, rng)


def _facts(
    panel: Panel, fitted: Fitted, calendar: Calendar, value: OrderValue, misfit: Misfit, habit: Habit
) -> FitFacts:
    """What the fit says of every cell of the panel."""
    learned, curves = fitted.learned, fitted.curves
    sample, size = learned.sample, learned.dispersion.cell
    expected, _ = sample.expect(learned.pooled.mean)
    return FitFacts(
        order_value=value.value,
        trimmed_share=value.trimmed,
        natural_orders=sample.natural[:, 0],
        trend=estimate_trend(sample, size),
        drift=estimate_drift(sample, expected, panel.day, size),
        band=_relative_band(curves, sample.usual),
        convex_chance=_still_rising(curves, _highest(panel, sample.ok)),
        converged=learned.converged,
        misfit=misfit,
        habit=habit,
        rides=rides(learned, calendar),
        day_swing=float(np.std(learned.days.log_factor)) if learned.days.log_factor.size else 0.0,
    )


def _highest(panel: Panel, days: Bools) -> Floats:
    """The largest cost of each cell on ``days`` (n, T), yuan, (n,); 0 without any."""
    highest: Floats = np.where(days, panel.cost, 0.0).max(axis=1, initial=0.0)
    return highest


def _still_rising(curves: Curves, highest: Floats) -> Floats:
    """Share of the draws whose returns still increase at the ``highest`` cost (n,), (n,); 0 for a cell never tried."""
    at = np.where(highest > 0, highest, 1.0)
    below, here, above = (curves.value(at * (1.0 + shift)) for shift in (-STEP, 0.0, STEP))
    rising: Floats = np.where(highest > 0, (above - here > here - below).mean(axis=0), 0.0)
    return rising


def _on_plan_day(fitted: Fitted, rng: np.random.Generator) -> Curves:
    """The drawn curves on an average day like the planning date.

    What is not known of that day's level moves all cells of a draw together.
    """
    curves, days = fitted.curves, fitted.learned.days
    mean, sd = days.plan_mean, days.plan_sd
    shift = mean - 0.5 * sd**2 + sd * even_normals(len(curves.level), rng)
    return replace(curves, level=np.exp(shift)[:, None] * curves.level)


def _of_cells(curves: Curves, chosen: Ints) -> Curves:
    """The curves of the ``chosen`` cells."""
    return Curves(
        level=curves.level[:, chosen],
        half=curves.half[:, chosen],
        exponent=curves.exponent[:, chosen],
        response=curves.response,
    )


def _relative_band(curves: Curves, cost: Floats) -> Floats:
    """Width of the central 80 % of the draws at ``cost`` (n,), relative to their mean, (n,)."""
    orders = curves.value(cost)
    low, high = np.quantile(orders, BAND, axis=0)
    width: Floats = (high - low) / orders.mean(axis=0)
    return width


def _observations(panel: Panel, chosen: Ints) -> tuple[Observations, ...]:
    """The days of the ``chosen`` cells, in date order, with NaN where a number is missing."""
    columns = (panel.day, panel.cost, panel.orders, panel.gmv)
    seen, rows = panel.seen[chosen], zip(*(column[chosen] for column in columns), strict=True)
    return tuple(
        Observations(day=day[some], cost=cost[some], orders=orders[some], gmv=gmv[some])
        for some, (day, cost, orders, gmv) in zip(seen, rows, strict=True)
    )


def _summarise(learned: Learned, calendar: Calendar, prior: Prior, choice: ShapeChoice) -> HyperSummary:
    """The shop's typical curve and spreads in plain units."""
    typical, slope = learned.pooled.effect[:2]
    spread = np.sqrt(np.diag(learned.pooled.spread.cell))
    return HyperSummary(
        reference_cost=prior.reference_cost,
        order_return=float(np.exp(typical[0])),
        half_saturation=float(np.exp(typical[1]) * prior.reference_cost),
        shape=float(np.exp(typical[2])),
        spread=(float(spread[0]), float(spread[1]), float(spread[2])),
        scale_slope=(float(slope[0]), float(slope[1])),
        dispersion=float(np.exp(learned.dispersion.shop)),
        weekday=tuple(np.exp(learned.days.weekday).tolist()),
        phases=dict(zip(calendar.phases, np.exp(learned.days.phase).tolist(), strict=True)),
        plan_day=float(np.exp(learned.days.plan_mean)),
        day_shock=learned.days.sigma,
        rounds=learned.rounds,
        family=choice,
    )
