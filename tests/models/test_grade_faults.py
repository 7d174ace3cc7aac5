"""Data that are formally right but mean little: each fault of the catalogue's part B gets its grade and its sentence.

The base is a sound cell, 20 days at seven levels; each test spoils one thing, so the reason can only be that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from adspend_datasets.cell import Cell
from adspend_models.bank import Grade, Grading
from adspend_models.fit import fit_curves
from adspend_models.prior import Prior
from oracles.made_reports import Row, cell_rows, day_after, report_of

PRIOR = Prior(reference_cost=300, gmv_return=4, order_value=80)
CELL = Cell("新客", "20:00-22:00")
DAYS = 20
LEVELS = [100, 200, 300, 150, 450, 250, 380, 120, 300, 220]
COSTS = [float(cost) for cost in LEVELS * 2]


def sold(cost: float, scale: float = 1.0) -> int:
    """Orders of a concave curve, 20 at 300 yuan."""
    return round(scale * 40 * cost / (300 + cost))


SOUND = cell_rows(COSTS, [sold(cost) for cost in COSTS])
Change = Callable[[Row], Row]


def grade(rows: list[Row], plan_day: int = DAYS) -> Grading:
    bank = fit_curves(report_of(rows), [CELL], plan_date=day_after(plan_day), prior=PRIOR, rng=np.random.default_rng(0))
    return bank.gradings[0]


def english(grading: Grading) -> list[str]:
    return [reason.en for reason in grading.reasons]


def spoilt(change: Change) -> list[Row]:
    return [change(row) for row in SOUND]


def test_a_sound_cell_passes_and_says_what_it_rests_on() -> None:
    grading = grade(SOUND)
    assert grading.grade is Grade.PASS
    [reason] = grading.reasons
    assert reason.en.startswith("rests on 20 days, 5 spend levels (100 to 450 yuan a day) and 342 orders; ")
    assert reason.zh.startswith("依据 20 天、5 个花费档位（100–450 元/天）、342 单；花费每增 1%，订单约增 0.")


def test_never_tested() -> None:
    for rows in ([], [Row(day=0, cost=0, orders=0, gmv=0)], [Row(day=0, cost=None, orders=3)]):
        never = grade([])
        assert grade(rows) == Grading(grade=Grade.FAIL, reasons=never.reasons, thin=True, fact=never.fact)
    assert english(grade([])) == ["never tested: the curve is the shop's prior alone; run a small test first"]


def test_b1_one_spend_level() -> None:
    """Costs within 25 % are one level, however many days."""
    grading = grade(cell_rows([300.0, 310.0, 290.0, 330.0] * 5, [20] * 20))
    assert grading.grade is Grade.FAIL
    assert grading.reasons[0].zh == "只有一个花费档位，无法判断加钱后的效果；建议再测 ×0.5 与 ×1.5（152 元与 458 元）"
    assert grading.reasons[0].en == (
        "only one spend level: what more money does cannot be told; test x0.5 and x1.5 next (152 and 458 yuan)"
    )


@pytest.mark.parametrize("rows", [[], cell_rows([300.0] * 20, [20] * 20), cell_rows([300.0], [0])])
def test_the_fact_is_the_worst_reason_without_the_test_it_advises(rows: list[Row]) -> None:
    """What a cell under test is told: to advise a test there would be idle."""
    grading = grade(rows)
    assert grading.fact is not None
    for reason, fact in ((grading.reasons[0].en, grading.fact.en), (grading.reasons[0].zh, grading.fact.zh)):
        assert reason.startswith(fact)
        assert "test x" not in fact
        assert "run a" not in fact
        assert "请" not in fact
        assert "建议" not in fact


def test_b2_two_levels_within_noise() -> None:
    grading = grade(cell_rows([200.0, 300.0] * 4, [12, 13, 16, 18, 13, 15, 15, 14]))
    assert grading.grade is Grade.REVIEW
    assert english(grading)[0].startswith("2 spend levels on 8 days differ by no more than noise (elasticity 0.")


def test_b3_no_orders_bounds_by_the_rule_of_three() -> None:
    """20 days, 4,940 yuan: at most 3 / 4940 orders a yuan, which at 80 yuan an order is an ROI of 0.049."""
    grading = grade(spoilt(lambda row: dataclasses.replace(row, orders=0, gmv=0.0)))
    assert grading.grade is Grade.FAIL
    assert english(grading)[0] == (
        "no order on 20 days and 4,940 yuan: with 95 % confidence at most 0.00061 orders per yuan (ROI at most 0.049)"
    )


def test_b4_orders_that_fall_with_cost() -> None:
    grading = grade(cell_rows(COSTS, [sold(60_000 / cost) for cost in COSTS]))
    assert grading.grade is Grade.FAIL
    assert english(grading)[0].startswith("orders fall as cost rises (elasticity -0.")
    assert english(grading)[0].endswith("the curve is fitted as rising: find the cause first")


def test_no_response_after_a_fair_chance() -> None:
    """Twenty orders a day whatever is spent."""
    grading = grade(cell_rows(COSTS, [20, 19, 21, 22, 18] * 4))
    assert grading.grade is Grade.FAIL
    assert "orders do not follow cost" in english(grading)[0]
    assert "no better than noise; test again with levels further apart" in english(grading)[0]


def test_no_response_yet_is_only_a_doubt() -> None:
    """The same flat orders, a handful of them on five days: too early to refuse."""
    grading = grade(cell_rows([100.0, 300.0, 200.0, 400.0, 150.0], [2, 1, 1, 2, 2]))
    assert grading.grade is Grade.REVIEW
    assert "differ by no more than noise" in english(grading)[0]


def test_b5_returns_still_increasing() -> None:
    grading = grade(cell_rows(COSTS, [round(0.0006 * cost**2) for cost in COSTS]))
    assert grading.grade is Grade.REVIEW
    assert any(
        reason.startswith("returns may still be increasing at the highest tested cost, 450 yuan (chance ")
        for reason in english(grading)
    )


def test_b6_one_day_carries_the_gmv() -> None:
    """One day of twenty with an order of 60,000 yuan."""
    grading = grade([*SOUND[:-1], dataclasses.replace(SOUND[-1], gmv=60_000.0)])
    assert grading.grade is Grade.REVIEW
    assert english(grading)[0] == (
        "one day (2026-06-20) carries 70% of the GMV on 4% of the cost: check for an unusual order"
    )
    assert "of the GMV comes from orders far above the usual value; the curve counts " in english(grading)[1]


def test_b6_one_order_carries_the_gmv() -> None:
    single = spoilt(lambda row: dataclasses.replace(row, orders=1, gmv=80.0))
    rows = [*single[:-1], dataclasses.replace(single[-1], gmv=9_000.0)]
    assert any(reason.startswith("one order (2026-06-20) carries 86% of the GMV") for reason in english(grade(rows)))


def test_b6_a_dear_day_may_carry_much_gmv() -> None:
    """A test at three wide levels: the top level has 70 % of the GMV because it has 70 % of the cost."""
    rows = cell_rows([90.0, 300.0, 900.0], [9, 28, 84])
    assert not any("carries" in reason for reason in english(grade(rows, 3)))


def test_b7_refunds_above_gmv() -> None:
    grading = grade(spoilt(lambda row: dataclasses.replace(row, refund=100.0 * (row.orders or 0))))
    assert grading.grade is Grade.REVIEW
    assert english(grading) == [
        "refunds of 34,200 yuan exceed the GMV of 27,360 yuan: net sales are negative; mend that before scaling"
    ]


def test_b8_recent_refunds_are_not_final() -> None:
    fresh = [
        dataclasses.replace(row, refund=20.0, orders=(row.orders or 0) * (6 if row.day >= 13 else 1)) for row in SOUND
    ]
    assert any("whose refunds are still coming in: net sales will be lower" in text for text in english(grade(fresh)))
    unknown = [dataclasses.replace(row, refund=None) for row in fresh]
    assert not any("refunds" in reason for reason in english(grade(unknown)))


def test_b9_festival_days_among_normal_days() -> None:
    grading = grade([dataclasses.replace(row, phase="618" if row.day > 14 else "") for row in SOUND])
    assert grading.grade is Grade.REVIEW
    assert grading.reasons[0].zh == "混用了不同阶段的数据（日常、618），大促与日常的曲线不能互相代替"
    assert english(grading) == [
        "days of different phases are mixed (normal days, 618): a festival's curve does not hold on a normal day"
    ]
    assert grade([dataclasses.replace(row, phase="618") for row in SOUND]).grade is Grade.PASS


@pytest.mark.parametrize(
    ("idle", "expected", "reason"),
    [
        (13, Grade.PASS, "rests on 20 days"),
        (14, Grade.REVIEW, "the last day with cost was 14 days ago (over 14): the curve may have moved"),
        (27, Grade.REVIEW, "the last day with cost was 27 days ago (over 14): the curve may have moved"),
        (28, Grade.FAIL, "stale: the last day with cost was 28 days ago (limit 28); test again"),
    ],
)
def test_b10_old_curves(idle: int, expected: Grade, reason: str) -> None:
    grading = grade(SOUND, plan_day=DAYS - 1 + idle)
    assert grading.grade is expected
    assert english(grading)[0].startswith(reason)


@pytest.mark.parametrize("factor", [100.0, 0.01])
def test_b12_fen_among_yuan(factor: float) -> None:
    """Two days in another unit: named, left out of the fit, and the rest still gives the curve."""
    mixed = [dataclasses.replace(row, cost=factor * row.cost) if row.day in (4, 9) else row for row in SOUND]
    bank = fit_curves(report_of(mixed), [CELL], plan_date=day_after(DAYS), prior=PRIOR, rng=np.random.default_rng(0))
    [first, *_] = english(bank.gradings[0])
    assert bank.gradings[0].grade is Grade.FAIL
    assert first.startswith("suspected unit error: on 2 days cost is about ")
    assert first.endswith("times off the median while orders did not follow; check fen against yuan and import again")
    assert bank.mean_orders(np.array([[300.0]]))[0, 0] == pytest.approx(20, rel=0.15)


def test_b12_a_true_scale_up_is_no_unit_error() -> None:
    rows = cell_rows([100.0, 120.0, 90.0, 150.0, 110.0, 4000.0], [10, 12, 9, 15, 11, 240])
    assert not any("unit" in reason for reason in english(grade(rows)))


def test_b15_orders_without_cost() -> None:
    idle = cell_rows([0.0] * 4, [5, 3, 4, 4], first=DAYS)
    grading = grade(SOUND + idle, plan_day=DAYS + 4)
    assert grading.grade is Grade.REVIEW
    assert english(grading) == [
        "orders come on days without cost (about 3.2 a day): natural traffic, kept out of the curve"
    ]


def test_b16_a_fit_that_did_not_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adspend_models.empirical_bayes.STUCK", 0.0)
    grading = grade(SOUND)
    assert grading.grade is Grade.FAIL
    assert english(grading)[0] == "the fit did not converge: keep using the previous curve"


def test_fewer_than_three_days() -> None:
    grading = grade(cell_rows([100.0, 300.0], [9, 20]), 2)
    assert grading.grade is Grade.FAIL
    assert english(grading)[0] == "only 2 usable days; at least 3 are needed"


def test_few_orders_are_counted() -> None:
    grading = grade(cell_rows(COSTS, [round(cost / 200) for cost in COSTS]))
    assert grading.grade is Grade.REVIEW
    assert any(reason.startswith("few orders: 26 on 20 days (at least 30 advised)") for reason in english(grading))


def test_a20_gaps_are_not_zeros() -> None:
    """Six days without orders in the export: the curve stays, the gap is named."""
    holes = [dataclasses.replace(row, orders=None, gmv=None) if row.day % 3 == 1 else row for row in SOUND]
    grading = grade(holes)
    assert english(grading) == ["7 of 20 days are missing or incomplete (missing is not counted as 0)"]
    whole, holed = (
        fit_curves(report_of(rows), [CELL], plan_date=day_after(DAYS), prior=PRIOR, rng=np.random.default_rng(0))
        for rows in (SOUND, holes)
    )
    at = np.array([[300.0]])
    assert holed.mean_orders(at)[0, 0] == pytest.approx(whole.mean_orders(at)[0, 0], rel=0.05)


def test_a20_days_the_whole_report_lacks_are_gaps_but_a_paused_cell_is_none() -> None:
    kept = [row for row in SOUND if row.day % 3]
    assert english(grade(kept))[0].startswith("6 of 19 days are missing")
    other = cell_rows(COSTS, [sold(cost) for cost in COSTS], segment="老客")
    assert grade(kept + other).grade is Grade.PASS


def test_a_wide_band_is_named() -> None:
    wild = [60, 2, 5, 1, 90, 2, 40, 1, 4, 22, 1, 9, 70, 2, 30, 4, 33, 1, 60, 3]
    grading = grade(cell_rows(COSTS[:6], wild[:6]), 6)
    assert any("are uncertain by about +-" in reason and "(80 % band)" in reason for reason in english(grading))


def test_reasons_stand_worst_first() -> None:
    """A stale cell with few orders: the refusal before the doubts."""
    grading = grade(cell_rows(COSTS, [round(cost / 200) for cost in COSTS]), plan_day=60)
    assert grading.grade is Grade.FAIL
    assert english(grading)[0].startswith("stale")
    assert any(reason.startswith("few orders") for reason in english(grading)[1:])


def test_only_a_fail_that_more_data_cures_is_thin() -> None:
    """Two days are too few; orders that fall as cost rises are a fault however many days there are."""
    few = grade([Row(day=t, cost=300 * (t + 1), orders=5) for t in range(2)])
    falls = grade([Row(day=t, cost=300 * (1 + t % 5), orders=100 - 18 * (t % 5)) for t in range(20)])
    assert (few.grade, few.thin) == (Grade.FAIL, True)
    assert (falls.grade, falls.thin) == (Grade.FAIL, False)
