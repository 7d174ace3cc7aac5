"""How far a cell may go, by hand: each cap, the platform minimum always within reach, FAIL never above yesterday."""

from __future__ import annotations

import pytest

from adspend.actions import action
from adspend.caps import cell_range
from adspend.history import UNSEEN, CellHistory
from adspend.plan import Action
from adspend.shop import Shop, parse_shop
from adspend_models.bank import Grade

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 25000
[cells]
segments = ["a"]
slots = ["ALL"]
min_if_active = 300
max = 6000
step = 100
[limits]
max_raise_per_day = 0.5
max_over_tested = 1.3
"""


def shop(text: str = SHOP) -> Shop:
    return parse_shop(text.encode(), file="shop.toml")


def history(yesterday: float, last: float, tested: float) -> CellHistory:
    """Yuan."""
    fen = [round(100 * amount) for amount in (yesterday, last, tested)]
    return CellHistory(yesterday_fen=fen[0], last_active_fen=fen[1], tested_fen=fen[2])


@pytest.mark.parametrize(
    ("past", "grade", "most", "key"),
    [
        (history(1000, 1000, 3000), Grade.PASS, 1500, "max_raise_per_day"),
        (history(1999.99, 1999.99, 2100), Grade.PASS, 2700, "max_over_tested"),  # 1.3 x 2,100 = 2,730
        (history(5000, 5000, 5500), Grade.PASS, 6000, "max"),
        (history(0, 800, 3000), Grade.PASS, 800, "restart"),
        (history(150, 150, 150), Grade.PASS, 300, "max_raise_per_day"),  # 225 would be below the minimum
        (history(1250, 1250, 3000), Grade.FAIL, 1200, "grade"),
        (history(0, 800, 3000), Grade.FAIL, 0, "grade"),
        (UNSEEN, Grade.FAIL, 0, "untested"),
    ],
)
def test_the_tightest_cap_decides(past: CellHistory, grade: Grade, most: int, key: str) -> None:
    found = cell_range(shop(), past, grade)
    assert (found.most_fen, found.key) == (most * 100, key)
    assert found.is_open == (most >= 300)


def test_infinite_caps_leave_the_maximum() -> None:
    free = shop(SHOP.replace("= 0.5\nmax_over_tested = 1.3", "= inf\nmax_over_tested = inf"))
    found = cell_range(free, history(100, 100, 100), Grade.PASS)
    assert (found.most_fen, found.key) == (6000_00, "max")


@pytest.mark.parametrize(
    ("budget", "yesterday", "test", "word"),
    [
        (0, 500, False, Action.PAUSE),
        (700, 0, True, Action.TEST),
        (700, 0, False, Action.START),
        (700, 650, False, Action.HOLD),  # less than a step of 100 is no change
        (700, 600, False, Action.RAISE),
        (700, 800, False, Action.CUT),
    ],
)
def test_the_action_is_what_the_change_is(budget: int, yesterday: int, test: bool, word: Action) -> None:
    assert action(budget * 100, yesterday * 100, 100_00, is_test=test) is word
