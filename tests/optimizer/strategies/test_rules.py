"""Snapping a wish to a shop's rules: laws by hypothesis, and the anchors a reader can check by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend.history import UNSEEN, CellHistory, histories
from adspend.simulate import simulate
from adspend.strategies.observed import observe
from adspend.strategies.rules import most_of, open_ranges, snap, wide_levels
from adspend_models.market.day_report import report_of
from oracles.quiet_worlds import FIRST, QuietWorld, hills, shop

SHOP = shop(2, 2, daily=1_000, least=100, most=600, step=10)
FREE = np.full(4, 60_000)


def snapped(wish: list[float], most: list[int] | None = None) -> list[float]:
    """In yuan."""
    limit = FREE if most is None else 100 * np.array(most)
    return (snap(SHOP, 100 * np.array(wish, dtype=np.float64), limit) / 100).tolist()


@pytest.mark.parametrize(
    ("wish", "want"),
    [
        ([250, 250, 250, 250], [250, 250, 250, 250]),  # allowed as it is
        ([0, 49, 50, 900], [0, 0, 100, 600]),  # below half of the minimum a pause; never above the maximum
        ([128, 126, 0, 0], [130, 120, 0, 0]),  # 254 in all: 25 steps, the spare one to the larger remainder
        ([500, 500, 500, 500], [250, 250, 250, 250]),  # twice the budget
        ([100, 100, 400, 400], [100, 100, 400, 400]),
        ([100, 300, 500, 700], [100, 210, 320, 370]),  # 600 is left for 0, 200, 400, 500: 109.1, 218.2, 272.7
        ([np.nan, 200, 0, 0], [0, 200, 0, 0]),
    ],
)
def test_by_hand(wish: list[float], want: list[float]) -> None:
    assert snapped(wish) == want


def test_a_cell_s_own_cap_holds() -> None:
    assert snapped([300, 300, 300, 90], most=[120, 300, 0, 600]) == [120, 300, 0, 100]


def test_minimums_above_the_budget_pause_the_smallest_wishes() -> None:
    poor = shop(2, 2, daily=250, least=100, most=600, step=10)
    assert snap(poor, np.array([10_000.0, 30_000.0, 20_000.0, 9_000.0]), FREE).tolist() == [
        0,
        13_000,
        12_000,
        0,
    ]  # 50 left for 200 and 100: 33.3, 16.7


@settings(max_examples=300, deadline=None)
@given(
    wish=st.lists(st.floats(0, 1_000), min_size=4, max_size=4),
    most=st.lists(st.integers(0, 60).map(lambda steps: 10 * steps), min_size=4, max_size=4),
    daily=st.integers(0, 2_000),
)
def test_laws(wish: list[float], most: list[int], daily: int) -> None:
    """Every answer is allowed; an allowed wish is its own answer; money wished and allowed is spent to the step."""
    small = shop(2, 2, daily=daily, least=100, most=600, step=10)
    limit = 100 * np.array(most)
    answer = snap(small, 100 * np.array(wish), limit)
    assert answer.sum() <= daily * 100
    assert np.all(answer % 1_000 == 0)
    assert np.all((answer == 0) | ((answer >= 10_000) & (answer <= limit)))
    assert snap(small, answer.astype(np.float64), limit).tolist() == answer.tolist()
    within = np.minimum(100 * np.array(wish), limit)
    if answer.all() and within.sum() <= daily * 100:
        assert answer.sum() > within.sum() - 1_000


def test_an_unseen_cell_may_go_as_far_as_the_shop_lets_any_and_a_seen_one_as_its_history() -> None:
    seen = CellHistory(yesterday_fen=20_000, last_active_fen=20_000, tested_fen=22_000)
    rested = CellHistory(yesterday_fen=0, last_active_fen=15_000, tested_fen=40_000)
    found = most_of(open_ranges(SHOP, [UNSEEN, seen, rested]))
    assert found.tolist() == [60_000, 28_000, 15_000]  # max; 1.3 x 220 = 286 before 1.5 x 200; the last active spend


def test_histories_from_arrays_are_those_that_plans_read_from_the_report() -> None:
    """Against ``adspend.history``, on a run in which cells rest, start and stop."""
    world = QuietWorld(hills(2, 2, ceiling=20.0, half=300.0, shape=1.0))
    turns = [[100, 200, 0, 0], [0, 250, 120, 0], [150, 0, 0, 0], [0, 0, 0, 0]]
    for known in range(len(turns) + 1):
        days = simulate(world, lambda _, past: 100 * np.array(turns[len(past)]), first=FIRST, days=known)
        date = FIRST.fromordinal(FIRST.toordinal() + known)
        report = report_of(days, date)
        assert observe(SHOP, report, date).histories() == histories(report, SHOP.grid)


def test_wide_levels_are_a_latin_square_whose_mean_is_the_even_split() -> None:
    square = shop(3, 3, daily=900)
    wish = wide_levels(square, (3.0, 0.3, 1.0), turn=1).reshape(3, 3)
    assert wish.sum() == pytest.approx(90_000)
    for line in (*wish, *wish.T):
        assert sorted(line / line.min()) == pytest.approx([1.0, 1 / 0.3, 10.0])
