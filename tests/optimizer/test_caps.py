"""How far a cell may go, by hand: each cap, the platform minimum always within reach, FAIL never above yesterday."""

from __future__ import annotations

import pytest

from adspend.actions import action
from adspend.caps import cell_range, learning_range
from adspend.history import UNSEEN, CellHistory, running_days
from adspend.plan import Action
from adspend.shop import Shop, parse_shop
from adspend_datasets.cell import Cell
from adspend_models.bank import Grade
from oracles.made_reports import Row, report_of

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


@pytest.mark.parametrize(
    ("past", "change", "grade", "least", "most", "key"),
    [
        (history(1000, 1000, 3000), 0.2, Grade.PASS, 800, 1200, "learning"),
        (history(1050, 1050, 3000), 0.1, Grade.PASS, 1000, 1100, "learning"),  # 945 to 1,155 on the grid
        (history(1050, 1050, 3000), 0.0, Grade.PASS, 1000, 1000, "learning"),  # no multiple of 100: the hold below
        (history(1000, 1000, 1000), 0.9, Grade.PASS, 300, 1300, "max_over_tested"),  # looser than the rest
        (history(320, 320, 320), 0.2, Grade.PASS, 300, 300, "learning"),
        (history(150, 150, 150), 0.2, Grade.PASS, 300, 300, "max_raise_per_day"),  # brought to the minimum at once
        (history(1250, 1250, 3000), 0.2, Grade.FAIL, 1000, 1200, "learning"),
        (history(7000, 7000, 7000), 0.1, Grade.PASS, 6000, 6000, "learning"),  # overspent: the maximum decides
    ],
)
def test_a_learning_cell_stays_near_yesterday_or_is_paused(
    past: CellHistory, change: float, grade: Grade, least: int, most: int, key: str
) -> None:
    found = learning_range(shop(), past, cell_range(shop(), past, grade), change)
    assert (found.minimum_fen, found.most_fen, found.key) == (least * 100, most * 100, key)
    assert found.is_open


def test_the_learning_phase_opens_no_cell_that_another_rule_closes() -> None:
    past = history(150, 150, 150)
    closed = cell_range(shop(), past, Grade.FAIL)
    assert not closed.is_open
    assert learning_range(shop(), past, closed, 1.0) == closed


def test_how_long_a_cell_has_run() -> None:
    """Cell a ran on all three days, b paused on the second, c stopped after it, d was never seen."""
    spends = {"a": (300, 300, 300), "b": (300, 0, 300), "c": (300, 300, None)}
    report = report_of(
        Row(day=day, cost=cost, orders=1, gmv=100, segment=name, slot="ALL")
        for name, row in spends.items()
        for day, cost in enumerate(row)
        if cost is not None
    )
    assert running_days(report, [Cell(name, "ALL") for name in "abcd"]) == (3, 1, 0, 0)
