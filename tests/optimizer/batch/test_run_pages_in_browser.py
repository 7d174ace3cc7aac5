"""A run with pages of its shops in a real Chromium: from the summary to a shop and back, in the language chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page

from adspend.app.run_batch import load
from adspend.batch.orders import Orders
from adspend.batch.publish import publish
from adspend.batch.roster import read_roster
from adspend.batch.run import opened, run_shops
from adspend.batch.shop_work import plan_shop
from adspend.batch.summary import summarise
from adspend.engine import LocalEngine
from adspend.outputs.page import plan_page
from oracles.sample_plan import sample_plan

from .test_full_runs import DATE

pytestmark = pytest.mark.browser


class Opened(Protocol):
    """See ``conftest``."""

    page: Page
    complaints: list[str]


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def run(small_shops: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The summary's file of a run in Chinese with all its pages."""
    out = tmp_path_factory.mktemp("run") / "out"
    jobs = read_roster(small_shops / "shops", small_shops / "reports")[:2]
    orders = Orders(date=DATE, out=out, language="zh", full=True)
    with opened(out) as ledger, LocalEngine(1, load) as engine:
        run_shops(jobs, orders, ledger, engine, work=plan_shop)
        publish(summarise(DATE, ledger.records(), ()), out, "zh", full=True)
    return out / "summary.html"


def language(page: Page) -> str:
    found: str = page.evaluate("document.documentElement.dataset.lang")
    return found


def test_the_language_goes_along_to_a_shop_and_back(run: Path, open_address: Open) -> None:
    """By the page's own link, and by the browser's."""
    visit = open_address(run.as_uri())
    page = visit.page
    assert language(page) == "zh"
    page.click('[data-set-lang="en"]')
    for way_back in (lambda: page.click("a.back"), page.go_back):
        page.locator(".shops .shop a").first.click()
        page.wait_for_selector("#frontier svg")
        assert page.url.split("#")[0].endswith("/plan.html")
        assert language(page) == "en"
        assert page.locator("a.back").inner_text() == "← all shops"
        way_back()
        page.wait_for_selector(".shops")
        assert page.url.split("#")[0] == run.as_uri()
        assert language(page) == "en"
    page.locator(".shops .shop a").first.click()
    page.click('[data-set-lang="zh"]')
    page.click("a.back")
    page.wait_for_selector(".shops")
    assert language(page) == "zh"
    assert visit.complaints == []


def test_a_plan_made_alone_has_no_way_back() -> None:
    page = plan_page(sample_plan(), "zh")
    assert 'class="back"' not in page
    assert "summary.html" not in page
