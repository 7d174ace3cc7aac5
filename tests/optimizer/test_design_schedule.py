"""Days are drawn by lot, every cell keeps its levels, and no day is much dearer than another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend.design_schedule import draw_schedule


@given(st.lists(st.lists(st.integers(1, 900), max_size=3), min_size=1, max_size=12), st.integers(0, 99))
def test_every_cell_keeps_its_levels(levels: list[list[int]], seed: int) -> None:
    """A permutation of its levels and its days off."""
    drawn = draw_schedule(levels, 3, np.random.default_rng(seed))
    assert drawn.shape == (len(levels), 3)
    for own, row in zip(levels, drawn.tolist(), strict=True):
        assert sorted(row) == sorted([*own, *[0] * (3 - len(own))])


def test_each_day_is_as_likely_as_another() -> None:
    """A cell's only level over 600 draws: chi-square with 2 degrees of freedom, 99.9 % point 13.8."""
    levels = [[500], [300, 900], [100, 100, 700], [400]]
    days = [int(draw_schedule(levels, 3, np.random.default_rng(seed))[0].argmax()) for seed in range(600)]
    counts = np.bincount(days, minlength=3)
    assert ((counts - 200) ** 2 / 200).sum() < 13.8


def test_days_cost_alike() -> None:
    """Twenty cells with one level of 100 on three days: the dearest day is within a level of a third."""
    drawn = draw_schedule([[100]] * 20, 3, np.random.default_rng(1))
    assert drawn.sum(axis=0).max() <= 800


def test_too_many_levels_are_refused() -> None:
    """Law."""
    with pytest.raises(ValueError, match="cannot be tested on more than 2 days"):
        draw_schedule([[1, 2, 3]], 2, np.random.default_rng(0))
    assert draw_schedule([], 2, np.random.default_rng(0)).shape == (0, 2)
