"""plan.html judged as text, by the standard library's parser: what it holds, what it may run, what it may load."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest

from adspend.outputs.page import plan_page
from adspend.plan import Plan, StageNote
from adspend_datasets.text import same
from oracles.sample_plan import large_plan, sample_plan

MOST_BYTES = 3_000_000
LOADING = {"src", "href", "srcset", "action", "formaction", "data", "poster", "xlink:href", "background"}


@dataclass(slots=True)
class Source(HTMLParser):
    """Tags with their attributes, and the text of every script."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    scripts: list[tuple[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.tags[-1] if self.tags else ("", {})
        if self.cdata_elem == "script":
            self.scripts.append((attributes.get("type") or "", data))
        elif tag != "style":
            self.texts.append(data)


def source(plan: Plan) -> Source:
    parser = Source()
    parser.feed(plan_page(plan, "zh"))
    parser.close()
    return parser


def policy(parsed: Source) -> dict[str, list[str]]:
    """The page's content security policy: what each directive allows."""
    metas = [attributes for tag, attributes in parsed.tags if tag == "meta"]
    content = next(meta["content"] for meta in metas if meta.get("http-equiv") == "Content-Security-Policy")
    assert content is not None
    return {words[0]: words[1:] for words in (part.split() for part in content.split(";"))}


def test_the_policy_names_the_hash_of_each_script_and_allows_no_other_and_no_network(sample: Plan) -> None:
    parsed = source(sample)
    hashes = [
        "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
        for kind, text in parsed.scripts
        if kind != "application/json"
    ]
    allowed = policy(parsed)
    assert len(hashes) == 2
    assert allowed.pop("script-src") == hashes
    assert allowed.pop("default-src") == ["'none'"]
    assert allowed == {
        "base-uri": ["'none'"], "form-action": ["'none'"], "style-src": ["'unsafe-inline'"], "img-src": ["data:"],
    }  # fmt: skip


def test_no_element_loads_anything_and_no_attribute_runs_anything(sample: Plan) -> None:
    for tag, attributes in source(sample).tags:
        assert tag not in {"link", "iframe", "object", "embed", "img", "form", "base", "b x"}
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in LOADING or (value or "").startswith("#c"), (tag, name, value)


def test_links_of_the_heat_map_lead_to_rows_that_exist(sample: Plan) -> None:
    tags = source(sample).tags
    targets = {attributes["id"] for _, attributes in tags if "id" in attributes}
    links = [str(attributes["href"])[1:] for tag, attributes in tags if tag == "a"]
    assert len(links) == len(sample.cells) == len(set(links))
    assert set(links) <= targets


def test_the_charts_data_are_the_plan_s_numbers(sample: Plan) -> None:
    (data,) = [json.loads(text) for kind, text in source(sample).scripts if kind == "application/json"]
    assert data["budget"] == sample.budget_fen / 100
    assert data["frontier"] == [[point.budget_fen / 100, point.net_fen / 100] for point in sample.frontier]
    assert [round(100 * way["net"]) for way in data["comparisons"]] == [w.expected_net_fen for w in sample.comparisons]
    budgets = [round(100 * curve["budget"]) for curve in data["curves"]]
    assert budgets == sorted((cell.budget_fen for cell in sample.cells), reverse=True)


def test_every_sentence_stands_in_both_languages(sample: Plan) -> None:
    spans = [attributes.get("class") for tag, attributes in source(sample).tags if tag == "span"]
    languages = [name for name in spans if name in ("zh", "en")]
    assert languages == ["zh", "en"] * (len(languages) // 2)
    assert len(languages) > 500


def test_warnings_come_first_and_review_before_the_rest(sample: Plan) -> None:
    page = plan_page(sample, "zh")
    sections = re.findall(r'<section id="(\w+)"', page)
    assert sections == ["warnings", "figures", "compare", "budgets", "binding", "curves", "cells", "proof"]
    assert re.findall(r'<li class="(REVIEW|WARN)"', page) == ["REVIEW", "WARN", "WARN"]


def test_the_page_speaks_of_yuan_and_its_tab_of_a_plan(sample: Plan) -> None:
    """A fit's page of the same shop and day is another tab."""
    page = plan_page(sample, "zh")
    assert "<title>示例旗舰店 &lt;i&gt;&amp;amp; 2026-11-23 · 投放计划</title>" in page
    assert "Budget plan</title>" in plan_page(sample, "en")
    assert re.search(r'25,700.00 <span class="zh" lang="zh-CN">元</span><span class="en" lang="en">yuan</span>', page)
    assert '25,700.00 <span class="zh" lang="zh-CN">USD' in plan_page(replace(sample, currency="USD"), "zh")


def test_the_headline_says_what_is_spent_earned_and_proven(sample: Plan) -> None:
    text = "".join(source(sample).texts)
    assert "计划花 25,500.00 元（预算 25,700.00 元）" in text
    assert "换任何分法最多再多赚 70.00 元（0.21%）" in text, "200 yuan are left, at a price of 0.35 each"
    assert "no other split can beat it by more than 70.00 yuan (0.21%)" in text


def test_a_gap_below_a_fen_is_said_in_words(sample: Plan) -> None:
    certificate = replace(sample.certificate, bound_micro=sample.certificate.value_micro + 9_999)
    text = "".join(source(replace(sample, certificate=certificate)).texts)
    assert "换任何分法都多赚不到 1 分钱" in text
    assert "no other split can earn even one fen more" in text


def test_a_plan_with_nothing_but_cells_is_a_page_too(sample: Plan) -> None:
    bare = replace(
        sample, notices=(), binding=(), comparisons=(), frontier=(), inputs=(), versions=(),
            stage=StageNote(name=same(""), reason=same("")),
        cells=tuple(replace(cell, chart=None, limits=()) for cell in sample.cells),
        certificate=replace(sample.certificate, multipliers=()),
    )  # fmt: skip
    page = plan_page(bare, "en")
    assert "No warnings." in page
    assert "No frontier to draw." in page


def test_equal_plans_give_equal_pages_and_the_language_is_only_the_first_to_show(sample: Plan) -> None:
    zh, en = plan_page(sample, "zh"), plan_page(sample, "en")
    assert zh == plan_page(sample_plan(), "zh")
    assert 'data-lang="zh"' in zh
    assert 'data-lang="en"' in en
    assert len(zh) == pytest.approx(len(en), rel=0.01)


def test_a_large_plan_is_still_small_enough_to_mail() -> None:
    size = len(plan_page(large_plan(), "zh").encode("utf-8"))
    assert 1_100_000 < size < MOST_BYTES, f"{size} bytes"
