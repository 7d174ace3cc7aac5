"""curves.html in a real Chromium: whole at a desk's width, found by its tab, searched by words."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page

from adspend.day import fitted_bank, known_report
from adspend.outputs.curve_page import curve_page
from adspend.outputs.page import plan_page
from adspend.plan import Plan
from adspend.shop import Shop, read_shop
from adspend.shop_reports import read_reports_of
from adspend_datasets.text import Language
from adspend_models.posterior import PosteriorBank

pytestmark = pytest.mark.browser
SAMPLES = Path(__file__).parents[3] / "datasets" / "adspend_datasets" / "samples"
DATE = datetime.date(2026, 11, 23)
CUT = "Array.from(document.querySelectorAll('.scroll')).map((box) => box.scrollWidth - box.clientWidth)"


class Opened(Protocol):
    """See ``conftest``."""

    page: Page
    complaints: list[str]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return read_shop(SAMPLES / "shop.toml")


@pytest.fixture(scope="module")
def bank(shop: Shop) -> PosteriorBank:
    report, _ = read_reports_of(shop, [SAMPLES / "qianchuan_standard.csv"])
    return fitted_bank(shop, known_report(shop, report, DATE), DATE)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_column_is_cut_at_a_desk_s_width(
    open_html: Callable[..., Opened], bank: PosteriorBank, shop: Shop, language: Language
) -> None:
    opened = open_html(curve_page(bank, shop, language), (1440, 1000))
    assert opened.page.evaluate(CUT) == [0]
    assert opened.complaints == []


def test_words_are_found_in_any_order_and_none_is_said(
    open_html: Callable[..., Opened], bank: PosteriorBank, shop: Shop
) -> None:
    page = open_html(curve_page(bank, shop, "en")).page
    page.fill("#find", "18:00- 新客")
    assert page.locator("figure:visible figcaption b").all_inner_texts() == ["新客 × 18:00-20:00"]
    assert page.locator(".cells tbody tr:visible").count() == 1
    page.fill("#find", "18:00- 没有")
    assert page.locator("#shown").inner_text() == "no cell matches"


def test_its_tab_is_not_called_like_the_plan_s(bank: PosteriorBank, shop: Shop, sample: Plan) -> None:
    titles = [page.split("<title>")[1].split("</title>")[0] for page in (curve_page(bank, shop, "zh"),
                                                                         plan_page(sample, "zh"))]  # fmt: skip
    assert [title.rsplit(" · ")[-1] for title in titles] == ["响应曲线", "投放计划"]
