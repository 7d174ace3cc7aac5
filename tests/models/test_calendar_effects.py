"""What days do to all cells: known worlds give it back, and little is concluded from little."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from adspend_models.calendar_effects import (
    DRIFT_SD,
    MEMORY,
    PHASE_SD,
    SHOCK_SD,
    WEEKDAY_SD,
    Calendar,
    DayEffects,
    lay_out_calendar,
    no_day_effects,
    reestimate_day_effects,
)
from adspend_models.likelihood import curvature
from adspend_models.panel import Panel, read_panel
from adspend_models.sample import Sample, take_sample
from oracles.made_reports import grid_cells, report_from_arrays

CELLS = grid_cells(5, 8)
MEAN = 40.0  # orders of every cell on a plain day
THETA = np.tile([np.log(MEAN / 100), 0.9, 0.1], (len(CELLS), 1))


def world(factor: np.ndarray, phase: list[str] | None = None, plan_phase: str = "") -> tuple[Panel, Sample, Calendar]:
    """Forty cells at 100 yuan a day that sell exactly MEAN times the day's factor."""
    days = len(factor)
    cost = np.full((len(CELLS), days), 100.0)
    report = report_from_arrays(CELLS, cost, np.rint(MEAN * np.tile(factor, (len(CELLS), 1))).astype(int), 80.0)
    if phase is not None:
        rank = report.rows["date"].rank(method="dense").astype(int) - 1
        report.rows["phase"] = pd.Series([phase[i] for i in rank], index=report.rows.index, dtype="str")
    plan = report.rows["date"].max().date() + datetime.timedelta(days=1)
    panel = read_panel(report, CELLS, plan)
    sample = take_sample(panel, panel.usable, 100.0)
    return panel, sample, lay_out_calendar(panel, panel.usable, plan.toordinal(), plan_phase)


def settle(sample: Sample, calendar: Calendar, rounds: int = 60) -> DayEffects:
    """The effects at known curves and nearly Poisson orders."""
    days, size = no_day_effects(calendar), np.full((len(CELLS), 1), 1e4)
    for _ in range(rounds):
        mean, _ = sample.expect(THETA)
        days = reestimate_day_effects(sample, calendar, mean, size, days)
        sample = sample.on_days(days.log_factor, calendar.group)
    return days


def test_under_two_weeks_every_day_is_alike() -> None:
    _, sample, calendar = world(np.array([1, 1, 1.5, 1, 1, 0.7, 1, 1, 1, 1, 1, 1, 1.2]))
    days = settle(sample, calendar)
    assert np.all(days.weekday == 0)
    assert np.all(days.log_factor == 0)
    assert days.plan_mean == 0
    assert days.plan_sd == pytest.approx(SHOCK_SD / np.sqrt(13))  # the level itself rests on 13 days


def test_a_strong_weekday_is_found_and_shrunk_by_the_days_seen() -> None:
    """Eight weeks, one weekday 1.5 times: by hand WEEKDAY_SD^2 / (WEEKDAY_SD^2 + sigma^2 / 8), centred."""
    factor = np.where(np.arange(56) % 7 == 5, 1.5, 1.0)
    panel, sample, calendar = world(factor)
    days = settle(sample, calendar)
    strong = panel.weekday[0, 5]
    raw = np.where(np.arange(7) == strong, np.log(1.5), 0.0)
    by_hand = WEEKDAY_SD**2 / (WEEKDAY_SD**2 + days.sigma**2 / 8) * (raw - raw.mean())
    assert days.weekday == pytest.approx(by_hand, abs=0.02)
    assert days.weekday.sum() == pytest.approx(0, abs=1e-12)


def test_shocks_and_their_size_are_found() -> None:
    rng = np.random.default_rng(3)
    shock = 0.3 * rng.standard_normal(60)
    panel, sample, calendar = world(np.exp(shock))
    days = settle(sample, calendar)
    order = np.argsort(panel.day[0])
    found = days.log_factor[calendar.group[0, order]]
    assert np.corrcoef(found, shock)[0, 1] > 0.97
    assert 0.2 < days.sigma < 0.4


def test_a_festival_is_not_a_trend_and_not_a_curve() -> None:
    """Ten days at twice the orders, tagged: the factor is learned, the planning day is a plain one."""
    factor = np.ones(40)
    factor[25:35] = 2.0
    phase = ["promo" if f > 1 else "" for f in factor]
    _, sample, calendar = world(factor, phase)
    days = settle(sample, calendar)
    assert calendar.phases == ("promo",)
    assert np.exp(days.phase[0]) == pytest.approx(2.0, rel=0.15)
    assert abs(days.plan_mean - 0.5 * days.sigma**2) < 0.1


def in_phase(days: int, plan_phase: str) -> DayEffects:
    """So many days, the last five of them a promo at twice the orders, planned for a day of ``plan_phase``."""
    phase = [""] * (days - 5) + ["promo"] * 5
    _, sample, calendar = world(np.where(np.array(phase) == "promo", 2.0, 1.0), phase, plan_phase)
    return settle(sample, calendar)


@pytest.mark.parametrize("days", [10, 40])
def test_a_planning_date_in_a_known_phase_has_that_phase_s_effect(days: int) -> None:
    """All is linear: E[eta | promo] - E[eta | normal] is E[phase], and its variance lies within the prior's."""
    normal, promo = in_phase(days, ""), in_phase(days, "promo")
    assert promo.phase == pytest.approx(normal.phase, abs=1e-9)
    assert promo.phase[0] > 0.5
    assert promo.plan_mean - normal.plan_mean == pytest.approx(promo.phase[0], abs=1e-9)
    assert promo.plan_sd < np.hypot(normal.plan_sd, PHASE_SD)


@pytest.mark.parametrize("days", [10, 40])
def test_a_phase_never_seen_adds_its_whole_prior_and_no_other_change(days: int) -> None:
    """Independent of everything observed, so the mean stays and the variances add."""
    normal, unseen = in_phase(days, ""), in_phase(days, "618")
    assert unseen.plan_mean == pytest.approx(normal.plan_mean, abs=1e-12)
    assert unseen.plan_sd == pytest.approx(np.hypot(normal.plan_sd, PHASE_SD), abs=1e-12)
    assert unseen.log_factor == pytest.approx(normal.log_factor, abs=1e-12)


def test_before_any_data_a_festival_is_less_known_than_a_normal_day() -> None:
    _, _, normal = world(np.ones(3))
    _, _, festival = world(np.ones(3), plan_phase="618")
    assert no_day_effects(festival).plan_sd == pytest.approx(np.hypot(no_day_effects(normal).plan_sd, PHASE_SD))


def test_test_days_are_plain_days() -> None:
    _, _, calendar = world(np.ones(20), ["test"] * 20)
    assert calendar.phases == ()


def test_a_growing_shop_is_planned_at_its_end_but_growth_does_not_run_on() -> None:
    """Orders grow by 20 % over two months: tomorrow lies above the mean day and below a line's end."""
    growth = 0.2 * np.arange(60) / 60
    _, sample, calendar = world(np.exp(growth))
    days = settle(sample, calendar)
    ahead = days.plan_mean - 0.5 * days.sigma**2
    assert 0.03 < ahead < growth[-1] - growth.mean()


def test_the_estimate_is_the_textbook_posterior() -> None:
    """Written as one large Gaussian with every component a variable of its own, on days of unequal volume."""
    rng = np.random.default_rng(8)
    _, sample, calendar = world(np.exp(0.2 * rng.standard_normal(20)), [""] * 15 + ["promo"] * 5)
    days = settle(sample, calendar)
    mean, _ = sample.on_days(days.log_factor, calendar.group).expect(THETA)
    weight = np.bincount(calendar.group[sample.ok], curvature(sample.orders, mean, np.full((40, 1), 1e4))[sample.ok])
    gap = np.abs(np.arange(20)[:, None] - np.arange(20))  # grid reports have consecutive days, groups in order
    drift = DRIFT_SD**2 * np.exp(-gap / MEMORY)
    columns = [
        np.eye(7)[calendar.weekday],
        (calendar.phase == 0)[:, None] * 1.0,
        np.eye(20),
        np.eye(20),
        np.ones((20, 1)),
    ]
    design = np.concatenate(columns, axis=1)
    prior = np.zeros((49, 49))
    prior[:7, :7] = np.eye(7) / WEEKDAY_SD**2
    prior[7, 7] = 1 / PHASE_SD**2
    prior[8:28, 8:28] = np.linalg.inv(drift)
    prior[28:48, 28:48] = np.eye(20) / days.sigma**2
    observed = np.log(np.bincount(calendar.group[sample.ok], sample.orders[sample.ok]) / (MEAN * len(CELLS)))
    solution = np.linalg.solve(design.T @ (weight[:, None] * design) + prior, design.T @ (weight * observed))
    assert days.weekday == pytest.approx(solution[:7] - solution[:7].mean(), abs=2e-3)
    assert days.phase[0] == pytest.approx(solution[7], abs=2e-3)
    assert days.log_factor == pytest.approx((design[:, :48] @ solution[:48]), abs=2e-3)
