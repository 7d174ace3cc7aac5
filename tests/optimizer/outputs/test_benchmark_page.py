"""benchmark.html: nothing but itself, both languages, and in a browser a chart that follows the buttons."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from adspend.contest import CLAIRVOYANT
from adspend.outputs.benchmark_page import benchmark_page, interval
from adspend.standings import Group, groups
from adspend.suite import Outcome, Shops, Suite
from adspend_datasets.text import Language, Text

SUITE = Suite(
    shops=tuple(Shops(family=family, segments=1, slots=2, seeds=3) for family in ("calm", "wild")),
    strategies=("good", "poor"),
    days=12,
)
LABELS = {"good": Text("好策略", "good <one>"), "poor": Text("差策略", "poor"), CLAIRVOYANT: Text("先知", "best")}
SWING = {"calm": 1.0, "wild": 9.0}
DAILY = {CLAIRVOYANT: 100.0, "good": 80.0, "poor": -10.0}


@pytest.fixture(scope="module")
def found() -> Sequence[Group]:
    outcomes = [
        Outcome(
            job=job,
            name=job.strategy,
            label=LABELS[job.strategy],
            expected=tuple(DAILY[job.strategy] + SWING[job.family] * job.seed * (day % 3) for day in range(12)),
            realised=(0.0,) * 12,
            cost=(10.0,) * 12,
            violations=(0, 0, 0, 0, 0),
            test_cost=None,
            seconds=1.0,
        )
        for job in SUITE.jobs(lambda _: "")
    ]
    return groups(outcomes)


def page_of(found: Sequence[Group], language: Language = "zh") -> str:
    return benchmark_page(SUITE, found, language)


def test_only_its_own_scripts_run_and_nothing_is_loaded(found: Sequence[Group]) -> None:
    page = page_of(found)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    assert len(hashes) == 2
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)">', page)
    assert all(digest in policy for digest in hashes)
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert not re.search(r"<(link|img|iframe|object|form)\b", markup)
    assert len(re.findall(r'class="zh"', page)) == len(re.findall(r'class="en"', page))
    assert "good <one>" not in markup


def test_every_standing_can_be_read_without_a_script(found: Sequence[Group]) -> None:
    text = page_of(found, "en")
    for group in found:
        for standing in group.standings:
            assert interval(standing.share) in text
    assert "6 markets, 12 days each" in text


@pytest.mark.browser
def test_the_chart_follows_the_buttons(found: Sequence[Group], open_html: Callable[..., Any]) -> None:
    opened = open_html(page_of(found))
    page, chart = opened.page, "#path svg"
    page.wait_for_selector(chart)
    assert page.locator("[data-run][aria-pressed=true]").inner_text() == "好策略"
    assert page.locator("[data-group][aria-pressed=true]").inner_text() == "全部市场"
    for button in ('[data-run="poor"]', '[data-group="2"]', '[data-set-lang="en"]'):
        before = page.locator(chart).inner_html()
        page.click(button)
        assert page.locator(button).get_attribute("aria-pressed") == "true"
        assert page.locator(chart).inner_html() != before
    assert page.locator(chart).get_by_text("good <one>", exact=True).count() == 1
    assert not opened.complaints
    assert not opened.refused
