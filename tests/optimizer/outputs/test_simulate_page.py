"""simulate.html: nothing but itself, both languages, and in a browser three charts that follow the buttons."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest

from adspend.contest import Contest, hold_contest
from adspend.outputs.simulate_page import simulate_page
from adspend.strategies.even_split import EvenSplit
from adspend.strategies.return_proportional import ReturnProportional
from adspend_datasets.text import Text
from oracles.quiet_worlds import FIRST, QuietWorld, hills, shop


@pytest.fixture(scope="module")
def contest() -> Contest:
    world = QuietWorld(hills(2, 2, ceiling=[30.0, 20.0, 10.0, 40.0], half=300.0, shape=1.0))
    strategies = [EvenSplit(), ReturnProportional()]
    return hold_contest(
        world, shop(2, 2, daily=900), strategies, market=Text("安静", "quiet"), first=FIRST, days=9, seed=0
    )


def test_only_its_own_scripts_run_and_nothing_is_loaded(contest: Contest) -> None:
    page = simulate_page(contest, "zh")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    assert len(hashes) == 2
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)">', page)
    assert policy.startswith("default-src &#39;none&#39;") or policy.startswith("default-src 'none'")
    assert all(digest in policy for digest in hashes)
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert not re.search(r"<(link|img|iframe|object|form)\b", markup)
    assert len(re.findall(r'class="zh"', page)) == len(re.findall(r'class="en"', page))


def test_every_score_can_be_read_without_a_script(contest: Contest) -> None:
    text = simulate_page(contest, "en")
    for entry in contest.entries:
        assert f"{entry.run.expected.sum():,.0f}" in text
        assert f"{entry.share:.1%}" in text


@pytest.mark.browser
def test_charts_follow_the_buttons(contest: Contest, open_html: Callable[..., Any]) -> None:
    opened = open_html(simulate_page(contest, "zh"))
    page = opened.page
    for chart in ("cumulative", "shares", "heat"):
        page.wait_for_selector(f"#{chart} svg")
    assert page.locator("[data-run][aria-pressed=true]").inner_text() == contest.entries[0].label.zh
    before = page.locator("#heat svg").inner_html()
    page.click('[data-run="2"]')
    assert page.locator("#heat svg").inner_html() != before
    page.click('[data-set-lang="en"]')
    assert page.locator("#cumulative svg").get_by_text("clairvoyant", exact=True).count() == 1
    assert not opened.complaints
    assert not opened.refused
