"""Caps hold for any history: what a cell may get never exceeds any rule that applies to it, to the fen."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend.actions import action, in_order
from adspend.caps import CAP_NAMES, cell_range
from adspend.history import UNSEEN, CellHistory
from adspend.plan import Action, PlannedCell
from adspend.shop import Shop, parse_shop
from adspend_datasets.cell import Cell
from adspend_datasets.text import same
from adspend_models.bank import Grade, Grading

AMOUNT = st.integers(0, 2_000_000)
FACTOR = st.one_of(st.just(float("inf")), st.decimals(0, 5, places=3).map(float))


def shop(minimum: str, most: str, step: str, raise_: float, over: float, daily: int = 25_000) -> Shop:
    text = (
        f'[shop]\nname = "s"\n[economics]\ngross_margin = 0.5\n[budget]\ndaily = {daily}\n[cells]\n'
        f'segments = ["a"]\nslots = ["ALL"]\nmin_if_active = {minimum}\n{most}\nstep = {step}\n'
        f"[limits]\nmax_raise_per_day = {raise_}\nmax_over_tested = {over}\n"
    )
    return parse_shop(text.encode(), file="shop.toml")


@st.composite
def histories(draw: st.DrawFn) -> CellHistory:
    """Any past that can be: yesterday is the last active day or 0, nothing was tested above the largest."""
    tested = draw(AMOUNT)
    last = draw(st.integers(1, tested)) if tested else 0
    yesterday = draw(st.sampled_from((0, last)))
    return CellHistory(yesterday_fen=yesterday, last_active_fen=last, tested_fen=tested)


def made_cell(budget: int, yesterday: int | None, word: Action) -> PlannedCell:
    """A planned cell of which only the money and the word matter."""
    return PlannedCell(
        cell=Cell("a", "ALL"),
        action=word,
        budget_fen=budget,
        yesterday_fen=yesterday,
        expected_orders=0.0,
        expected_gmv_fen=0,
        expected_net_fen=0,
        p10_net_fen=0,
        marginal_return=None,
        grading=Grading(grade=Grade.PASS, reasons=()),
        limits=(),
        reason=same(""),
        chart=None,
    )


def typed(factor: float) -> Fraction:
    return Fraction(repr(factor))


@given(histories(), FACTOR, FACTOR, st.sampled_from(["1", "100", "0.01", "250"]), st.sampled_from(list(Grade)))
def test_no_rule_is_ever_exceeded(past: CellHistory, raise_: float, over: float, step: str, grade: Grade) -> None:
    a_shop = shop("300", "max = 6000", step, raise_, over)
    found = cell_range(a_shop, past, grade)
    reach = a_shop.minimum_fen  # the platform's minimum is within reach of every cap but the grade
    assert found.minimum_fen == reach
    assert found.most_fen % a_shop.step_fen == 0
    assert found.most_fen <= 6000_00
    assert found.key in CAP_NAMES
    if past.tested_fen == 0:
        assert (found.most_fen, found.key, found.is_open) == (0, "untested", False)
        return
    if over != float("inf"):
        assert found.most_fen <= max(past.tested_fen * typed(over), reach)
    if past.yesterday_fen and raise_ != float("inf"):
        assert found.most_fen <= max(past.yesterday_fen * (1 + typed(raise_)), reach)
    if not past.yesterday_fen and raise_ != float("inf"):
        assert found.most_fen <= max(past.last_active_fen, reach)
    if grade is Grade.FAIL:
        assert found.most_fen <= past.yesterday_fen
    else:
        assert found.is_open


@given(st.integers(400_00, 2_000_000), st.sampled_from(["1", "100"]))
def test_what_a_rule_allows_exactly_is_allowed(yesterday: int, step: str) -> None:
    """1.15 times 100.00 is 115.00, though a float says 114.99999999999999."""
    past = CellHistory(yesterday_fen=yesterday, last_active_fen=yesterday, tested_fen=yesterday)
    a_shop = shop("300", "max = 100000", step, 0.15, float("inf"), daily=200_000)
    exactly = past.yesterday_fen * Fraction(115, 100)
    want = int(exactly // a_shop.step_fen) * a_shop.step_fen
    assert cell_range(a_shop, past, Grade.PASS).most_fen == min(want, 100_000_00)


def test_a_factor_is_not_rounded_up() -> None:
    """3 fen times 1.3333333 is 3.9999999: 4 fen would be above the rule."""
    past = CellHistory(yesterday_fen=3, last_active_fen=3, tested_fen=3)
    a_shop = shop("0.01", "max = 6000", "0.01", 0.3333333, float("inf"))
    assert cell_range(a_shop, past, Grade.PASS).most_fen == 3


def test_a_budget_below_the_minimum_closes_every_cell() -> None:
    """The shop's maximum is its budget here: 200 cannot buy the minimum of 300."""
    a_shop = shop("300", "", "1", 0.5, 1.3, daily=200)
    past = CellHistory(yesterday_fen=1000_00, last_active_fen=1000_00, tested_fen=1000_00)
    assert not cell_range(a_shop, past, Grade.PASS).is_open
    assert not cell_range(a_shop, UNSEEN, Grade.PASS).is_open


@given(AMOUNT, AMOUNT, st.sampled_from([1, 100, 10_000]), st.booleans())
def test_the_action_agrees_with_the_numbers(budget: int, yesterday: int, step: int, is_test: bool) -> None:
    word = action(budget, yesterday, step, is_test=is_test)
    assert (word is Action.PAUSE) == (budget == 0)
    if word is Action.RAISE:
        assert budget >= yesterday + step
    if word is Action.CUT:
        assert 0 < budget <= yesterday - step
    if word is Action.START:
        assert yesterday == 0
    if word is Action.TEST:
        assert is_test


@pytest.mark.parametrize("key", sorted(CAP_NAMES))
def test_every_cap_has_a_name_in_both_languages(key: str) -> None:
    assert CAP_NAMES[key].zh.strip()
    assert CAP_NAMES[key].en.isascii()


@given(st.lists(st.tuples(AMOUNT, st.one_of(st.none(), AMOUNT), st.booleans()), max_size=12))
def test_carried_out_in_order_a_plan_never_runs_above_both_its_ends(moves: list[tuple[int, int | None, bool]]) -> None:
    """Row by row yesterday's total becomes the plan's: it falls before it rises, with holds left as they are."""
    cells = [
        made_cell(budget, yesterday, action(budget, yesterday or 0, 1, is_test=is_test))
        for budget, yesterday, is_test in moves
    ]
    found = in_order(cells)
    assert sorted(map(id, found)) == sorted(map(id, cells))
    running = list(accumulate((c.budget_fen - (c.yesterday_fen or 0) for c in found), initial=0))
    assert max(running) == max(0, running[-1])
    stops = [c.action is Action.PAUSE and bool(c.yesterday_fen) for c in found]
    assert stops == sorted(stops, reverse=True)


def test_the_order_by_hand() -> None:
    """Yesterday -> tomorrow, in yuan; a test below yesterday's spend frees money like a cut."""
    words = {"rest": (0, None), "raise": (3, 2), "test up": (9, 1), "hold": (5, 5), "cut": (4, 6), "test down": (1, 8)}
    words |= {"stop": (0, 7), "big stop": (0, 9), "start": (2, 0)}
    cells = {
        name: made_cell(budget, before, action(budget, before or 0, 1, is_test="test" in name))
        for name, (budget, before) in words.items()
    }
    names = {id(cell): name for name, cell in cells.items()}
    assert [names[id(cell)] for cell in in_order(cells.values())] == [
        "big stop", "stop", "cut", "test down", "hold", "test up", "raise", "start", "rest",
    ]  # fmt: skip
