"""Every family of curves keeps the same promises, so that one fit serves them all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend_models.hill import Hill
from adspend_models.shapes import HILL, LOGARITHMIC, LOGISTIC, MICHAELIS_MENTEN, POWER, SHAPES, Shape

shapes = st.sampled_from(SHAPES)
returns, halves, exponents = st.floats(-4, 4), st.floats(-3, 3), st.floats(-1, 1)
references = st.floats(0.1, 1e4)


@given(shapes, returns, halves, exponents, references)
def test_a_is_the_return_at_the_reference(shape: Shape, a: float, q: float, log_c: float, reference: float) -> None:
    curves = shape.curves(np.array([a, q, log_c]), np.array(reference))
    assert curves.value(np.array(reference)) / reference == pytest.approx(np.exp(a), rel=1e-9)


@given(shapes, returns, halves, exponents, references)
def test_both_forms_describe_one_curve(shape: Shape, a: float, q: float, log_c: float, reference: float) -> None:
    theta, v = np.array([[a, q, log_c]]), np.linspace(-4, 4, 9)[None, :]
    curves = shape.curves(theta[0], np.array(reference))
    expected = curves.value(reference * np.exp(v))
    assert shape.orders(theta, v) * reference == pytest.approx(expected, rel=1e-8)


@given(shapes, returns, halves, exponents)
def test_zero_at_zero_and_never_falling(shape: Shape, a: float, q: float, log_c: float) -> None:
    curves = shape.curves(np.array([a, q, log_c]), np.array(100.0))
    values = curves.value(100 * np.concatenate([[0.0], np.geomspace(1e-6, 1e6, 60)]))
    assert values[0] == 0
    assert np.all(np.isfinite(values))
    assert np.all(np.diff(values) >= 0)


@given(shapes, halves, exponents, st.floats(-5, 5))
def test_slopes_are_central_differences(shape: Shape, q: float, log_c: float, v: float) -> None:
    theta, ratio, step = np.array([[0.3, q, log_c]]), np.array([[v]]), 1e-6
    for axis, slope in enumerate(shape.slopes(theta, ratio), start=1):
        shift = step * np.eye(3)[axis]
        central = np.log(shape.orders(theta + shift, ratio) / shape.orders(theta - shift, ratio)) / (2 * step)
        assert slope == pytest.approx(central, abs=1e-6)


@given(shapes, halves, exponents)
def test_far_values_stay_numbers(shape: Shape, q: float, log_c: float) -> None:
    theta, v = np.array([[0.0, q, log_c]]), np.array([[-60.0, 60.0]])
    assert np.all(np.isfinite(shape.orders(theta, v)))
    assert all(np.all(np.isfinite(slope)) for slope in shape.slopes(theta, v))


def at(shape: Shape, theta: tuple[float, float, float], costs: list[float]) -> list[float]:
    """Orders at multiples of the reference cost 1."""
    values = shape.curves(np.array(theta), np.array(1.0)).value(np.array(costs))
    return [float(value) for value in values]


def test_anchors_by_hand() -> None:
    """One order at cost 1, half-saturation (where there is one) at 2."""
    q = float(np.log(2))
    # Michaelis-Menten with k = 2: 3 x / (2 + x); the exponent is ignored.
    assert at(MICHAELIS_MENTEN, (0, q, 0.7), [1, 2, 4]) == pytest.approx([1, 1.5, 2])
    # Hill with c = 2: 5 x^2 / (4 + x^2).
    assert at(HILL, (0, q, q), [1, 2, 4]) == pytest.approx([1, 2.5, 4])
    # Power: elasticity 1 / (1 + 1/2) = 2/3, what the Hill curve with c = 1 has at cost 1.
    assert at(POWER, (0, q, 0), [1, 8]) == pytest.approx([1, 4])
    # Logarithmic: log(1 + 3 x / 2) / log(2.5).
    assert at(LOGARITHMIC, (0, q, 0), [1, 2]) == pytest.approx([1, np.log(4) / np.log(2.5)])
    # Logistic: half of the height at k.
    one, half, top = at(LOGISTIC, (0, q, 0), [1, 2, 1e3])
    assert (one, half) == pytest.approx((1, top / 2))
    assert top == pytest.approx(1 / np.tanh(np.arctanh(0.5) / 2))


@given(returns, halves, exponents, references)
def test_hill_is_the_closed_form(a: float, q: float, log_c: float, reference: float) -> None:
    theta, costs = np.array([a, q, log_c]), reference * np.geomspace(0.01, 100, 7)
    closed = Hill.at_reference(theta, np.array(reference))
    assert HILL.curves(theta, np.array(reference)).value(costs) == pytest.approx(closed.value(costs))
