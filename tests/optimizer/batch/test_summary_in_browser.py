"""summary.html in a real Chromium, against plain Python over the same records: filters, sorting, sums, and no leak."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page

from adspend.batch.reasons import find_reasons, name_of
from adspend.batch.record import Remark, ShopRecord, Status
from adspend.batch.summary import STATUS_WORDS, summarise
from adspend.batch.summary_page import summary_page
from adspend.batch.tally import by_category
from adspend_datasets.text import Text
from oracles.made_records import made_record, made_records, remark

pytestmark = pytest.mark.browser
SHOPS, FIRST = 450, 200
DATE = datetime.date(2026, 7, 1)
CONTRASTS = (Path(__file__).parents[1] / "outputs" / "contrasts.js").read_text(encoding="utf-8")
CHANGE, NET, GAIN = 5, 6, 7  # columns


class Opened(Protocol):
    """See ``conftest``."""

    page: Page
    requests: list[str]
    complaints: list[str]


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def records() -> tuple[ShopRecord, ...]:
    return made_records(SHOPS, seed=5)


@pytest.fixture
def opened(open_html: Open, records: tuple[ShopRecord, ...]) -> Opened:
    return open_html(summary_page(summarise(DATE, records, (), 90_000_000), "zh", full=False))


def visible(page: Page) -> list[str]:
    """The names of the shops that are shown, in their order."""
    script = (
        "(rows) => rows.filter((r) => r.offsetParent).map((r) => r.querySelector('small').textContent.split(' ')[0])"
    )
    names: list[str] = page.locator(".shops tbody tr").evaluate_all(script)
    return names


def told(page: Page) -> str:
    return page.locator("#shown").inner_text()


def sums(records: list[ShopRecord]) -> str:
    """What the page should say of these shops."""
    planned = [record.figures for record in records if record.figures is not None]
    plan, net = sum(f.planned_fen for f in planned) / 100, sum(f.expected_net_fen for f in planned) / 100
    return f"{len(records)} / {SHOPS} 家 · 计划 {plan:,.0f} 元 · 预期净值 {net:,.0f} 元"


def test_all_filters_together_keep_the_shops_that_fit_each(opened: Opened, records: tuple[ShopRecord, ...]) -> None:
    page = opened.page
    reasons = [(reason.severity, reason.code) for reason in find_reasons(records)]
    categories = list(by_category(records))

    def having(severity: str, code: str) -> list[ShopRecord]:
        return [r for r in records if any((m.severity, m.code) == (severity, code) for m in r.remarks)]

    assert told(page) == sums(list(records))
    page.click(f'[data-kind="reason"][data-value="{reasons.index(("REVIEW", "CURVES-REVIEW"))}"]')
    fitting = having("REVIEW", "CURVES-REVIEW")
    assert told(page) == sums(fitting)
    page.click(f'[data-kind="category"][data-value="{categories.index("美妆")}"]')
    fitting = [record for record in fitting if record.category == "美妆"]
    assert told(page) == sums(fitting)
    assert set(visible(page)) == {record.name for record in fitting}
    page.fill("#search", "SHOP-1")
    fitting = [record for record in fitting if record.name.startswith("shop-1")]
    assert told(page) == sums(fitting)
    assert fitting
    page.locator("#chosen button").first.click()
    fitting = [record for record in records if record.category == "美妆" and record.name.startswith("shop-1")]
    assert told(page) == sums(fitting)
    page.fill("#search", "")
    page.locator("#chosen button").click()
    page.click('[data-kind="status"][data-value="failed"]')
    assert told(page) == sums([record for record in records if record.status is Status.FAILED])
    page.click('[data-kind="status"][data-value="failed"]')
    assert told(page) == sums(list(records))


def test_a_filter_by_a_reason_shows_shops_whose_rows_say_it(opened: Opened, records: tuple[ShopRecord, ...]) -> None:
    """Be it one that needs a person, or only a note."""
    page = opened.page
    rows = page.locator(".shops tbody tr:visible .why")
    for number, reason in enumerate(find_reasons(records)):
        button = page.locator(f'[data-kind="reason"][data-value="{number}"]')
        button.click()
        told = [text for text in rows.all_inner_texts() if reason.name.zh in text]
        assert len(told) == rows.count() == min(reason.shops, FIRST), reason.code
        button.click()


@pytest.mark.parametrize("typed", ["曲线需复核", "BIG RAISE", "失败", "quarantined"])
def test_a_search_looks_at_status_and_reasons_too(opened: Opened, records: tuple[ShopRecord, ...], typed: str) -> None:
    """In either language, whichever is shown."""
    opened.page.fill("#search", typed)
    found = []
    for record in records:
        said = [STATUS_WORDS[record.status], *(name_of(each.code) for each in record.remarks)]
        if any(typed.lower() in words for text in said for words in (text.zh.lower(), text.en.lower())):
            found.append(record)
    assert 0 < len(found) < SHOPS
    assert told(opened.page) == sums(found)


def test_when_no_shop_fits_the_page_says_so_and_one_button_clears_all(
    opened: Opened, records: tuple[ShopRecord, ...]
) -> None:
    page = opened.page
    assert not page.is_visible("#none")
    assert not page.is_visible("#clear")
    page.click('[data-kind="status"][data-value="failed"]')
    page.locator('.pick[data-kind="category"]').first.click()
    page.fill("#search", "no such shop")
    assert visible(page) == []
    assert page.locator("#none").inner_text() == "没有符合全部筛选条件的店铺。"
    page.click("#clear")
    assert told(page) == sums(list(records))
    assert page.locator('[aria-pressed="true"][data-kind]').count() == page.locator("#chosen button").count() == 0
    assert not page.is_visible("#none")
    assert not page.is_visible("#clear")


def test_the_first_shops_are_laid_out_and_the_others_when_asked(
    opened: Opened, records: tuple[ShopRecord, ...]
) -> None:
    page = opened.page
    by_need = [row.record.name for row in summarise(DATE, records, ()).by_need]
    assert visible(page) == by_need[:FIRST]
    assert page.locator("#more").inner_text() == f"显示其余 {SHOPS - FIRST} 家"
    page.click("#more")
    assert visible(page) == by_need
    assert not page.locator("#more").is_visible()


@pytest.mark.parametrize("column", [CHANGE, NET, GAIN])
def test_a_column_sorts_both_ways_and_what_has_no_number_stays_last(
    opened: Opened, records: tuple[ShopRecord, ...], column: int
) -> None:
    page = opened.page
    page.click("#more")
    values: dict[str, int] = {}
    for row in summarise(DATE, records, ()).rows:
        plan = row.figures
        value = {GAIN: row.gain_fen, NET: None if plan is None else plan.expected_net_fen}.get(column)
        if column == CHANGE and plan is not None and plan.yesterday_fen is not None:
            value = plan.planned_fen - plan.yesterday_fen
        if value is not None:
            values[row.record.name] = value
    head = page.locator(".shops th").nth(column)
    for way, is_down in (("descending", True), ("ascending", False)):
        head.locator("button").click()
        page.locator("#more").click()
        assert head.get_attribute("aria-sort") == way
        names = visible(page)
        assert set(names[: len(values)]) == set(values), "what has no number stays last"
        shown = [round(values[name] / 100) for name in names[: len(values)]]
        assert shown == sorted(shown, reverse=is_down)


def test_the_status_sorts_by_need_and_back(opened: Opened, records: tuple[ShopRecord, ...]) -> None:
    page = opened.page
    by_need = [row.record.name for row in summarise(DATE, records, ()).by_need]
    for names in (by_need[::-1], by_need):
        page.locator(".shops th button").first.click()
        page.click("#more")
        assert visible(page) == names


def test_cells_without_trust_come_first(open_html: Open) -> None:
    """By those that fail, then by those to review; where there is no plan stays last."""
    grades = {"a": (1, 9, 0), "b": (50, 0, 2), "c": (0, 1, 10), "d": (2, 3, 2)}
    made = [made_record(name, planned=100, budget=100) for name in grades]
    plans = [
        replace(record, figures=replace(record.figures, grades=grades[record.name]))
        for record in made
        if record.figures is not None
    ]
    records = (*plans, made_record("e", status=Status.FAILED))
    page = open_html(summary_page(summarise(DATE, records, ()), "zh", full=False)).page
    for names in ("cdbae", "abdce"):
        page.click(".c-grades button")
        assert "".join(visible(page)) == names


@pytest.mark.parametrize("column", ["held", "why"])
def test_words_sort_both_ways_in_the_language_shown(open_html: Open, column: str) -> None:
    """Limits and reasons; what has none stays last."""
    words = {"a": Text("丙", "apple"), "b": Text("甲", "zebra"), "c": Text("乙", "mango")}
    records = [made_record("d", binding=())]
    for name, word in words.items():
        reason = Remark(code=word.en if column == "why" else "", severity="REVIEW", text=word)
        records.append(made_record(name, binding=(word,), remarks=(reason,) if column == "why" else ()))
    page = open_html(summary_page(summarise(DATE, records, ()), "en", full=False)).page
    for names in ("acbd", "bcad"):
        page.click(f".c-{column} button")
        assert "".join(visible(page)) == names


def test_the_language_toggles_and_nothing_is_asked_of_the_network(opened: Opened) -> None:
    page = opened.page
    assert page.locator("#reasons h2").inner_text() == "什么需要人处理"
    page.click('[data-set-lang="en"]')
    assert page.locator("#reasons h2").inner_text() == "What needs a person"
    assert told(page).startswith(f"{SHOPS} of {SHOPS} shops")
    assert page.locator(".zh:visible").count() == 0
    assert opened.complaints == []
    assert [address for address in opened.requests if not address.startswith("file:")] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 1280


@pytest.mark.parametrize("selector", [".chip", ".pick", ".groups td", ".shops td", ".shops th button", ".quiet"])
def test_texts_stand_out_from_their_ground(opened: Opened, selector: str) -> None:
    contrasts = opened.page.evaluate(CONTRASTS, selector)
    assert contrasts
    assert [found for found in contrasts if found[0] < 4.5] == []


@pytest.mark.parametrize("width", [1280, 1600])
def test_the_head_of_the_table_stays_in_sight(opened: Opened, width: int) -> None:
    page = opened.page
    page.set_viewport_size({"width": width, "height": 1000})
    page.evaluate("window.scrollTo({ top: 6000, behavior: 'instant' })")
    box = page.locator(".shops thead").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 5
    assert box["height"] < 100
    for head in page.locator(".shops thead th").all():
        inside = head.bounding_box()
        assert inside is not None
        assert box["y"] <= inside["y"] < inside["y"] + inside["height"] <= box["y"] + box["height"] + 1


def test_without_scripts_every_shop_is_there_and_its_reasons_can_be_opened(
    open_address: Open, records: tuple[ShopRecord, ...], tmp_path: Path
) -> None:
    file = tmp_path / "summary.html"
    file.write_text(summary_page(summarise(DATE, records, ()), "zh", full=False), encoding="utf-8")
    page = open_address(file.as_uri(), scripts=False).page
    assert page.locator(".shops tbody tr:visible").count() == SHOPS
    assert page.locator(".filter:visible").count() == 0
    assert page.locator("noscript").inner_text() == "筛选和排序需要脚本；表格不需要。"
    closed = page.locator(".shops tr[data-status=ok] details").first
    closed.locator("summary").click()
    assert closed.get_attribute("open") is not None
    failed = page.locator(".shops tr[data-status=failed] details").first
    assert failed.get_attribute("open") is not None, "why there is no plan is said at once"


def test_hostile_names_are_shown_and_not_run(open_html: Open) -> None:
    """As names, categories and codes; and as if autoescape had failed."""
    bad = "</script><script>window.hacked=1</script><img src=x onerror='window.hacked=2'>"
    records = (
        made_record("a", category=bad, remarks=(remark(bad, "REVIEW", bad),)),
        made_record("b", category="服饰", status=Status.FAILED, remarks=(remark("E-X", "ERROR", bad),)),
    )
    html = summary_page(summarise(DATE, records, ()), "zh", full=False)
    page = open_html(html).page
    assert page.evaluate("window.hacked") is None
    assert page.locator("#categories .pick").first.inner_text() == bad
    page.locator("#categories .pick").first.click()
    assert visible(page) == ["a"]
    assert page.locator("#chosen button").inner_text() == f"{bad} ×"
    slipped = open_html(html.replace("<main>", f"<main>{bad}")).page
    assert slipped.evaluate("window.hacked") is None
