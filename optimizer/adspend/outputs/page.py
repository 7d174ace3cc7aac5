"""plan.html: one page that explains the plan, in Chinese and English, and needs nothing but itself.

The template writes what can be read without a script (warnings, tables, heat map); ECharts, inlined, draws the curves.
User text reaches the page through autoescape and ``tojson`` only. The page's policy allows no request at all, and of
scripts only the two whose hashes it names: one that slipped in with a shop's or a segment's name would not run.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from adspend.actions import in_order
from adspend.money import short_yuan, yuan_text
from adspend.outputs.chart_data import chart_data
from adspend.outputs.heat_map import heat_map
from adspend.outputs.wording import (
    ACTION_WORDS,
    GRADE_WORDS,
    certificate_sentence,
    headline,
    limit_names,
    price_words,
    warnings_first,
)
from adspend.plan import Plan
from adspend_datasets.text import Language, Text

ECHARTS = "vendor/echarts/echarts.min.js"


def plan_page(plan: Plan, language: Language) -> str:
    """The page's HTML; ``language`` is what it opens in, a button changes it."""
    ordered = sorted(plan.cells, key=lambda cell: -cell.budget_fen)
    css, script, echarts = (_asset(name) for name in ("page_files/page.css", "page_files/page.js", ECHARTS))
    template = _environment().from_string(_asset("page_files/page.html.jinja"))
    return template.render(
        plan=plan,
        language=language,
        policy=_policy(echarts, script),
        headline=headline(plan),
        notices=warnings_first(plan),
        own=plan.comparisons[0] if plan.comparisons else None,
        cells=ordered,
        rows=in_order(plan.cells),
        numbers={cell.cell: number for number, cell in enumerate(ordered, start=1)},
        action_words=ACTION_WORDS,
        grade_words=GRADE_WORDS,
        limit_names={cell.cell: limit_names(plan, cell) for cell in plan.cells},
        heat=heat_map(plan),
        totals=_totals(plan),
        counts=_counts(plan),
        certificate=certificate_sentence(plan),
        prices=price_words(plan),
        data=chart_data(plan, ordered),
        css=Markup(css),
        script=Markup(script),
        echarts=Markup(echarts),
    )


def both(text: Text) -> Markup:
    """The sentence in both languages; the page's style shows one."""
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(
        text.zh, text.en
    )


def signed_yuan(amount_fen: int) -> str:
    """A difference as people read it.

    >>> signed_yuan(123456), signed_yuan(-5), signed_yuan(0)
    ('+1,234.56', '-0.05', '0.00')
    """
    return f"+{yuan_text(amount_fen)}" if amount_fen > 0 else yuan_text(amount_fen)


def _environment() -> Environment:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(both=both, yuan=yuan_text, short=short_yuan, signed=signed_yuan)
    return environment


def _asset(name: str) -> str:
    return (files("adspend.outputs") / name).read_text(encoding="utf-8")


def _policy(*scripts: str) -> str:
    """The content security policy: nothing from anywhere, and only these scripts.

    Inline style stays allowed: heat map and charts set colours and sizes on elements, and style can neither run nor,
    under this policy, load anything.
    """
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    closed = "default-src 'none'; base-uri 'none'; form-action 'none'"
    return f"{closed}; script-src {hashes}; style-src 'unsafe-inline'; img-src data:"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _totals(plan: Plan) -> dict[str, float]:
    """Expected results of the whole plan; the ROI of a plan that spends nothing is shown as 0."""
    gmv = sum(cell.expected_gmv_fen for cell in plan.cells)
    return {
        "net_fen": sum(cell.expected_net_fen for cell in plan.cells),
        "gmv_fen": gmv,
        "orders": sum(cell.expected_orders for cell in plan.cells),
        "roi": gmv / plan.planned_fen if plan.planned_fen else 0.0,
    }


def _counts(plan: Plan) -> list[tuple[str, Text, int]]:
    """How many cells each action has, in the order of the actions."""
    found = Counter(cell.action for cell in plan.cells)
    return [(action.value, words, found[action]) for action, words in ACTION_WORDS.items() if found[action]]
