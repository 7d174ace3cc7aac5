"""plan.html in a real Chromium: it draws, toggles, filters and prints; it asks for nothing and runs nobody's script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page

from adspend.outputs.page import plan_page
from adspend.plan import Action, Plan
from adspend_datasets.text import Language
from oracles.sample_plan import FORMULA, SCRIPT, large_plan, one_cell_plan, sample_plan

pytestmark = pytest.mark.browser
DESK, PHONE = (1280, 1000), (390, 844)

HERE = Path(__file__).parent
CONTRASTS, CUT_TEXTS = ((HERE / name).read_text(encoding="utf-8") for name in ("contrasts.js", "cut_texts.js"))
SCROLL = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += 600) {
    window.scrollTo({ top: y, behavior: 'instant' });
    await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
  }
}"""  # as a reader does


class Opened(Protocol):
    """What the fixtures of ``conftest`` give: the page, what it asked for, what was refused, what it complained of."""

    page: Page
    requests: list[str]
    refused: dict[str, str]
    complaints: list[str]


Open = Callable[..., Opened]


def drawn(page: Page) -> dict[str, int]:
    """How many curves are shown, and how many of those have a drawing."""
    figures = page.locator("figure:visible")
    return {"shown": figures.count(), "drawn": page.locator("figure:visible .curve svg").count()}


def quiet(opened: Opened) -> bool:
    """Whether the page asked for nothing but itself and complained of nothing."""
    assert opened.complaints == []
    assert [address for address in opened.requests if not address.startswith(("file:", "data:"))] == []
    return True


@pytest.mark.parametrize(("plan", "cells"), [(one_cell_plan(), 1), (sample_plan(), 48), (large_plan(), 288)])
def test_every_visible_chart_is_drawn_and_nothing_is_asked_of_the_network(
    open_plan: Open, plan: Plan, cells: int
) -> None:
    assert len(plan.cells) == cells
    opened = open_plan(plan)
    page = opened.page
    page.click('[data-filter="all"]')
    assert drawn(page)["shown"] == cells
    page.evaluate(SCROLL)
    page.wait_for_function("Array.from(document.querySelectorAll('figure')).every((f) => f.querySelector('svg'))")
    assert drawn(page) == {"shown": cells, "drawn": cells}
    for chart in ("#comparison svg", "#frontier svg"):
        assert page.locator(chart).count() == 1
    assert quiet(opened)


def test_the_first_twelve_curves_are_drawn_before_anyone_scrolls(open_plan: Open) -> None:
    page = open_plan(large_plan()).page
    count = drawn(page)
    assert 12 <= count["drawn"] < count["shown"] / 2, count


def test_the_heat_map_adds_up_to_the_plan(open_plan: Open, sample: Plan) -> None:
    page = open_plan(sample).page
    fields = page.locator(".heat td[data-fen]").evaluate_all("(fields) => fields.map((f) => Number(f.dataset.fen))")
    assert sum(fields) == sample.planned_fen
    assert len(fields) == sum(cell.budget_fen > 0 for cell in sample.cells)
    assert page.locator(".heat td.pause").count() == 48 - len(fields)
    assert page.locator(".heat td.all").inner_text() == "25,500"


def test_every_field_and_row_says_how_far_it_moves_from_yesterday(open_plan: Open, sample: Plan) -> None:
    """A pause of a running cell frees its money, one of a resting cell nothing."""
    page = open_plan(sample).page
    moves = [None if c.yesterday_fen is None else c.budget_fen - c.yesterday_fen for c in sample.cells]
    tails = [text.split()[-1] for text in page.locator(".heat td:has(a)").all_inner_texts()]
    for cell, move, tail in zip(sample.cells, moves, tails, strict=True):
        if move is None or (move == 0 and not cell.budget_fen):
            assert tail in ("暂停", "测试"), cell.cell
        else:
            assert tail == (f"{round(move / 100):+,}" if round(move / 100) else "0"), cell.cell
    column = page.locator("td.change").all_inner_texts()
    known = [f"{move / 100:+,.2f}" if move else "0.00" for move in moves if move is not None]
    assert sorted(text for text in column if text != "–") == sorted(known)


def test_a_slot_without_money_sums_to_a_dash_never_to_zero(open_plan: Open) -> None:
    plan = one_cell_plan()
    cell = replace(plan.cells[0], budget_fen=0, action=Action.PAUSE)
    page = open_plan(replace(plan, cells=(cell,))).page
    assert page.locator(".heat td").all_inner_texts()[:3] == ["暂停 -300", "–", "–"]


def test_two_levers_of_a_slot_share_one_field(open_plan: Open) -> None:
    plan = sample_plan(levers=("标准", "随心推"))
    page = open_plan(plan).page
    fields = page.locator(".heat td[data-fen]").evaluate_all("(fields) => fields.map((f) => Number(f.dataset.fen))")
    assert page.locator(".heat tbody td:not(.sum)").count() == 48
    assert sum(fields) == plan.planned_fen


def test_the_language_toggles_without_a_reload(open_plan: Open, sample: Plan) -> None:
    opened = open_plan(sample, "en")
    page = opened.page
    loads = len(opened.requests)
    assert page.locator("#warnings h2").inner_text() == "Warnings first"
    assert "today's budget" in page.locator("#frontier").inner_text()
    page.click('[data-set-lang="zh"]')
    assert page.locator("#warnings h2").inner_text() == "先看提醒"
    assert "今日预算" in page.locator("#frontier").inner_text()
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    tips = page.locator(".heat td.test").evaluate_all("(fields) => fields.map((f) => f.title)")
    assert set(tips) == {"测试 300 元：看出加钱后的效果"}
    assert page.locator(".en:visible").count() == 0
    page.click('[data-set-lang="en"]')
    assert page.locator(".zh:visible").count() == 0
    assert len(opened.requests) == loads


def test_hostile_names_are_shown_and_not_run(open_plan: Open, sample: Plan) -> None:
    opened = open_plan(sample)
    page = opened.page
    assert page.evaluate("window.hacked") is None
    assert page.locator("script").count() == 3
    names = page.locator(".heat tbody th").all_inner_texts()
    assert {SCRIPT, FORMULA} < set(names)
    assert page.locator("h1").inner_text() == sample.shop
    assert quiet(opened)


def test_what_slips_in_all_the_same_does_not_run_or_load(open_html: Open, sample: Plan) -> None:
    """As if autoescape had failed: the policy is the second wall. Without it the same bait works."""
    bait = (
        "<script>window.hacked=1</script><b onclick='window.hacked=2' id='bait'>x</b><img src='http://127.0.0.1:9/x'>"
    )
    html = plan_page(sample, "zh").replace("<main>", f"<main>{bait}")
    guarded = open_html(html)
    guarded.page.click("#bait")
    assert guarded.page.evaluate("window.hacked") is None
    assert guarded.refused == {"http://127.0.0.1:9/x": "csp"}
    bare = open_html(html.replace("Content-Security-Policy", "x-none"))
    bare.page.click("#bait")
    assert bare.page.evaluate("window.hacked") == 2
    assert bare.refused != guarded.refused


def test_the_gallery_filters_by_money_and_by_name(open_plan: Open, sample: Plan) -> None:
    page = open_plan(sample).page
    funded = sum(cell.budget_fen > 0 for cell in sample.cells)
    assert drawn(page)["shown"] == funded
    page.fill("#find", "22:00-26")
    assert drawn(page) == {"shown": 6, "drawn": 6}
    assert page.locator("#shown").inner_text() == "显示 6 / 48"
    for words in ("新客 18:00-", "18:00- 新客", "新客 × 18:00-", "新客 · 18:00-20:00"):
        page.fill("#find", words)
        assert page.locator("figure:visible figcaption b").all_inner_texts() == ["新客 × 18:00-20:00"], words
    page.fill("#find", "没有这个人群")
    assert drawn(page)["shown"] == 0
    assert page.locator("#shown").inner_text() == "没有符合的单元"
    page.fill("#find", "")
    page.click('[data-filter="all"]')
    assert drawn(page)["shown"] == 48


def test_a_field_of_the_heat_map_leads_to_its_reason(open_plan: Open, sample: Plan) -> None:
    best = max(sample.cells, key=lambda cell: cell.budget_fen)
    page = open_plan(sample).page
    page.click(f".heat td[data-fen='{best.budget_fen}'] a")
    row = page.locator("tr:target")
    assert best.cell.segment in row.inner_text()
    assert best.reason.zh in row.inner_text()


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_sticks_out_is_cut_or_overlaps(
    open_plan: Open, sample: Plan, size: tuple[int, int], language: Language
) -> None:
    page = open_plan(sample, language, size).page
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    page.evaluate(SCROLL)
    assert page.evaluate(CUT_TEXTS) == []


@pytest.mark.parametrize("selector", [".heat td a", ".chip", ".grade", ".quiet", ".notices b", ".headline", ".rows td"])
def test_texts_stand_out_from_their_ground(open_plan: Open, sample: Plan, selector: str) -> None:
    contrasts = open_plan(sample).page.evaluate(CONTRASTS, selector)
    assert contrasts
    assert [found for found in contrasts if found[0] < 4.5] == []


def test_print_draws_every_shown_curve_to_scale(open_plan: Open, sample: Plan) -> None:
    page = open_plan(sample).page
    page.click('[data-filter="all"]')
    assert drawn(page)["drawn"] < drawn(page)["shown"]
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    assert drawn(page)["drawn"] == drawn(page)["shown"]
    assert page.locator("figure:visible svg:not([viewBox])").count() == 0
    page.emulate_media(media="print")
    assert not page.locator(".language").is_visible()
    assert page.locator(".cells thead").is_visible(), "on paper the cells are a table, also from a phone"
