"""The chosen tests keep to the money, are nearly the best there are, and the bound is a bound: against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend.design_choice import choose_options

OPTION = st.tuples(st.integers(1, 40), st.floats(0, 10))
CELL = st.lists(OPTION, max_size=4)


def tables(cells: list[list[tuple[int, float]]]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Costs and gains with option 0 in front."""
    rows = [[(0, 0.0), *cell] for cell in cells]
    return [np.array([c for c, _ in row]) for row in rows], [np.array([g for _, g in row]) for row in rows]


def best_by_trying_all(cost: list[np.ndarray], gain: list[np.ndarray], budget: int) -> float:
    """The most any choice gains."""
    picks = itertools.product(*(range(len(own)) for own in cost))
    totals = (
        (sum(own[q] for own, q in zip(cost, pick, strict=True)), sum(g[q] for g, q in zip(gain, pick, strict=True)))
        for pick in picks
    )
    return float(max(value for spent, value in totals if spent <= budget))


def test_by_hand() -> None:
    """Ten yuan: 6 for a gain of 9 (1.5 a yuan), then 4 for 4; the single best option (7 for 9.5) would leave 3 idle."""
    cost, gain = tables([[(6, 9.0), (7, 9.5)], [(4, 4.0)]])
    choice = choose_options(cost, gain, 10)
    assert (choice.options, choice.cost, choice.gain) == ((1, 1), 10, 13.0)
    assert choice.bound == pytest.approx(13.0)


@given(st.lists(CELL, min_size=1, max_size=4), st.integers(0, 100))
def test_never_over_budget_never_above_the_bound_and_near_the_best(
    cells: list[list[tuple[int, float]]], budget: int
) -> None:
    """What rounding down to whole options loses is at most one cell's largest gain."""
    cost, gain = tables(cells)
    choice = choose_options(cost, gain, budget)
    best = best_by_trying_all(cost, gain, budget)
    largest = max((float(own.max()) for own in gain), default=0.0)
    assert choice.cost == sum(own[q] for own, q in zip(cost, choice.options, strict=True)) <= budget
    assert choice.gain == pytest.approx(sum(g[q] for g, q in zip(gain, choice.options, strict=True)))
    assert best - largest - 1e-9 <= choice.gain <= best + 1e-9 <= choice.bound + 2e-9


@given(st.lists(CELL, min_size=1, max_size=4), st.integers(0, 60), st.integers(0, 60))
def test_more_money_never_lowers_the_bound(cells: list[list[tuple[int, float]]], less: int, more: int) -> None:
    """The bound rises with the budget."""
    cost, gain = tables(cells)
    assert choose_options(cost, gain, less).bound <= choose_options(cost, gain, less + more).bound + 1e-9


def test_option_zero_must_be_no_test() -> None:
    """Law."""
    with pytest.raises(ValueError, match="option 0 of every cell must cost 0 and gain 0"):
        choose_options([np.array([1, 2])], [np.array([0.0, 1.0])], 5)
