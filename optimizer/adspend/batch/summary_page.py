"""summary.html: the run on one page, those that need a person first, in two languages, readable without scripts."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from markupsafe import Markup

from adspend.batch.agency_words import agency_words
from adspend.batch.record import Status
from adspend.batch.summary import STATUS_WORDS, Row, Summary, headline
from adspend.outputs.page_shell import asset, both, closed_policy, filled
from adspend_datasets.text import Language


def summary_page(summary: Summary, language: Language, *, full: bool) -> str:
    """The page's HTML; it links to the shops' own pages where they are ``full``, else to their plan.csv."""
    css, script = asset("page_files/page.css") + asset("page_files/batch.css"), asset("page_files/batch.js")
    values: dict[str, object] = {
        "language": language,
        "date": summary.date.isoformat(),
        "policy": closed_policy(script),
        "headline": headline(summary),
        "summary": summary,
        "agency": agency_words(summary),
        "statuses": [(status.value, STATUS_WORDS[status], summary.counts[status]) for status in Status],
        "words": {status.value: words for status, words in STATUS_WORDS.items()},
        "file": "plan.html" if full else "plan.csv",
        "css": Markup(css),
        "script": Markup(script),
    }
    return filled("page_files/batch.html.jinja", {"both": both, "yuan": _yuan, "link": _link}, values)


def _yuan(amount_fen: int | None) -> str:
    """Whole yuan; a dash where there is none."""
    return "–" if amount_fen is None else f"{amount_fen / 100:,.0f}"


def _link(row: Row, file: str) -> str:
    """The address of a file in the shop's folder, from the page."""
    return quote(str(PurePosixPath(row.record.name) / file))
