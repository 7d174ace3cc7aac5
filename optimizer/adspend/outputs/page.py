"""plan.html: one page that explains the plan, in Chinese and English; by itself, or with a run's library beside it.

The template writes what can be read without a script (warnings, tables, heat map); ECharts draws the curves.
User text reaches the page through autoescape and ``tojson`` only. The page's policy allows no request but for the
library's, and of scripts only those whose hashes it names: one that slipped in with a name would not run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from markupsafe import Markup

from adspend.actions import in_order
from adspend.money import FEN_PER_YUAN, short_yuan, yuan_text
from adspend.outputs.chart_data import chart_data
from adspend.outputs.chart_library import library_file, library_loader
from adspend.outputs.heat_map import heat_map
from adspend.outputs.page_shell import ECHARTS, asset, both, closed_policy, filled
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
from adspend_datasets.text import Language, Text, same


def plan_page(plan: Plan, language: Language, *, library: str | None = None, summary: str | None = None) -> str:
    """The page's HTML; ``language`` is what it opens in, a button changes it.

    Args:
        plan: what the page explains.
        language: ``zh`` or ``en``.
        library: the folder of ``chart_library``'s file, as an address relative to the page; None puts it in the page.
        summary: the address of the run's page, relative to this one; None for a plan made alone.
    """
    ordered = sorted(plan.cells, key=lambda cell: -cell.budget_fen)
    script = asset("page_files/page.js")
    scripts = (asset(ECHARTS), script) if library is None else (script, library_loader(library))
    values: dict[str, object] = {
        "plan": plan,
        "language": language,
        "policy": closed_policy(*scripts, loads=library is not None),
        "headline": headline(plan),
        "notices": warnings_first(plan),
        "own": plan.comparisons[0] if plan.comparisons else None,
        "cells": ordered,
        "rows": in_order(plan.cells),
        "numbers": {cell.cell: number for number, cell in enumerate(ordered, start=1)},
        "action_words": ACTION_WORDS,
        "grade_words": GRADE_WORDS,
        "limit_names": {cell.cell: limit_names(plan, cell) for cell in plan.cells},
        "heat": heat_map(plan),
        "currency": currency_words(plan.currency),
        "totals": _totals(plan),
        "counts": _counts(plan),
        "certificate": certificate_sentence(plan),
        "prices": price_words(plan),
        "data": chart_data(plan, ordered),
        "css": Markup(asset("page_files/page.css")),
        "scripts": [Markup(text) for text in scripts],
        "summary": summary,
        "library": None if library is None else f"{library}/{library_file()[0]}",
    }
    filters: dict[str, Callable[..., str]] = {
        "both": both,
        "yuan": yuan_text,
        "short": short_yuan,
        "signed": signed_yuan,
        "change": signed_whole,
    }
    return filled("page_files/page.html.jinja", filters, values)


def signed_yuan(amount_fen: int) -> str:
    """A difference as people read it.

    >>> signed_yuan(123456), signed_yuan(-5), signed_yuan(0)
    ('+1,234.56', '-0.05', '0.00')
    """
    return f"+{yuan_text(amount_fen)}" if amount_fen > 0 else yuan_text(amount_fen)


def signed_whole(amount_fen: int) -> str:
    """A difference in whole yuan, as a field of the heat map has room for.

    >>> signed_whole(123456), signed_whole(-41), signed_whole(-80)
    ('+1,235', '0', '-1')
    """
    whole = round(amount_fen / FEN_PER_YUAN)
    return f"{whole:+,}" if whole else "0"


def currency_words(currency: str) -> Text:
    """What people call the currency; the yuan has a name, others keep their code."""
    return Text("元", "yuan") if currency == "CNY" else same(currency)


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
