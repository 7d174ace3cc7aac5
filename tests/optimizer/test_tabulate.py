"""Curves as tables: points on the grid, chords close to the curve, measures exact at every point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend.bank_curves import MOST_POINTS, spaced_points
from adspend.tabulate import tabulate
from adspend.value_curves import Expected
from adspend_datasets.cell import Cell
from adspend_models.bank import Floats


@given(st.integers(1, 500), st.integers(0, 5000), st.sampled_from([1, 100, 2500, 10_000]))
def test_points_rise_on_the_grid_from_end_to_end(low: int, extra: int, step: int) -> None:
    points = spaced_points(low * step, (low + extra) * step, step)
    assert points[0] == low * step
    assert points[-1] == (low + extra) * step
    assert (np.diff(points) > 0).all()
    assert (points % step == 0).all()
    assert points.size <= MOST_POINTS
    if extra < MOST_POINTS:
        assert points.size == extra + 1  # few enough: every spend is a point, and the table is the curve


def chord_error(shape: float, half: float, step: int) -> float:
    """The largest distance of table and curve at a spend of the grid, as a share of the curve's value there."""
    points = spaced_points(300_00, 6000_00, step)
    spend = np.arange(300_00, 6000_00 + 1, step)
    curve = spend**shape / (spend**shape + (100 * half) ** shape)
    table = np.interp(spend, points, points**shape / (points**shape + (100 * half) ** shape))
    return float(np.abs(table / curve - 1).max())


@pytest.mark.parametrize(("step", "most_shape", "claim"), [(100, 2.0, 0.00062), (100, 3.0, 0.0019)])
def test_chords_stay_as_close_to_the_curve_as_claimed(step: int, most_shape: float, claim: float) -> None:
    """The figures beside MOST_POINTS, for half-saturations from a tenth of the minimum to thrice the maximum."""
    shapes = [shape for shape in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0) if shape <= most_shape]
    errors = [chord_error(shape, half, step) for shape in shapes for half in np.geomspace(30, 18_000, 40)]
    assert 0.9 * claim < max(errors) < claim


def test_a_platform_s_steps_are_all_points() -> None:
    """300 to 6,000 yuan by the hundred: 58 points, and nothing between them."""
    assert spaced_points(300_00, 6000_00, 100_00).tolist() == list(range(300_00, 6000_01, 100_00))


@dataclass(frozen=True)
class Line:
    """Curves that earn ``rate`` yuan per yuan and bring an order every 50 yuan; a hundredth of a fen is not whole."""

    cells: tuple[Cell, ...]
    rate: float

    def expected(self, cost: Floats) -> Expected:
        return Expected(value=cost * self.rate, orders=cost / 50, gmv=cost * 4)


def test_tables_hold_the_curve_in_micro_units() -> None:
    """By hand at 1 and 300.01 yuan: value 2.5 a yuan, an order every 50, net value after the spend."""
    curves = Line((Cell("a", "x"), Cell("b", "x")), 2.5)
    first, second = tabulate(curves, [np.array([100, 30_001]), None])  # type: ignore[arg-type]  # only what it reads
    assert second is None
    assert first is not None
    assert first.value.tolist() == [2_500_000, 750_025_000]
    assert first.objective.tolist() == [1_500_000, 450_015_000]
    assert first.orders.tolist() == [20_000, 6_000_200]
    assert first.gmv.tolist() == [4_000_000, 1_200_040_000]


def test_cells_that_may_get_nothing_have_no_table() -> None:
    assert tabulate(Line((Cell("a", "x"),), 2.5), [None]) == (None,)  # type: ignore[arg-type]
