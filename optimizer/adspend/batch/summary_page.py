"""summary.html: the run on one page, in two languages, readable without scripts; scripts filter, sort and add up.

What a person must look at comes first: the sums, then the reasons and how many shops have each, then the shops.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import quote

from markupsafe import Markup

from adspend.batch.agency_figures import agency_figures, overspent
from adspend.batch.agency_words import agency_words
from adspend.batch.reasons import SEVERITY_WORDS, find_reasons
from adspend.batch.record import Status
from adspend.batch.summary import STATUS_WORDS, Row, Summary, headline
from adspend.batch.tally import by_category, tally
from adspend.outputs.page_shell import asset, both, closed_policy, filled
from adspend_datasets.text import Language

START = "document.documentElement.dataset.scripts = 'start';"  # before the rows, so that not all are laid out


def summary_page(summary: Summary, language: Language, *, full: bool) -> str:
    """The page's HTML; it links to the shops' own pages where they are ``full``, else to their plan.csv."""
    css, script = asset("page_files/page.css") + asset("page_files/batch.css"), asset("page_files/batch.js")
    reasons, categories = find_reasons(summary.records), by_category(summary.records)
    values: dict[str, object] = {
        "language": language,
        "date": summary.date.isoformat(),
        "policy": closed_policy(START, script),
        "headline": headline(summary),
        "summary": summary,
        "agency": agency_words(summary),
        "agency_figures": agency_figures(summary),
        "overspent": overspent(summary),
        "statuses": [(status.value, STATUS_WORDS[status], summary.counts[status]) for status in Status],
        "words": {status.value: words for status, words in STATUS_WORDS.items()},
        "total": tally(summary.records),
        "reasons": reasons,
        "severities": SEVERITY_WORDS,
        "reason_numbers": {(reason.severity, reason.code): number for number, reason in enumerate(reasons)},
        "categories": categories,
        "category_numbers": {category: number for number, category in enumerate(categories)},
        "file": "plan.html" if full else "plan.csv",
        "css": Markup(css),
        "start": Markup(START),
        "script": Markup(script),
    }
    filters: dict[str, Callable[..., str]] = {
        "both": both,
        "yuan": _yuan,
        "signed": _signed,
        "link": _link,
    }
    return filled("page_files/batch.html.jinja", filters, values)


def _yuan(amount_fen: int | None) -> str:
    """Whole yuan; a dash where there is none."""
    return "–" if amount_fen is None else f"{amount_fen / 100:,.0f}"


def _signed(amount_fen: int | None) -> str:
    """A difference in whole yuan; a dash where there is none."""
    return "–" if amount_fen is None else f"{amount_fen / 100:+,.0f}"


def _link(row: Row, file: str) -> str:
    """The address of a file in the shop's folder, from the page."""
    return quote(str(PurePosixPath(row.record.name) / file))
