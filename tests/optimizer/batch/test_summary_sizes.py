"""summary.html from a phone to a wide desk: nothing is cut off, reasons can be read, numbers say what they are."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Protocol

import pytest
from playwright.sync_api import Page

from adspend.batch.record import Status
from adspend.batch.summary import summarise
from adspend.batch.summary_page import summary_page
from adspend.batch.tally import tally
from oracles.made_records import made_record, made_records, remark

pytestmark = pytest.mark.browser
DATE = datetime.date(2026, 7, 1)
RECORDS = (
    *made_records(40, seed=11),
    made_record(
        "long",
        planned=12_345_600,
        budget=20_000_000,
        net=7_654_300,
        yesterday=(9_000_000, 6_000_000),
        remarks=(remark("BIG-RAISE", "REVIEW", "预算比昨日高出一倍以上，请确认；" * 6),),
    ),
    made_record("none", status=Status.FAILED, remarks=(remark("E-DATE", "ERROR", "必须是存在的日期，" * 12),)),
)


class Opened(Protocol):
    """See ``conftest``."""

    page: Page


Open = Callable[..., Opened]


def opened(open_html: Open, width: int, agency_fen: int | None, language: str = "zh") -> Page:
    page = open_html(summary_page(summarise(DATE, RECORDS, (), agency_fen), "zh", full=False), (width, 900)).page
    page.click(f'[data-set-lang="{language}"]')
    return page


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("agency_fen", [None, 90_000_000])
@pytest.mark.parametrize("width", [390, 761, 1180, 1399, 1400, 1920])
def test_nothing_is_cut_off_and_reasons_have_room(
    open_html: Open, width: int, agency_fen: int | None, language: str
) -> None:
    """Every cell of a shop lies inside the window, and a reason is at least 200 pixels wide."""
    page = opened(open_html, width, agency_fen, language)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    script = "(cells) => Math.max(...cells.map((c) => c.getBoundingClientRect().right))"
    assert page.locator(".shops td:visible, .shops th:visible").evaluate_all(script) <= width
    script = "(cells) => Math.min(...cells.map((c) => c.getBoundingClientRect().width))"
    assert page.locator(".shops td.why:not(:empty)").evaluate_all(script) >= 200
    if width > 761:
        script = "(cells) => cells.filter((c) => c.scrollWidth > c.clientWidth + 1).map((c) => c.textContent)"
        assert page.locator(".shops td.n:visible").evaluate_all(script) == []


@pytest.mark.parametrize("agency_fen", [None, 90_000_000])
def test_on_a_phone_every_number_has_its_name(open_html: Open, agency_fen: int | None) -> None:
    """Cards have no table head: each number says what the head says, in the language shown."""
    page = opened(open_html, 390, agency_fen)
    assert not page.is_visible(".shops thead")
    shop = page.locator(".shops tr", has_text="店铺 long")
    for language in ("zh", "en"):
        page.click(f'[data-set-lang="{language}"]')
        heads = page.locator(".shops thead th").evaluate_all(
            f"(heads) => heads.map((h) => h.querySelector('.{language}').textContent)"
        )
        said = shop.locator("td").evaluate_all(
            "(cells) => cells.map((c) => getComputedStyle(c, '::before').content.slice(1, -1))"
        )
        assert said[2:-1] == heads[2:-1]
        assert ("yuan" if language == "en" else "元") in said[2]


def test_a_shop_says_what_changes_against_yesterday_and_the_categories_add_up(open_html: Open) -> None:
    page = opened(open_html, 1440, None)
    numbers = page.locator(".shops tr", has_text="店铺 long").locator("td.n").all_inner_texts()
    assert numbers == ["90,000", "200,000", "123,456", "+33,456", "76,543", "+16,543", "1 / 2 / 3"]
    total = tally(RECORDS)
    assert page.locator("#categories tfoot td").all_inner_texts() == [
        "合计",
        *(f"{count}" for count in (total.shops, total.without_plan, total.to_approve)),
        *(f"{sum_fen / 100:,.0f}" for sum_fen in (total.yesterday_fen, total.budget_fen, total.planned_fen)),
        f"{total.expected_net_fen / 100:,.0f}",
        f"{total.gain_fen / 100:+,.0f}",
    ]
