"""Curves for a date inside a festival: known worlds give its returns back, a phase never seen adds its doubt."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from adspend_datasets.festivals import Festivals, FestivalWindow
from adspend_datasets.report import TrafficReport
from adspend_models.bank_json import curves_to_json
from adspend_models.calendar_effects import PHASE_SD
from adspend_models.fit import fit_curves
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import Prior
from oracles.made_reports import day_after, grid_cells, report_from_arrays

CELLS, DAYS, SALE, UPLIFT = grid_cells(3, 4), 24, range(17, 24), 2.0
PRIOR = Prior(reference_cost=500.0, gmv_return=3.0, order_value=80.0)
CALENDAR = Festivals(windows=(FestivalWindow(phase="618", start=day_after(SALE[0]), end=day_after(SALE[-1])),))
COST = np.full((len(CELLS), 1), 600.0)


def true_orders(cost: np.ndarray) -> np.ndarray:
    """Of a normal day."""
    return 40.0 * cost / (cost + 900.0)


def report() -> TrafficReport:
    """A sale that doubles every order ends on the day before the planning date; no phase is written down."""
    rng = np.random.default_rng(11)
    cost = rng.choice([300.0, 600.0, 1200.0], (len(CELLS), DAYS))
    factor = np.where(np.isin(np.arange(DAYS), SALE), UPLIFT, 1.0)
    return report_from_arrays(CELLS, cost, rng.poisson(factor * true_orders(cost)), 80.0)


@cache
def bank(plan_phase: str = "", *, tagged: bool = True) -> PosteriorBank:
    rows = CALENDAR.tagged(report()) if tagged else report()
    rng = np.random.default_rng(5)
    return fit_curves(rows, CELLS, plan_date=day_after(DAYS), plan_phase=plan_phase, prior=PRIOR, rng=rng)


def promised(curves: PosteriorBank) -> float:
    """Orders promised over a normal day's true ones, all cells at COST."""
    return float(curves.mean_orders(COST).sum() / true_orders(COST).sum())


def test_the_day_after_a_sale_is_promised_its_own_orders_and_a_sale_day_the_sale_s() -> None:
    """Twelve cells and seven sale days: within 10 % of the truth; without the calendar the sale runs on."""
    assert promised(bank()) == pytest.approx(1.0, abs=0.1)
    assert promised(bank("618")) == pytest.approx(UPLIFT, rel=0.1)
    assert promised(bank(tagged=False)) > 1.2


@pytest.mark.parametrize("cells", [4, 12])
def test_a_sale_is_a_sale_where_its_days_are_a_randomised_test_too(cells: int) -> None:
    """A third of the cells, then all, have the sale's days tagged ``test``: the calendar still says what they were."""
    plain = report()
    sale = plain.rows["date"].isin([np.datetime64(day_after(day)) for day in SALE])
    some = plain.rows["segment"].isin(sorted({cell.segment for cell in CELLS[:cells]}))
    tagged = CALENDAR.tagged(replace(plain, rows=plain.rows.assign(phase=np.where(sale & some, "test", ""))))
    rng = np.random.default_rng(5)
    curves = fit_curves(tagged, CELLS, plan_date=day_after(DAYS), prior=PRIOR, rng=rng)
    assert set(tagged.rows["phase"]) == ({"", "618", "test:618"} if cells < len(CELLS) else {"", "test:618"})
    assert promised(curves) == pytest.approx(1.0, abs=0.1)


def test_only_the_planning_date_s_level_differs() -> None:
    """Same shapes, same effects learned; the mean level by the learned factor of the phase."""
    normal, festival = bank(), bank("618")
    assert festival.hyper.phases == normal.hyper.phases
    assert np.array_equal(festival.curves.half, normal.curves.half)
    assert np.array_equal(festival.curves.exponent, normal.curves.exponent)
    factor = festival.hyper.phases["618"]
    assert festival.hyper.plan_day / normal.hyper.plan_day == pytest.approx(factor)
    assert promised(festival) / promised(normal) == pytest.approx(factor, rel=0.02)


def test_a_phase_never_seen_moves_all_cells_of_a_draw_together_by_its_prior() -> None:
    """Log levels get the variance PHASE_SD^2 more in every cell, while the mean promised stays."""
    normal, unseen = bank(), bank("双11")
    assert promised(unseen) == pytest.approx(promised(normal), rel=0.03)
    extra = np.log(unseen.curves.level).var(axis=0) - np.log(normal.curves.level).var(axis=0)
    assert extra == pytest.approx(np.full(len(CELLS), PHASE_SD**2), rel=0.25)  # 200 draws
    shift = np.log(unseen.curves.level) - np.log(normal.curves.level)
    assert np.ptp(shift, axis=1) == pytest.approx(np.zeros(len(shift)), abs=1e-9)


def test_the_curve_file_says_which_day_the_curves_are_for() -> None:
    assert json.loads(curves_to_json(bank("618")))["phase"] == "618"
    assert json.loads(curves_to_json(bank()))["phase"] == ""
