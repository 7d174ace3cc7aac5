"""The Hill curve's closed forms against finite differences, root finding and hand-computed numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from adspend_models.hill import Hill

heights, halves, shapes = st.floats(0.1, 1e5), st.floats(0.1, 1e5), st.floats(0.3, 4.0)
ratios = st.floats(0.01, 100.0)


def hill(height: float, half: float, shape: float) -> Hill:
    return Hill(height=np.float64(height), half=np.float64(half), shape=np.float64(shape))


def test_numbers_a_reader_can_check() -> None:
    """M = 12, k = 100, c = 2: H(100) = 6, H(200) = 12 * 4 / 5; steepest at 100 / sqrt(3), tangent at 100."""
    curve = hill(12, 100, 2)
    assert curve.value(np.array([0.0, 100.0, 200.0])) == pytest.approx([0.0, 6.0, 9.6])
    assert curve.inverse(np.float64(9.6)) == pytest.approx(200)
    assert curve.inflection == pytest.approx(100 / np.sqrt(3))
    assert curve.tangent == pytest.approx(100)
    assert curve.derivative(np.float64(100)) == pytest.approx(12 * 2 * 0.25 / 100)


@given(heights, halves, shapes, ratios)
def test_derivative_is_the_central_difference(height: float, half: float, shape: float, ratio: float) -> None:
    curve, x = hill(height, half, shape), half * ratio
    step = 1e-5 * x
    central = (curve.value(np.float64(x + step)) - curve.value(np.float64(x - step))) / (2 * step)
    assert curve.derivative(np.float64(x)) == pytest.approx(central, rel=1e-5, abs=1e-9 * height / x)


@given(heights, halves, shapes, st.floats(0.001, 0.999))
def test_inverse_is_the_root(height: float, half: float, shape: float, share: float) -> None:
    curve = hill(height, half, shape)
    exact = float(curve.inverse(np.float64(share * height)))
    found = brentq(lambda z: float(curve.value(np.float64(np.exp(z)))) / height - share, -60, 60, xtol=1e-12)
    assert exact == pytest.approx(np.exp(found), rel=1e-6)


@given(heights, halves, st.floats(1.05, 4.0))
def test_slope_peaks_at_the_inflection_and_average_return_at_the_tangent(
    height: float, half: float, shape: float
) -> None:
    curve = hill(height, half, shape)
    near = np.array([0.9, 1.0, 1.1])
    assert np.argmax(curve.derivative(curve.inflection * near)) == 1
    average = curve.value(curve.tangent * near) / (curve.tangent * near)
    assert np.argmax(average) == 1
    assert average[1] == pytest.approx(curve.derivative(curve.tangent), rel=1e-9)


@given(heights, halves, st.floats(0.3, 1.0))
def test_a_concave_curve_has_neither(height: float, half: float, shape: float) -> None:
    assert hill(height, half, shape).inflection == 0
    assert hill(height, half, shape).tangent == 0


@given(heights, halves, shapes)
def test_rises_from_zero_to_the_height(height: float, half: float, shape: float) -> None:
    values = hill(height, half, shape).value(half * np.concatenate([[0.0], np.geomspace(1e-8, 1e8, 60)]))
    assert values[0] == 0
    assert np.all(np.diff(values) >= 0)
    assert values[-1] <= height


def test_refuses_parameters_that_are_no_curve() -> None:
    with pytest.raises(ValueError, match=r"height must be finite and above 0, but got -1\.0"):
        hill(-1, 100, 1)
