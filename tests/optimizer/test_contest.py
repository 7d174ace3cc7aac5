"""A contest: everyone meets the same luck, the best stands first, and nobody's order in the list matters."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from adspend.contest import CLAIRVOYANT_LABEL, hold_contest
from adspend.shop import Shop
from adspend.strategies.even_split import EvenSplit
from adspend.strategies.return_proportional import ReturnProportional
from adspend_datasets.errors import UsageError
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text
from oracles.quiet_worlds import FIRST, QuietWorld, hills, shop

WORLD = QuietWorld(hills(1, 3, ceiling=30.0, half=[90.0, 300.0, 900.0], shape=1.0))
SHOP = shop(1, 3, daily=900)
STRATEGIES = [EvenSplit(), ReturnProportional()]


def test_best_first_whatever_the_order() -> None:
    said: list[tuple[Text, int]] = []
    contest, other = (
        hold_contest(
            WORLD,
            SHOP,
            strategies,
            market=Text("甲", "a"),
            first=FIRST,
            days=8,
            seed=1,
            progress=lambda label, done: said.append((label, done)),
        )
        for strategies in (STRATEGIES, STRATEGIES[::-1])
    )
    nets = [float(entry.run.expected.sum()) for entry in contest.entries]
    assert nets == sorted(nets, reverse=True)
    assert [entry.run.expected.tolist() for entry in contest.entries] == [
        entry.run.expected.tolist() for entry in other.entries
    ]
    assert contest.entries[0].share == pytest.approx(nets[0] / contest.best.expected.sum())
    assert all(entry.share <= 1.001 for entry in contest.entries)
    assert said[:8] == [(CLAIRVOYANT_LABEL, done) for done in range(1, 9)]


class Wrong:
    """Answers with whatever it is given."""

    name, label = "wrong", Text("错", "wrong")

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def open(self, shop: Shop, seed: int) -> Wrong:
        """Itself."""
        del shop, seed
        return self

    def budgets(self, date: datetime.date, report: TrafficReport) -> Any:  # noqa: ANN401
        """The answer, or its failure."""
        del date, report
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ZeroDivisionError("by nothing"), "2026-06-01, ZeroDivisionError: by nothing"),
        ([0, 0], "one entry per cell"),
        ([0, 0, -100], "at least 0"),
        ([0.0, 0.0, 100.0], "whole fen"),
        (None, "one entry per cell"),
    ],
)
def test_a_strategy_that_fails_is_said_in_a_sentence(answer: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        hold_contest(WORLD, SHOP, [Wrong(answer)], market=Text("甲", "a"), first=FIRST, days=1, seed=1)


def test_a_contest_needs_a_day_and_a_strategy() -> None:
    for strategies, days in ((STRATEGIES, 0), ([], 3)):
        with pytest.raises(ValueError, match="at least one day and one strategy"):
            hold_contest(WORLD, SHOP, strategies, market=Text("甲", "a"), first=FIRST, days=days, seed=1)
