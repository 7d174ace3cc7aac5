"""Tests are chosen well: three levels over a cold grid, the reserve kept, locked and hopeless cells left alone."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pytest

from adspend.exploration import propose_tests
from adspend.history import UNSEEN, CellHistory
from adspend.policy import Policy
from adspend.shop import Shop, parse_shop
from adspend.value_curves import Expected
from adspend_datasets.cell import Cell
from adspend_datasets.text import same
from adspend_models.bank import Floats, Grade, Grading, Observations

DATE = datetime.date(2026, 11, 23)


@dataclass
class FlatCurves:
    """Every cell earns ``returns`` per yuan in half of the draws and 0 in the other half."""

    cells: tuple[Cell, ...]
    returns: Floats
    grade: Grade = Grade.FAIL

    @property
    def gradings(self) -> tuple[Grading, ...]:
        return (Grading(grade=self.grade, reasons=(same("made"),)),) * len(self.cells)

    @property
    def observations(self) -> tuple[Observations, ...]:
        raise NotImplementedError

    def expected(self, cost: Floats) -> Expected:
        raise NotImplementedError

    def value_draws(self, cost: Floats) -> Floats:
        return np.stack([cost * self.returns[:, None], np.zeros_like(cost)])

    def observed_value(self, i: int) -> Floats:
        raise NotImplementedError

    def spend_points(self, i: int, minimum_fen: int, maximum_fen: int, step_fen: int) -> np.ndarray:
        raise NotImplementedError


def shop(daily: int, segments: int = 4, slots: int = 5) -> Shop:
    names = [f'"s{i}"' for i in range(segments)], [f'"t{j}"' for j in range(slots)]
    text = (
        f'[shop]\nname = "s"\n[economics]\ngross_margin = 0.5\n[budget]\ndaily = {daily}\n[cells]\n'
        f"segments = [{', '.join(names[0])}]\nslots = [{', '.join(names[1])}]\n"
        "min_if_active = 300\nmax = 6000\nstep = 100\n"
    )
    return parse_shop(text.encode(), file="shop.toml")


def proposed(
    a_shop: Shop, past: list[CellHistory], returns: float = 2.0, locked: frozenset[int] = frozenset()
) -> dict[int, int]:
    curves = FlatCurves(a_shop.grid, np.full(len(a_shop.grid), returns))
    tests = propose_tests(a_shop, Policy(), curves, past, date=DATE, locked=locked)
    return {test.index: test.spend_fen for test in tests}


@pytest.mark.parametrize("daily", [14_000, 30_000, 100_000])
def test_a_cold_grid_meets_three_levels_in_every_segment(daily: int) -> None:
    a_shop = shop(daily)
    spends = proposed(a_shop, [UNSEEN] * 20)
    assert sum(spends.values()) <= a_shop.budget_fen
    assert len(set(spends.values())) == 3
    if len(spends) == 20:
        for row in range(4):
            assert len({spends[row * 5 + column] for column in range(5)}) == 3
        for column in range(5):
            assert len({spends[row * 5 + column] for row in range(4)}) == 3


def test_a_budget_for_few_cells_is_spread_over_segments_and_slots() -> None:
    spends = proposed(shop(3_000), [UNSEEN] * 20)
    assert {i // 5 for i in spends} == set(range(4))
    assert len({i % 5 for i in spends}) >= 3


def test_with_history_tests_stay_within_the_reserve() -> None:
    past = [CellHistory(yesterday_fen=1000_00, last_active_fen=1000_00, tested_fen=1000_00)] * 10 + [UNSEEN] * 10
    spends = proposed(shop(30_000), past)
    assert 0 < sum(spends.values()) <= 0.2 * 30_000_00
    for i, spend in spends.items():
        assert i >= 10 or spend in (500_00, 1300_00)  # half, or one and a half within 1.3 x tested


def test_locked_cells_and_hopeless_cells_are_not_tested() -> None:
    locked = frozenset({0, 7})
    assert not locked & proposed(shop(30_000), [UNSEEN] * 20, locked=locked).keys()
    past = [CellHistory(yesterday_fen=1000_00, last_active_fen=1000_00, tested_fen=1000_00)] + [UNSEEN] * 19
    assert proposed(shop(30_000), past, returns=0.5) == {}


def test_the_same_morning_gives_the_same_tests() -> None:
    assert proposed(shop(30_000), [UNSEEN] * 20) == proposed(shop(30_000), [UNSEEN] * 20)
