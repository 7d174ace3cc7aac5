"""From a traffic report to a curve bank: count, fit, draw, grade."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from adspend_models.bank import Observations
from adspend_models.draws import draw_curves
from adspend_models.effects import lay_out_effects
from adspend_models.empirical_bayes import Learned, learn
from adspend_models.evidence import FitFacts, gather_evidence
from adspend_models.grade import grade_cell
from adspend_models.hill import Hill
from adspend_models.observed_days import suspect_units
from adspend_models.order_value import OrderValue, estimate_order_value
from adspend_models.panel import Panel, read_panel
from adspend_models.posterior import HyperSummary, PosteriorBank
from adspend_models.prior import Prior
from adspend_models.sample import Sample, take_sample
from adspend_models.trend import estimate_trend

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

BAND = (0.1, 0.9)  # the central 80 %


def fit_curves(
    report: TrafficReport,
    cells: Sequence[Cell],
    *,
    plan_date: datetime.date,
    prior: Prior,
    rng: np.random.Generator,
    draws: int = 200,
) -> PosteriorBank:
    """Fits a curve to every cell and grades it.

    Spend in a report is chosen by the advertiser, not randomised: if good days were given more money, a curve promises
    too much. Nothing here corrects for that; test days, whose levels are drawn in advance, do.

    Args:
        report: Observed days. Cells beyond ``cells`` help the pooling. Rows on or after ``plan_date`` are not used.
        cells: The cells of the bank, in its order; a cell the report lacks gets the pooled prior.
        plan_date: The day to plan; sets the weekday effect and the age of tests.
        prior: What the shop believes before any report.
        rng: Source of the posterior draws: the same state gives the same bank.
        draws: How many.

    Raises:
        BadDataError: When a cell mixes direct and overall GMV.
        ValueError: When ``cells`` repeat or ``draws`` is below 1.
    """
    if len(set(cells)) != len(cells) or draws < 1:
        raise ValueError(f"cells must be distinct and draws at least 1, got {len(cells)} cells and {draws} draws")
    panel = read_panel(report, cells, plan_date)
    suspect, ratio = suspect_units(panel)
    ok = panel.usable & ~suspect
    sample = take_sample(panel, ok, prior.reference_cost)
    effects = lay_out_effects(panel.cells, np.log(sample.reference / prior.reference_cost), prior)
    learned = learn(sample, effects)
    curves = Hill.at_reference(draw_curves(learned.pooled, effects, draws, rng), sample.reference)
    value = estimate_order_value(panel, prior.order_value)
    evidence = gather_evidence(panel, ok, ratio, _facts(panel, sample, learned, curves, value), plan_date)
    chosen = np.searchsorted(np.array(panel.cells, dtype=object), np.array(cells, dtype=object))
    return PosteriorBank(
        plan_date=plan_date,
        cells=tuple(cells),
        gradings=tuple(grade_cell(evidence[index]) for index in chosen),
        observations=tuple(_observations(panel, index) for index in chosen),
        order_value=value.value[chosen],
        reference=sample.reference[chosen],
        tested_max=_highest(panel, panel.cost > 0)[chosen],
        curves=_for_weekday(curves, chosen, float(learned.log_weekday[plan_date.weekday()])),
        hyper=_summarise(learned, prior),
    )


def _facts(panel: Panel, sample: Sample, learned: Learned, curves: Hill, value: OrderValue) -> FitFacts:
    """What the fit says of every cell of the panel."""
    beyond: Floats = (curves.inflection > _highest(panel, sample.ok)).mean(axis=0)
    return FitFacts(
        order_value=value.value,
        trimmed_share=value.trimmed,
        natural_orders=sample.natural[:, 0],
        trend=estimate_trend(sample, learned.dispersion.cell, learned.log_weekday),
        band=_relative_band(curves, sample.reference),
        convex_chance=beyond,
        converged=learned.converged,
    )


def _highest(panel: Panel, days: Bools) -> Floats:
    """The largest cost of each cell on ``days`` (n, T), yuan, (n,); 0 without any."""
    highest: Floats = np.where(days, panel.cost, 0.0).max(axis=1, initial=0.0)
    return highest


def _for_weekday(curves: Hill, chosen: Ints, log_effect: float) -> Hill:
    """The drawn curves of the ``chosen`` cells, with the weekday's effect in their heights."""
    height = np.exp(log_effect) * curves.height[:, chosen]
    return Hill(height=height, half=curves.half[:, chosen], shape=curves.shape[:, chosen])


def _relative_band(curves: Hill, cost: Floats) -> Floats:
    """Width of the central 80 % of the draws at ``cost`` (n,), relative to their mean, (n,)."""
    orders = curves.value(cost)
    low, high = np.quantile(orders, BAND, axis=0)
    width: Floats = (high - low) / orders.mean(axis=0)
    return width


def _observations(panel: Panel, index: int) -> Observations:
    """The days of one cell, in date order, with NaN where a number is missing."""
    seen = panel.seen[index]
    return Observations(
        day=panel.day[index, seen],
        cost=panel.cost[index, seen],
        orders=panel.orders[index, seen],
        gmv=panel.gmv[index, seen],
    )


def _summarise(learned: Learned, prior: Prior) -> HyperSummary:
    """The shop's typical curve and spreads in plain units."""
    typical, slope = learned.pooled.effect[:2]
    spread = np.sqrt(np.diag(learned.pooled.spread.cell))
    return HyperSummary(
        order_return=float(np.exp(typical[0])),
        half_saturation=float(np.exp(typical[1]) * prior.reference_cost),
        shape=float(np.exp(typical[2])),
        spread=(float(spread[0]), float(spread[1]), float(spread[2])),
        scale_slope=(float(slope[0]), float(slope[1])),
        dispersion=float(np.exp(learned.dispersion.shop)),
        weekday=tuple(np.exp(learned.log_weekday).tolist()),
        rounds=learned.rounds,
    )
