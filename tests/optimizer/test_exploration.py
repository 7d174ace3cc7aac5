"""Tests are chosen well: three levels over a cold grid, limits kept, every number of the policy decides something."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from adspend.caps import cell_range
from adspend.exploration import Morning, propose_tests
from adspend.history import UNSEEN, CellHistory
from adspend.planned_test import Test
from adspend.policy import Policy
from adspend.promotion import acting_grading
from adspend.shop import Shop, parse_shop
from adspend.value_curves import Expected
from adspend_datasets.cell import Cell
from adspend_datasets.text import same
from adspend_models.bank import Floats, Grade, Grading, Observations

DATE = datetime.date(2026, 11, 23)
DRAWS = 100
SEEN = CellHistory(yesterday_fen=1000_00, last_active_fen=1000_00, tested_fen=1000_00)
THIN = Grading(grade=Grade.FAIL, reasons=(same("made"),), thin=True)
BROKEN = Grading(grade=Grade.FAIL, reasons=(same("made"),))
GOOD = Grading(grade=Grade.PASS, reasons=(same("made"),))
FREE = "[limits]\nmax_raise_per_day = inf\nmax_over_tested = inf\n"


@dataclass
class ChancyCurves:
    """Cells return 4 or 0.2 per yuan up to 2,000 yuan and nothing beyond; ``chance`` (n,) of the draws are good."""

    cells: tuple[Cell, ...]
    chance: Floats
    gradings: tuple[Grading, ...]
    last_net: float = 0.0

    def value_draws(self, cost: Floats) -> Floats:
        luck = (np.arange(DRAWS) + 0.5) / DRAWS
        turned = (luck[:, None] + np.arange(len(self.cells)) / len(self.cells)) % 1.0  # cells are not lucky together
        rate = np.where(turned < self.chance, 4.0, 0.2)
        return rate[:, :, None] * np.minimum(cost, 2000.0)

    def expected(self, cost: Floats) -> Expected:
        value = self.value_draws(cost).mean(axis=0)
        return Expected(value=value, orders=value / 50, gmv=2 * value)

    @property
    def observations(self) -> tuple[Observations, ...]:
        yesterday = np.array([DATE.toordinal() - 1])
        one = Observations(day=yesterday, cost=np.array([1000.0]), orders=np.array([9.0]), gmv=np.array([9.0]))
        return (one,) * len(self.cells)

    def observed_value(self, i: int) -> Floats:
        del i
        return np.array([1000.0 + self.last_net])

    def spend_points(self, i: int, minimum_fen: int, maximum_fen: int, step_fen: int) -> np.ndarray:
        raise NotImplementedError


def shop(daily: int, segments: int = 4, slots: int = 5, more: str = "") -> Shop:
    names = [f'"s{i}"' for i in range(segments)], [f'"t{j}"' for j in range(slots)]
    text = (
        f'[shop]\nname = "s"\n[economics]\ngross_margin = 0.5\n[budget]\ndaily = {daily}\n[cells]\n'
        f"segments = [{', '.join(names[0])}]\nslots = [{', '.join(names[1])}]\n"
        f"min_if_active = 300\nmax = 6000\nstep = 100\n{more}"
    )
    return parse_shop(text.encode(), file="shop.toml")


def proposed(
    a_shop: Shop,
    past: list[CellHistory],
    *,
    grading: Grading = THIN,
    chance: float = 0.3,
    closed: frozenset[int] = frozenset(),
    last_net: float = 0.0,
    **numbers: Any,  # noqa: ANN401  the fields of a policy
) -> tuple[Test, ...]:
    gradings = (grading,) * len(past)
    curves = ChancyCurves(a_shop.grid, np.full(len(past), chance), gradings, last_net)
    policy = Policy(**numbers)
    ranges = [cell_range(a_shop, h, acting_grading(policy, grading, 0.0).grade) for h in past]
    morning = Morning(
        shop=a_shop,
        policy=policy,
        curves=curves,
        size=8.0,
        histories=past,
        ranges=ranges,
        date=DATE,
        closed=closed,
    )
    return propose_tests(morning)


def spends(tests: tuple[Test, ...]) -> dict[int, int]:
    return {test.index: test.spend_fen for test in tests}


MIXED = [SEEN] * 10 + [UNSEEN] * 10


@pytest.mark.parametrize("daily", [14_000, 30_000, 100_000])
def test_a_cold_grid_meets_three_levels_in_every_segment(daily: int) -> None:
    a_shop = shop(daily)
    found = spends(proposed(a_shop, [UNSEEN] * 20))
    assert sum(found.values()) <= a_shop.budget_fen
    assert len(set(found.values())) == 3
    if len(found) == 20:
        for row in range(4):
            assert len({found[row * 5 + column] for column in range(5)}) == 3
        for column in range(5):
            assert len({found[row * 5 + column] for row in range(4)}) == 3


def test_a_budget_for_few_cells_is_spread_over_segments_and_slots() -> None:
    found = spends(proposed(shop(3_000), [UNSEEN] * 20))
    assert {i // 5 for i in found} == set(range(4))
    assert len({i % 5 for i in found}) >= 3


def test_first_share_is_the_most_that_the_first_day_spends() -> None:
    found = [sum(spends(proposed(shop(60_000), [UNSEEN] * 20, first_share=share)).values()) for share in (1.0, 0.5)]
    assert 0.9 * 60_000_00 < found[0] <= 60_000_00
    assert 0.9 * 30_000_00 < found[1] <= 30_000_00


def test_tests_stay_within_the_reserve_the_shop_s_caps_and_the_number_of_cells() -> None:
    """Seen cells reach 1.3 x what was tested, unseen ones the largest level of an even split of 1,500 yuan."""
    found = spends(proposed(shop(30_000), MIXED, test_share=0.3, learning_horizon=30))
    assert 0 < sum(found.values()) <= 0.3 * 30_000_00
    assert max((spend for i, spend in found.items() if i < 10), default=0) <= 1300_00
    wide = spends(proposed(shop(30_000), MIXED, test_share=1.0, learning_horizon=30))
    assert sum(wide.values()) > sum(found.values())
    assert len(proposed(shop(30_000), MIXED, test_share=1.0, test_cells=2, learning_horizon=30)) == 2


def test_a_capped_shop_s_unseen_cell_reaches_the_largest_level() -> None:
    """An even split of 6,000 over 20 cells lies below the minimum, so level 1 is 450 yuan: 900 at twice that."""
    few = proposed(shop(6_000), MIXED, test_share=1.0, test_levels=(0.3, 1.0, 2.0), learning_horizon=60)
    assert max(test.spend_fen for test in few if test.index >= 10) <= 900_00


def test_closed_cells_and_cells_with_a_real_fault_are_not_tested() -> None:
    closed = frozenset({12, 17})
    assert not closed & spends(proposed(shop(30_000), MIXED, closed=closed, test_share=1.0)).keys()
    assert proposed(shop(30_000), [SEEN] * 20, grading=BROKEN, test_share=1.0) == ()
    assert proposed(shop(30_000), [SEEN] * 20, grading=THIN, test_share=1.0, learning_horizon=60) != ()


def test_no_horizon_no_tests_and_a_longer_one_no_fewer() -> None:
    """At a chance of 10 % a test loses money on average: only what it teaches pays for it."""
    many = [
        len(proposed(shop(30_000), MIXED, chance=0.1, kill=0.0, test_share=1.0, learning_horizon=days))
        for days in (0, 0.05, 300)
    ]
    assert many[0] == 0
    assert many[1] < many[2]


def test_kill_ends_the_tests_of_a_cell_that_hardly_earns_anywhere() -> None:
    common = {"chance": 0.3, "test_share": 1.0, "learning_horizon": 60}
    assert len(proposed(shop(30_000), MIXED, kill=0.25, **common)) > 10
    assert proposed(shop(30_000), MIXED, kill=0.35, **common) == ()


def test_step_up_bounds_a_test_where_the_shop_does_not() -> None:
    a_shop = shop(100_000, more=FREE)
    most = [
        max(spends(proposed(a_shop, [SEEN] * 20, test_share=1.0, learning_horizon=60, step_up=up)).values())
        for up in (1.2, 6.0)
    ]
    assert most[0] == 1200_00
    assert most[1] > 1500_00


def test_cool_down_spares_a_cell_that_lost_money_yesterday() -> None:
    common = {"test_share": 1.0, "learning_horizon": 60}
    assert proposed(shop(30_000), [SEEN] * 20, last_net=-1.0, cool_down=0, **common)
    assert not proposed(shop(30_000), [SEEN] * 20, last_net=-1.0, cool_down=1, **common)
    assert proposed(shop(30_000), [SEEN] * 20, last_net=1.0, cool_down=1, **common)


def test_the_loss_tolerated_bounds_the_tests() -> None:
    common = {"chance": 0.15, "test_share": 1.0, "learning_horizon": 60, "tolerance": 0.01}
    any_loss = proposed(shop(30_000), MIXED, tolerance_chance=1.0, **common)
    bounded = proposed(shop(30_000), MIXED, tolerance_chance=0.2, **common)
    assert len(bounded) < len(any_loss)


def test_promote_lifts_the_cap_of_a_thin_cell_and_of_no_other() -> None:
    policy = Policy(promote=0.9)
    assert acting_grading(policy, THIN, 0.9).grade is Grade.REVIEW
    assert acting_grading(policy, THIN, 0.89).grade is Grade.FAIL
    assert acting_grading(policy, BROKEN, 1.0).grade is Grade.FAIL
    assert acting_grading(policy, GOOD, 0.0).grade is Grade.PASS


def test_the_same_morning_gives_the_same_tests() -> None:
    assert proposed(shop(30_000), MIXED) == proposed(shop(30_000), MIXED)
