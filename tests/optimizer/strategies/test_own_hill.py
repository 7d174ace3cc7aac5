"""One cell's own curve by least squares: it finds the curve that made the data, and says nothing where it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from adspend.strategies.own_hill import OwnHill, fit_own_hills

COST = np.array([[120.0, 80.0], [300.0, 200.0], [700.0, 450.0], [1_500.0, 900.0], [2_600.0, 1_600.0]])


def test_it_finds_the_curve_that_made_the_data() -> None:
    """Two Hill curves, concave and S-shaped, without noise."""
    truth = OwnHill(top=np.array([9_000.0, 4_000.0]), half=np.array([800.0, 500.0]), shape=np.array([1.0, 2.2]))
    found = fit_own_hills(COST, truth.gmv(COST.T).T)
    assert found.top == pytest.approx(truth.top, rel=1e-4)
    assert found.half == pytest.approx(truth.half, rel=1e-4)
    assert found.shape == pytest.approx(truth.shape, rel=1e-4)


def test_days_unknown_or_without_cost_say_nothing() -> None:
    truth = OwnHill(top=np.array([9_000.0]), half=np.array([800.0]), shape=np.array([1.3]))
    gmv = truth.gmv(COST[:, :1].T).T
    more = np.vstack([COST[:, :1], [[0.0]], [[np.nan]], [[500.0]]])
    found = fit_own_hills(more, np.vstack([gmv, [[0.0]], [[np.nan]], [[np.nan]]]))
    assert found.gmv(np.array([640.0])) == pytest.approx(truth.gmv(np.array([640.0])), rel=1e-4)


def test_two_days_are_a_line_and_no_sale_is_nothing() -> None:
    """(100 + 300) / (200 + 400) of GMV a yuan, in proportion."""
    cost = np.array([[200.0, 200.0], [400.0, 400.0]])
    found = fit_own_hills(cost, np.array([[100.0, 0.0], [300.0, 0.0]]))
    assert found.gmv(np.array([[600.0], [600.0]])) == pytest.approx(np.array([[400.0], [0.0]]), rel=1e-5)


def test_the_slope_is_the_difference_quotient() -> None:
    curve = OwnHill(top=np.array([9_000.0, 4_000.0]), half=np.array([800.0, 500.0]), shape=np.array([0.8, 2.2]))
    at, h = np.array([350.0, 700.0]), 1e-3
    assert curve.slope(at) == pytest.approx((curve.gmv(at + h) - curve.gmv(at - h)) / (2 * h), rel=1e-6)
