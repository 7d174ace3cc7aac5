"""Each entry and exit rule of a stage, at and beside its threshold, on reports made by hand."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from adspend.policy import Policy
from adspend.policy_stage import StageSection
from adspend.shop_faults import BrokenLaw
from adspend.shop_sections import Section
from adspend.stages import Stage, find_stage, stage_note, sure_share
from adspend_datasets.report import TrafficReport
from oracles.made_reports import Row, day_after, report_of
from oracles.quiet_worlds import shop

STOCK = '[[products]]\nname = "p"\norder_share = 1.0\nstock = 80\ninbound = 20\n'


def days(many: int, gmv: float = 500.0) -> TrafficReport:
    return report_of(Row(day=t, cost=300, orders=5, gmv=gmv, segment="s0", slot="t0") for t in range(many))


def stage(first: dict[str, Any], report: TrafficReport, date: int = 0, share: float | None = None) -> Stage:
    """Where a shop stands with a first stage of these rules and a second without any."""
    sections = (StageSection(name="甲", name_en="a", **first), StageSection(name="乙", name_en="b"))
    return find_stage(
        Policy(stages=sections), shop(1, 1, daily=1000, more=STOCK), report, day_after(date), lambda _: share
    )


@pytest.mark.parametrize(
    ("rules", "many", "gmv", "share", "index", "words"),
    [
        ({}, 50, 500.0, 1.0, 0, ""),
        ({"max_days": 7}, 6, 500.0, None, 0, ""),
        ({"max_days": 7}, 7, 500.0, None, 1, "7 days observed"),
        ({"day_gmv": 1000.0}, 3, 999.0, None, 0, ""),
        ({"day_gmv": 1000.0}, 3, 1000.0, None, 1, "milestone of 1,000"),
        ({"day_gmv": 1000.0, "min_days": 4}, 3, 1000.0, None, 0, ""),
        ({"sure_share": 0.8}, 3, 500.0, 0.79, 0, ""),
        ({"sure_share": 0.8}, 3, 500.0, 0.8, 1, "80% of yesterday's spend"),
        ({"sure_share": 0.8}, 0, 500.0, None, 0, ""),
        ({"least_stock": 100.0}, 3, 500.0, None, 0, ""),
        ({"least_stock": 101.0}, 3, 500.0, None, 1, "below the 101"),
    ],
)
def test_each_exit_rule(
    rules: dict[str, Any], many: int, gmv: float, share: float | None, index: int, words: str
) -> None:
    found = stage(rules, days(many, gmv), share=share)
    assert found.index == index
    assert words in found.why.en


def test_a_calendar_window_holds_on_both_of_its_ends() -> None:
    rules = {"start": day_after(2), "end": day_after(4)}
    assert [stage(rules, days(1), date=t).index for t in (1, 2, 4, 5)] == [1, 0, 0, 1]


def test_the_last_stage_stays_when_all_are_over_and_a_policy_needs_none() -> None:
    section = StageSection(name="甲", name_en="a", max_days=1)
    date, world = day_after(9), shop(1, 1, daily=1000)
    assert find_stage(Policy(stages=(section,)), world, days(9), date, lambda _: None).section == section
    assert find_stage(Policy(), world, days(9), date, lambda _: None).section is None


def test_a_change_is_explained_by_what_moved_the_stage_and_not_by_what_was_so_before() -> None:
    """A campaign from day 5 to 6 heads the list: the shop learns, sells, campaigns and sells again."""
    rules: list[dict[str, Any]] = [{"start": day_after(5), "end": day_after(6)}, {"max_days": 3}, {"max_days": 90}, {}]
    sections = tuple(
        StageSection(name=f"阶段{name}", name_en=name, **rule)
        for name, rule in zip(("campaign", "learn", "sell", "rest"), rules, strict=True)
    )
    policy, world = Policy(stages=sections), shop(1, 1, daily=1000)
    stages = [find_stage(policy, world, days(t), day_after(t), lambda _: None) for t in range(9)]
    notes = [stage_note(now, before) for before, now in pairwise([None, *stages])]  # day t observed t days
    told = {
        t: (note.changed_from.en, note.name.en, note.reason.en) for t, note in enumerate(notes) if note.changed_from
    }
    window = f"{day_after(5)} – {day_after(6)}"
    assert told == {
        3: ("learn", "sell", "3 days observed: 'learn' lasts at most 3"),
        5: ("sell", "campaign", f"what kept 'campaign' away no longer holds ({day_after(4)} is outside {window})"),
        7: ("campaign", "sell", f"{day_after(7)} is outside {window}"),
    }
    assert notes[5].reason.zh == f"此前跳过「阶段campaign」的原因已不成立（{stages[4].passed[0].zh}）"


def test_the_curves_are_asked_only_where_a_rule_needs_them() -> None:
    def never(_: float) -> float | None:
        raise AssertionError

    section = StageSection(name="甲", name_en="a", min_days=5, sure_share=0.1)
    assert find_stage(Policy(stages=(section,)), shop(1, 1, daily=1000), days(4), day_after(4), never).index == 0


def test_sure_share_by_hand() -> None:
    """Cells of 100, 200 and 300 yuan are sure in all, three quarters and half of four draws."""
    draws = np.array([[1, 1, 1], [1, 1, 1], [1, 1, -1], [1, -1, -1]], dtype=np.float64)
    spend = np.array([100, 200, 300])
    assert sure_share(draws, spend, 0.75) == pytest.approx(0.5)
    assert sure_share(draws, spend, 0.76) == pytest.approx(1 / 6)
    assert sure_share(draws, np.zeros(3), 0.5) is None


@pytest.mark.parametrize(
    "rules",
    [{"min_days": 3, "max_days": 2}, {"start": datetime.date(2026, 2, 1), "end": datetime.date(2026, 1, 1)}],
)
def test_rules_that_contradict_each_other_are_refused(rules: dict[str, Any]) -> None:
    assert issubclass(StageSection, Section)
    with pytest.raises((BrokenLaw, ValueError)):
        StageSection(name="甲", name_en="a", **rules)
