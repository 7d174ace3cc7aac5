"""tune.html: nothing but itself, both languages, and in a browser a chart of everything a tuning found."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adspend.outputs.tune_page import tune_page
from adspend.tuning.provenance import Provenance
from adspend.tuning.tune import Tuned
from oracles.formula_runs import DEFAULT, FormulaPool, tuned_by_formula

SOURCE = Provenance(command="adspend tune --families 'a <b>'", versions=(("adspend", "0"),))


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Tuned:
    return tuned_by_formula(FormulaPool(0.02), tmp_path_factory.mktemp("page") / "study.jsonl")


def test_only_its_own_scripts_run_and_nothing_is_loaded(tuned: Tuned) -> None:
    page = tune_page(tuned, SOURCE, "zh")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    assert len(hashes) == 2
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="(.*?)">', page)
    assert policy.startswith("default-src &#39;none&#39;")
    assert all(digest in policy for digest in hashes)
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert not re.search(r"<(link|img|iframe|object|form)\b", markup)
    assert "a <b>" not in markup
    assert len(re.findall(r'class="zh"', page)) == len(re.findall(r'class="en"', page))


def test_verdict_and_parameters_can_be_read_without_a_script(tuned: Tuned) -> None:
    text = re.sub(r"<script.*?</script>", "", tune_page(tuned, SOURCE, "en"), flags=re.S)
    assert tuned.verdict is not None
    assert tuned.winner is not None
    low, high = tuned.verdict.interval
    for number in (tuned.verdict.mean, low, high):
        assert f"{100 * number:+.1f}" in text
    assert f'<td class="n">{DEFAULT.kill:.4g}</td>' in text
    assert f'<td class="n">{tuned.winner.policy.kill:.4g}</td>' in text
    assert "The new policy is recommended" in text


@pytest.mark.browser
def test_every_chart_is_drawn_in_both_languages(tuned: Tuned, open_html: Callable[..., Any]) -> None:
    opened = open_html(tune_page(tuned, SOURCE, "zh"))
    page = opened.page
    for chart in ("history", "importances", "differences", *(f"slice-{i}" for i in range(len(tuned.space)))):
        page.wait_for_selector(f"#{chart} svg")
        assert page.locator(f"#{chart} svg path").count() > 3, chart
    assert page.locator("#history svg").get_by_text("至今最佳", exact=True).count() == 1
    assert page.locator("#importances svg").get_by_text("kill", exact=True).count() == 1
    page.click('[data-set-lang="en"]')
    assert page.locator("#history svg").get_by_text("best so far", exact=True).count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not opened.complaints
    assert not opened.refused


@pytest.mark.browser
def test_a_refusal_has_a_page_too(open_html: Callable[..., Any], tmp_path: Path) -> None:
    refused = tuned_by_formula(FormulaPool(DEFAULT.kill), tmp_path / "study.jsonl")
    opened = open_html(tune_page(refused, SOURCE, "en"), (390, 800))
    opened.page.wait_for_selector("#differences svg")
    assert "not recommended" in opened.page.locator(".headline").inner_text()
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not opened.complaints
