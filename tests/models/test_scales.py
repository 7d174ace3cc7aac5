"""A cell's cost scale: the shop's where spend merely moved, its own where it lies far away."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend_models.sample import SAME_SCALE, _scales

ALL = np.ones(5, dtype=bool)


def test_a_cell_cut_by_half_keeps_the_shops_scale() -> None:
    usual = np.log([500.0, 500.0, 500.0, 250.0, 1000.0])
    np.testing.assert_allclose(np.exp(_scales(usual, ALL)), 500.0, rtol=0.01)


def test_by_hand() -> None:
    """At the factor itself half of the way; at its cube, 3^4 / (3^4 + 1) of it; untried cells do not count."""
    usual = np.log([100.0, 100.0, 100.0, 100.0 * SAME_SCALE, 100.0 * SAME_SCALE**3])
    scales = np.exp(_scales(usual, ALL))
    assert scales[3] == pytest.approx(100.0 * np.sqrt(SAME_SCALE))
    assert scales[4] == pytest.approx(100.0 * SAME_SCALE ** (3 * 81 / 82))
    some = np.array([False, False, False, True, True])
    assert _scales(usual, some)[3] > _scales(usual, ALL)[3]


@given(st.lists(st.floats(-10, 10), min_size=5, max_size=5), st.floats(-5, 5))
def test_scales_keep_their_order_and_move_with_the_currency(usual: list[float], shift: float) -> None:
    logs = np.array(usual)
    scales = _scales(logs, ALL)
    assert (np.diff(scales[np.argsort(logs)]) >= -1e-12).all()
    np.testing.assert_allclose(_scales(logs + shift, ALL), scales + shift, atol=1e-9)
