"""Laws of the whole fit, for any report: what may not change the curves, and what every curve obeys."""

from __future__ import annotations

import copy
import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from adspend_models.bank import CurveBank
from adspend_models.fit import fit_curves
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import Prior
from oracles.made_reports import Row, cell_rows, day_after, fen, report_of

PRIOR = Prior(reference_cost=300, gmv_return=4, order_value=80)
PLAN = day_after(20)
SEGMENTS, SLOTS = ("老客", "新客", "达人相似"), ("08:00-10:00", "20:00-22:00")
CELLS = tuple(Cell(segment, slot) for segment in SEGMENTS for slot in SLOTS)
LEVELS = np.array([0.0, 1.0, 30.0, 300.0, 3000.0, 1e5])
SLOW = settings(max_examples=25, deadline=None)


def fit(report: TrafficReport, cells: tuple[Cell, ...] = CELLS, prior: Prior = PRIOR, draws: int = 60) -> PosteriorBank:
    return fit_curves(report, cells, plan_date=PLAN, prior=prior, rng=np.random.default_rng(7), draws=draws)


def costs_for(cells: int, levels: np.ndarray = LEVELS) -> np.ndarray:
    return np.tile(levels, (cells, 1))


rows = st.builds(
    Row,
    day=st.integers(0, 19),
    cost=st.one_of(st.none(), st.sampled_from([0.0, 0.01, 90.0, 300.0, 900.0]), st.floats(0.01, 5000)),
    orders=st.one_of(st.none(), st.integers(0, 60)),
    gmv=st.one_of(st.none(), st.floats(0, 9000)),
    segment=st.sampled_from(SEGMENTS),
    slot=st.sampled_from(SLOTS),
)
reports = st.lists(rows, max_size=40, unique_by=lambda row: (row.day, row.segment, row.slot))


@SLOW
@given(reports)
def test_every_curve_rises_from_zero_and_is_finite(made: list[Row]) -> None:
    bank: CurveBank = fit(report_of(made))
    for values in (bank.mean_orders(costs_for(6)), *bank.order_draws(costs_for(6))):
        assert np.isfinite(values).all()
        assert (values[:, 0] == 0).all()
        assert (np.diff(values, axis=1) >= 0).all()
    assert (bank.order_value > 0).all()


@SLOW
@given(reports)
def test_the_mean_curve_is_the_mean_of_the_drawn_curves(made: list[Row]) -> None:
    bank = fit(report_of(made), draws=37)  # not a multiple of the chunk the mean is taken in
    assert bank.mean_orders(costs_for(6)) == pytest.approx(bank.order_draws(costs_for(6)).mean(axis=0), rel=1e-9)


def test_returns_do_not_rise_beyond_the_tests() -> None:
    """Orders that grow with the square of cost up to 900 yuan: inside, the drawn Hill curves; beyond, at most a ray."""
    made = [
        Row(day=day, cost=cost, orders=round(cost**2 / 9000), gmv=cost**2 / 100, segment=segment, slot=slot)
        for segment in SEGMENTS
        for slot in SLOTS
        for day, cost in enumerate((90.0, 300.0, 900.0))
    ]
    bank = fit(report_of(made))
    cost = costs_for(6, np.array([300.0, 900.0, 1800.0, 9000.0, 90000.0]))
    level, half, exponent = (part[:, :, None] for part in (bank.curves.level, bank.curves.half, bank.curves.exponent))
    closed, draws = level / (1 + (half / cost) ** exponent), bank.order_draws(cost)
    assert draws[..., :2] == pytest.approx(closed[..., :2])
    assert draws[..., 2:] == pytest.approx(np.minimum(closed[..., 2:], closed[..., 1:2] * cost[:, 2:] / 900))
    assert np.mean(draws[..., 2] < 0.99 * closed[..., 2]) > 0.5, "the rule binds here"


@SLOW
@given(reports, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(made: list[Row], chance: object) -> None:
    mixed = list(made)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = fit(report_of(made)), fit(report_of(mixed))
    assert np.array_equal(first.curves.level, second.curves.level)
    assert np.array_equal(first.order_value, second.order_value)
    assert first.gradings == second.gradings


@SLOW
@given(reports, st.permutations(range(6)))
def test_permuting_the_cells_permutes_the_bank(made: list[Row], order: list[int]) -> None:
    first, second = fit(report_of(made)), fit(report_of(made), tuple(CELLS[i] for i in order))
    assert np.array_equal(first.mean_orders(costs_for(6))[order], second.mean_orders(costs_for(6)))
    assert tuple(first.gradings[i] for i in order) == second.gradings
    assert np.array_equal(first.tested_max[order], second.tested_max)


@SLOW
@given(reports)
def test_missing_days_are_as_if_absent(made: list[Row]) -> None:
    """A row without cost or orders says nothing of the curve, and one without GMV nothing of the order value."""
    whole = [row for row in made if row.cost is not None and row.orders is not None]
    first, second = fit(report_of(made)), fit(report_of(whole))
    assert first.mean_orders(costs_for(6)) == pytest.approx(second.mean_orders(costs_for(6)))


@SLOW
@given(reports)
def test_a_hundredfold_currency_changes_no_orders(made: list[Row]) -> None:
    """Costs and reference cost times 100, orders the same: every curve only stretches along its cost axis."""
    scaled = [
        Row(day=r.day, cost=fen(r.cost), orders=r.orders,
            gmv=r.gmv, segment=r.segment, slot=r.slot)
        for r in made
    ]  # fmt: skip
    dear = Prior(reference_cost=30_000, gmv_return=0.04, order_value=80)
    first, second = fit(report_of(made)), fit(report_of(scaled), prior=dear)
    assert second.mean_orders(costs_for(6, 100 * LEVELS)) == pytest.approx(first.mean_orders(costs_for(6)), rel=1e-3)
    assert [g.grade for g in first.gradings] == [g.grade for g in second.gradings]


@SLOW
@given(reports)
def test_the_same_seed_gives_the_same_bank_and_inputs_stay_as_they_were(made: list[Row]) -> None:
    report = report_of(made)
    before = report.rows.copy(deep=True)
    rng = np.random.default_rng(3)
    again = copy.deepcopy(rng)
    first = fit_curves(report, CELLS, plan_date=PLAN, prior=PRIOR, rng=rng, draws=30)
    second = fit_curves(report, CELLS, plan_date=PLAN, prior=PRIOR, rng=again, draws=30)
    assert np.array_equal(first.curves.level, second.curves.level)
    assert rng.bit_generator.state == again.bit_generator.state
    assert report.rows.equals(before)


def test_the_future_is_not_read() -> None:
    past = cell_rows([90, 300, 900, 300], [2, 5, 11, 6])
    future = cell_rows([9000], [5000], first=20)
    assert np.array_equal(fit(report_of(past)).curves.level, fit(report_of(past + future)).curves.level)


def test_other_cells_help_but_stay_out_of_the_bank() -> None:
    own = cell_rows([300], [4], segment="老客", slot="20:00-22:00")
    others = [
        row for i in range(8)
        for row in cell_rows([90, 300, 900] * 2, [9, 30, 88] * 2, segment="老客", slot=f"{i:02d}:00-{i + 1:02d}:00")
    ]  # fmt: skip
    cell = Cell("老客", "20:00-22:00")
    alone, helped = fit(report_of(own), (cell,)), fit(report_of(own + others), (cell,))
    assert helped.cells == (cell,)
    assert len(helped.observations) == len(helped.gradings) == 1
    at = np.array([[300.0]])
    assert helped.mean_orders(at)[0, 0] > 1.5 * alone.mean_orders(at)[0, 0]


def test_a_cell_without_orders_ends_low_but_above_zero() -> None:
    silent = cell_rows([300] * 10, [0] * 10, segment="老客", slot="20:00-22:00")
    selling = cell_rows([300, 600] * 5, [30, 50] * 5, segment="新客", slot="20:00-22:00")
    bank = fit(report_of(silent + selling), (Cell("老客", "20:00-22:00"), Cell("新客", "20:00-22:00")))
    low, high = bank.mean_orders(np.full((2, 1), 300.0))[:, 0]
    assert 0 < low < 0.5
    assert 24 < high < 36


def test_the_planned_weekday_scales_the_curve() -> None:
    """Four weeks with Saturdays at 1.5 times: a Saturday plan expects more than a Monday plan, less than 1.5 times."""
    counts = [30 if day % 7 != 5 else 45 for day in range(28)]
    report = report_of(cell_rows([250, 300, 350, 300] * 7, counts))
    cell = (Cell("新客", "20:00-22:00"),)
    monday, saturday = (
        fit_curves(report, cell, plan_date=day_after(day), prior=PRIOR, rng=np.random.default_rng(0))
        for day in (28, 33)
    )
    at = np.array([[300.0]])
    assert 1.15 < saturday.mean_orders(at)[0, 0] / monday.mean_orders(at)[0, 0] < 1.5


def test_the_cold_start_returns_what_the_prior_states() -> None:
    """300 yuan at a GMV return of 4 and 80 yuan an order: 15 orders a cell, on average over what is unknown."""
    bank = fit(report_of([]), draws=2000)
    orders = bank.mean_orders(np.full((6, 1), 300.0))[:, 0]
    assert orders == pytest.approx(np.full(6, 15.0), rel=0.03)
    assert bank.tested_max.tolist() == [0.0] * 6
    assert bank.order_value == pytest.approx(np.full(6, 80.0))
    assert all(grading.grade == "FAIL" for grading in bank.gradings)
    assert all(observed.cost.size == 0 for observed in bank.observations)


def test_an_empty_question_has_an_empty_answer() -> None:
    bank = fit(report_of([]), ())
    assert bank.mean_orders(np.empty((0, 3))).shape == (0, 3)
    assert bank.order_draws(np.empty((0, 3))).shape == (60, 0, 3)


def test_observations_keep_what_is_missing() -> None:
    report = report_of([Row(day=0, cost=90, orders=None, gmv=None), Row(day=2, cost=300, orders=4, gmv=320)])
    seen = fit(report, (Cell("新客", "20:00-22:00"),)).observations[0]
    assert [datetime.date.fromordinal(int(day)).day for day in seen.day] == [1, 3]
    assert seen.cost.tolist() == [90, 300]
    assert np.isnan(seen.orders[0])
    assert seen.gmv[1] == 320


@pytest.mark.parametrize(
    ("name", "value"), [("reference_cost", 0.0), ("gmv_return", -1.0), ("order_value", float("nan"))]
)
def test_a_prior_that_no_shop_can_mean_is_refused(name: str, value: float) -> None:
    numbers = {"reference_cost": 300.0, "gmv_return": 4.0, "order_value": 80.0} | {name: value}
    with pytest.raises(ValueError, match=f"{name} must be finite and above 0, but got {value}"):
        Prior(**numbers)


def test_repeated_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="cells must be distinct and draws at least 1, got 2 cells and 60 draws"):
        fit(report_of([]), (CELLS[0], CELLS[0]))
