"""The rules on evidence by hand: every threshold on both of its sides, and the counting behind the evidence."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from adspend_models.bank import Grade
from adspend_models.evidence import CellEvidence
from adspend_models.grade import grade_cell
from adspend_models.observed_days import ages, count_levels, missing_days, suspect_units, top_days
from adspend_models.panel import read_panel
from oracles.made_reports import FIRST_DAY, cell_rows, day_after, report_of

SOUND = CellEvidence(
    tested_days=20, usable_days=20, missing_days=0, span_days=20, levels=5, lowest_cost=100, median_cost=250,
    highest_cost=450, total_cost=5000, orders=300, order_value=80, refund=0, refund_gmv=0, recent_share=0.3,
    top_day=FIRST_DAY.toordinal(), top_gmv_share=0.1, top_cost_share=0.08, top_orders=30, trimmed_share=0, age=1,
    phases=("",), unit_suspects=0, unit_ratio=1, natural_orders=0, elasticity=0.7, elasticity_error=0.1, band=0.2,
    convex_chance=0.1, converged=True, misfit_chance=0.5, misfit_cost=120, misfit_seen=2, misfit_expected=6,
    drift=0.1, drift_error=0.1, drift_days=20,
    habit_gap=0.1, habit_error=0.1, habit_tested=True, rides=0.1, day_swing=0.2,
)  # fmt: skip

BOUNDARIES = [
    ({"usable_days": 3}, Grade.PASS, {"usable_days": 2}, Grade.FAIL),
    ({"levels": 2}, Grade.PASS, {"levels": 1}, Grade.FAIL),
    ({"orders": 30.0}, Grade.PASS, {"orders": 29.0}, Grade.REVIEW),
    ({"orders": 1.0}, Grade.REVIEW, {"orders": 0.0}, Grade.FAIL),
    ({"band": 0.6}, Grade.PASS, {"band": 0.61}, Grade.REVIEW),
    ({"age": 13}, Grade.PASS, {"age": 14}, Grade.REVIEW),
    ({"age": 27}, Grade.REVIEW, {"age": 28}, Grade.FAIL),
    ({"trimmed_share": 0.19}, Grade.PASS, {"trimmed_share": 0.2}, Grade.REVIEW),
    ({"missing_days": 4}, Grade.PASS, {"missing_days": 5}, Grade.REVIEW),
    ({"recent_share": 0.5}, Grade.PASS, {"recent_share": 0.51}, Grade.REVIEW),
    ({"convex_chance": 0.5}, Grade.PASS, {"convex_chance": 0.51}, Grade.REVIEW),
    ({"misfit_chance": 0.01}, Grade.PASS, {"misfit_chance": 0.0099}, Grade.REVIEW),
    ({"drift": -0.26}, Grade.PASS, {"drift": -0.27}, Grade.REVIEW),
    ({"drift": 0.18, "drift_error": 0.01}, Grade.PASS, {"drift": 0.19, "drift_error": 0.01}, Grade.REVIEW),
    ({"drift": 0.5, "usable_days": 13}, Grade.PASS, {"drift": 0.5, "usable_days": 14}, Grade.REVIEW),
    ({"habit_gap": 0.23}, Grade.PASS, {"habit_gap": 0.24}, Grade.REVIEW),
    ({"rides": 0.52}, Grade.PASS, {"rides": 0.53}, Grade.REVIEW),  # 2.33 / sqrt(20) = 0.521
    ({"rides": 0.49, "usable_days": 60}, Grade.PASS, {"rides": 0.5, "usable_days": 60}, Grade.REVIEW),
    ({"rides": 0.9, "day_swing": 0.09}, Grade.PASS, {"rides": 0.9, "day_swing": 0.1}, Grade.REVIEW),
    ({"habit_gap": 0.23, "habit_tested": False}, Grade.PASS, {"habit_gap": 0.24, "habit_tested": False},
     Grade.REVIEW),  # 2.33 * 0.1
    ({"top_gmv_share": 0.59}, Grade.PASS, {"top_gmv_share": 0.6}, Grade.REVIEW),
    ({"top_gmv_share": 0.6, "top_cost_share": 0.31}, Grade.PASS,
     {"top_gmv_share": 0.63, "top_cost_share": 0.31}, Grade.REVIEW),
    # 95 % interval: 0.7 +- 1.96 * error holds 0 from an error of 0.357
    ({"elasticity_error": 0.35}, Grade.PASS, {"elasticity_error": 0.36}, Grade.REVIEW),
    # 90 % interval holds 0, estimate under 0.35: refused if the interval excludes 1 or after 14 days
    ({"elasticity": 0.34, "elasticity_error": 0.20, "usable_days": 5}, Grade.REVIEW,
     {"elasticity": 0.34, "elasticity_error": 0.21, "usable_days": 5}, Grade.FAIL),
    ({"elasticity": 0.3, "elasticity_error": 0.5, "usable_days": 13}, Grade.REVIEW,
     {"elasticity": 0.3, "elasticity_error": 0.5, "usable_days": 14}, Grade.FAIL),
    ({"elasticity": 0.3, "elasticity_error": 0.45, "usable_days": 13}, Grade.REVIEW,
     {"elasticity": 0.3, "elasticity_error": 0.40, "usable_days": 13}, Grade.FAIL),
    ({"elasticity": 0.36, "elasticity_error": 0.3}, Grade.REVIEW,
     {"elasticity": 0.34, "elasticity_error": 0.3}, Grade.FAIL),
    ({"elasticity": -0.2, "elasticity_error": 0.5, "usable_days": 5}, Grade.FAIL,
     {"elasticity": -0.2, "elasticity_error": 0.1, "usable_days": 5}, Grade.FAIL),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "grade_inside", "outside", "grade_outside"), BOUNDARIES)
def test_each_threshold_on_both_sides(
    inside: dict[str, float], grade_inside: Grade, outside: dict[str, float], grade_outside: Grade
) -> None:
    assert grade_cell(dataclasses.replace(SOUND, **inside)).grade is grade_inside  # type: ignore[arg-type]
    assert grade_cell(dataclasses.replace(SOUND, **outside)).grade is grade_outside  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "mild"),
    [
        ({"phases": ("", "618")}, True),
        ({"natural_orders": 1}, True),
        ({"phases": ("", "618"), "natural_orders": 1}, True),
        ({"age": 20}, False),
        ({"phases": ("", "618"), "age": 20}, False),
    ],
)
def test_a_review_for_what_the_curve_has_accounted_for_is_mild(change: dict[str, object], mild: bool) -> None:
    grading = grade_cell(dataclasses.replace(SOUND, **change))
    assert (grading.grade, grading.mild) == (Grade.REVIEW, mild)


def test_a_test_on_normal_days_mixes_no_phases() -> None:
    assert grade_cell(dataclasses.replace(SOUND, phases=("", "test"))).grade is Grade.PASS
    assert grade_cell(dataclasses.replace(SOUND, phases=("618", "test"))).grade is Grade.REVIEW


def test_noise_that_is_refused_is_not_repeated_as_a_doubt() -> None:
    grading = grade_cell(dataclasses.replace(SOUND, elasticity=0.1, elasticity_error=0.2))
    assert len(grading.reasons) == 1


def test_every_sentence_exists_in_both_languages() -> None:
    worst = dataclasses.replace(
        SOUND, converged=False, levels=2, orders=5, refund=9, refund_gmv=1, top_gmv_share=0.9, trimmed_share=0.5,
        elasticity_error=0.9, band=2, age=20, phases=("", "618"), natural_orders=1, missing_days=9, convex_chance=0.9,
        recent_share=0.9, unit_suspects=1, unit_ratio=100, misfit_chance=0.001,
        drift=-1.0, habit_gap=0.5, rides=0.9,
    )  # fmt: skip
    reasons = grade_cell(worst).reasons
    assert len(reasons) == 18  # a shop with test days is not judged without them
    assert len(set(reasons)) == 18
    for reason in reasons:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in reason.zh)
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in reason.en)


def test_levels_by_hand() -> None:
    """100, 110, 124 are one level (up to 125); 126 opens the second, which holds up to 157.5; 200 the third."""
    cost = np.array([[124.0, 100.0, 200.0, 126.0, 110.0, 157.0], [50.0, 50.0, np.nan, np.nan, np.nan, np.nan]])
    assert count_levels(cost, np.isfinite(cost)).tolist() == [3, 1]
    assert count_levels(cost, np.zeros_like(cost, dtype=bool)).tolist() == [0, 0]


def test_gaps_top_day_and_age_by_hand() -> None:
    rows = cell_rows([100.0, 100.0], [1, 3]) + cell_rows([100.0, 200.0], [2, 6], first=5)
    panel = read_panel(report_of(rows), [], day_after(10))
    missing, span = missing_days(panel)
    assert (missing.tolist(), span.tolist()) == ([3], [7])
    day, gmv_share, cost_share, orders = top_days(panel)
    assert day.tolist() == [FIRST_DAY.toordinal() + 6]
    assert gmv_share == pytest.approx([0.5])
    assert cost_share == pytest.approx([0.4])
    assert orders.tolist() == [6]
    assert ages(panel, day_after(10)).tolist() == [4]


def test_unit_suspects_need_both_a_jump_in_cost_and_orders_that_stay() -> None:
    """Median 100 yuan and 10 orders: 10,000 yuan with 10 orders is suspect, with 400 orders it is a scale-up."""
    base = [100.0] * 5
    for orders, suspects in ((10, 1), (400, 0)):
        panel = read_panel(report_of(cell_rows([*base, 10_000.0], [10] * 5 + [orders])), [], day_after(10))
        suspect, ratio = suspect_units(panel)
        assert suspect.sum() == suspects
        assert ratio[0, 5] == pytest.approx(100)
