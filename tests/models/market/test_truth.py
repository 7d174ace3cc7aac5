"""The true curves: Hill against hand-computed anchors and exact fractions, its S-shape, and the weekday factor."""

from __future__ import annotations

import datetime
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend_datasets.cell import Cell
from adspend_models.market.luck import Floats
from adspend_models.market.sample_shop import AUDIENCES, HOURS, SEGMENTS, SLOTS, WEEKDAY_FACTORS, sample_truth
from adspend_models.market.truth import HillTruth
from adspend_models.market.weekday import WeekdayTruth

MONDAY = datetime.date(2026, 11, 16)


def hill(ceiling: float, half: float, shape: float) -> HillTruth:
    one = (np.array([number]) for number in (ceiling, half, shape, 300.0))
    top, middle, exponent, value = one
    return HillTruth(cells=(Cell("新客", "ALL"),), ceiling=top, half_cost=middle, shape=exponent, order_value=value)


def orders(truth: HillTruth, cost: list[float]) -> Floats:
    return truth.mean_orders(MONDAY, np.array([cost])).ravel()


def test_anchors_that_a_reader_can_verify() -> None:
    """Ceiling 40, half 1,000: shape 1 gives 40 x/(x + 1000); shape 2 gives 40 x^2/(x^2 + 10^6)."""
    assert orders(hill(40, 1_000, 1), [0, 1_000, 3_000]).tolist() == pytest.approx([0, 20, 30])
    assert orders(hill(40, 1_000, 2), [500, 1_000, 3_000]).tolist() == pytest.approx([8, 20, 36])


@given(
    ceiling=st.integers(1, 500),
    half=st.integers(10, 5_000),
    shape=st.integers(1, 3),
    cost=st.integers(0, 20_000),
)
def test_whole_exponents_agree_with_exact_fractions(ceiling: int, half: int, shape: int, cost: int) -> None:
    want = Fraction(ceiling * cost**shape, cost**shape + half**shape)
    got = orders(hill(ceiling, half, shape), [float(cost)])[0]
    assert got == pytest.approx(float(want), rel=1e-12)


@given(half=st.floats(300, 4_000), shape=st.floats(1.2, 2.6))
def test_a_shape_above_one_is_convex_before_its_inflection_and_concave_after(half: float, shape: float) -> None:
    """The second derivative changes sign at half * ((a - 1) / (a + 1))^(1/a), found by hand from the formula."""
    turn = half * ((shape - 1) / (shape + 1)) ** (1 / shape)
    grid = turn * np.array([0.3, 0.6, 0.9, 1.1, 1.6, 3.0])
    width = 0.02 * turn
    around = np.array([grid - width, grid, grid + width])
    low, middle, high = (orders(hill(100, half, shape), list(row)) for row in around)
    bend = high - 2 * middle + low
    assert np.all(bend[:3] > 0), f"convex before {turn:.0f}, but bends {bend}"
    assert np.all(bend[3:] < 0), f"concave after {turn:.0f}, but bends {bend}"


def test_a_shape_of_one_is_concave_everywhere() -> None:
    assert np.all(np.diff(orders(hill(100, 900, 1), list(np.arange(0.0, 9_000.0, 100.0))), n=2) < 0)


def test_cost_may_be_a_column_or_a_table() -> None:
    truth = sample_truth(1)
    cost = np.full(len(truth.cells), 1_234.0)
    table = truth.mean_orders(MONDAY, np.column_stack([cost, 2 * cost]))
    assert table[:, 0].tolist() == truth.mean_orders(MONDAY, cost).tolist()


def test_the_weekday_multiplies_and_averages_out() -> None:
    base = hill(40, 1_000, 1)
    week = WeekdayTruth(truth=base, factors=WEEKDAY_FACTORS)
    days = [MONDAY + datetime.timedelta(days=k) for k in range(7)]
    got = [float(week.mean_orders(day, np.array([1_000.0]))[0]) for day in days]
    assert got == pytest.approx([20 * factor for factor in WEEKDAY_FACTORS])
    assert sum(got) / 7 == pytest.approx(20)
    assert week.cells == base.cells
    assert week.order_value is base.order_value


def test_the_sample_truth_covers_the_grid_and_reaches_its_stated_roi() -> None:
    """At a cell's half-saturation cost its ROI is the stated one, up to the cell's own lognormal part."""
    truth = sample_truth(20261123)
    assert [(c.segment, c.slot) for c in truth.cells] == [(s, t) for s in SEGMENTS for t in SLOTS]
    assert isinstance(truth.truth, HillTruth)
    half, base = truth.truth.half_cost, truth.truth
    roi = base.mean_orders(MONDAY, half) * truth.order_value / half
    stated = np.array([a.roi * h.roi for a in AUDIENCES for h in HOURS])
    own = np.log(roi / stated)
    assert abs(own).max() < 4 * 0.18
    assert abs(own.mean()) < 4 * 0.18 / 6, "the cells' own parts average out"
    assert 1 <= base.shape.min() < base.shape.max() == 2.6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ceiling": -1.0}, "`ceiling` must be above 0 in every cell, but got -1.0"),
        ({"half": 0.0}, "`half_cost` must be above 0 in every cell, but got 0.0"),
        ({"shape": float("nan")}, "`shape` must be above 0 in every cell, but got nan"),
    ],
)
def test_impossible_curves_are_refused(change: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        hill(**({"ceiling": 1.0, "half": 1.0, "shape": 1.0} | change))


def test_parameters_of_the_wrong_length_are_refused() -> None:
    two = np.ones(2)
    with pytest.raises(ValueError, match=r"`ceiling` must have shape \(1,\), but got \(2,\)"):
        HillTruth(cells=(Cell("a", "b"),), ceiling=two, half_cost=two, shape=two, order_value=two)


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ((1.0,) * 6, "`factors` must be 7 numbers above 0"),
        ((0.0,) + (7 / 6,) * 6, "`factors` must be 7 numbers above 0"),
        ((1.1,) * 7, "`factors` must average 1, but their sum is 7.7"),
    ],
)
def test_impossible_weekdays_are_refused(factors: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        WeekdayTruth(truth=hill(1, 1, 1), factors=factors)
