"""What the summary says of the agency's budget at first sight: the split's figures, and whether plans exceed it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Protocol

import pytest
from playwright.sync_api import Page

from adspend.batch.agency import RebateTier
from adspend.batch.agency_figures import agency_figures, overspent
from adspend.batch.summary import Summary, summarise
from adspend.batch.summary_page import summary_page
from oracles.made_records import made_record

DATE = datetime.date(2026, 7, 1)
FIFTIETH = RebateTier(start_fen=150_00, rate=Fraction(1, 50))


class Opened(Protocol):
    """See ``conftest``."""

    page: Page


def summary(budget: int | None, *tiers: RebateTier) -> Summary:
    """Two shops that plan 300 and 252 yuan; each can spend 100 for 100 of net."""
    records = (
        made_record("a", planned=300_00, budget=400_00, net=50_00, frontier=((100_00, 100_00),)),
        made_record("b", planned=252_00, budget=400_00, net=50_00, frontier=((100_00, 100_00),)),
    )
    return summarise(DATE, records, (), budget, tiers)


def test_plans_over_the_common_budget_are_said_to_be_so() -> None:
    """By as much as they are; not where they fit, and not without a budget."""
    words = overspent(summary(500_00))
    assert words is not None
    assert words.zh.startswith("各店现有计划合计花 552 元，比总预算 500 元多 52.00 元")
    assert words.en.startswith("The shops' present plans spend 552 yuan, over the common budget of 500 by 52.00, until")
    for fitting in (summary(552_00), summary(None, FIFTIETH), summary(None)):
        assert overspent(fitting) is None


@pytest.mark.parametrize(
    ("budget", "tiers", "expected"),
    [
        (
            500_00,
            (FIFTIETH,),
            [
                ("200", "总预算 500 元"),
                ("204", "各店按自己的预算 100 元"),
                ("4", "满 150 元返 2%"),
                ("0.00", "总预算有 300 元不值得花"),
            ],
        ),
        (100_00, (), [("100", "总预算 100 元"), ("100", "各店按自己的预算 100 元"), ("1.00", "总预算全部用上")]),
        (
            None,
            (RebateTier(start_fen=900_00, rate=Fraction(1, 50)),),
            [("200", "不设总预算"), ("200", "各店按自己的预算 100 元"), ("0", "未达到返点档")],
        ),
        (None, (), []),
    ],
)
def test_the_figures_by_hand(
    budget: int | None, tiers: tuple[RebateTier, ...], expected: list[tuple[str, str]]
) -> None:
    """With all of them; without rebates, the budget used up; without a budget, below the tier; without a split."""
    found = agency_figures(summary(budget, *tiers))
    assert [(figure.shown, figure.note.zh) for figure in found] == expected
    assert all(figure.name.en and figure.note.en for figure in found)


def test_locks_that_take_more_than_the_budget_are_named_as_the_cause() -> None:
    """No recommended budget can help there, so none is promised to."""
    record = made_record("a", planned=300_00, budget=400_00, net=50_00)
    assert record.figures is not None
    locked = replace(record, figures=replace(record.figures, least=(300_00, 50_00)))
    found = summarise(DATE, (locked,), (), 250_00)
    words = overspent(found)
    assert words is not None
    assert "锁定与下限合计就已超出，请放宽锁定或加预算" in words.zh
    assert "by 50.00, and locks and floors alone take more: loosen them or raise the budget" in words.en
    assert agency_figures(found)[-1].note.zh == "锁定与下限超出总预算 50.00 元"


@pytest.mark.browser
def test_the_page_begins_with_the_split_and_the_warning(open_html: Callable[..., Opened]) -> None:
    page = open_html(summary_page(summary(500_00, FIFTIETH), "zh", full=False)).page
    assert page.locator(".over").is_visible()
    assert page.locator("#agency .figures b").all_inner_texts() == ["200", "204", "4", "0.00"]
    assert page.locator("main section").first.get_attribute("id") == "agency"
    assert "写进店铺文件后重新运行" in page.locator("#agency .words").inner_text()
    plain = open_html(summary_page(summary(None), "zh", full=False)).page
    assert plain.locator("#agency, .over, #figures h2").count() == 0
