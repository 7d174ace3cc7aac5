"""What a batch says when it ends: a summary on the terminal or as JSON, and a fault where no shop has a plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from adspend.batch.agency_figures import overspent
from adspend.batch.agency_words import agency_words
from adspend.batch.record import Status
from adspend.batch.run import Outcome
from adspend.batch.summary import STATUS_WORDS, Row, Summary, headline
from adspend.batch.summary_json import totals
from adspend_datasets.errors import Fault, NoPlanError, Place
from adspend_datasets.text import Language, Text

MOST_SHOWN = 20  # shops without a plan in the terminal; the summary has all
MOST_TOLD = 100  # of them in the JSON


def told(summary: Summary, outcome: Outcome, paths: Sequence[Path]) -> dict[str, object]:
    """What a script wants to know of a run."""
    return {
        "date": summary.date.isoformat(),
        "shops": outcome.shops,
        "counts": {status.value: count for status, count in outcome.counts.items()},
        "kept": outcome.kept,
        **totals(summary),
        "agency_net_fen": None if summary.agency is None else summary.agency.net_fen,
        "agency_rebate_fen": None if summary.agency is None else summary.agency.rebate_fen,
        "without_plan": [_reasons(row) for row in _without_plan(summary)[:MOST_TOLD]],
        "files": [str(path) for path in paths],
    }


def _reasons(row: Row) -> dict[str, object]:
    codes = dict.fromkeys(remark.code for remark in row.record.remarks if remark.severity == "ERROR")
    return {"name": row.record.name, "status": row.record.status.value, "codes": list(codes)}


def print_summary(summary: Summary, outcome: Outcome, paths: Sequence[Path], language: Language) -> None:
    """The same for people: the run in a sentence, the shops without a plan, and the files."""
    console = Console(soft_wrap=True, highlight=False)
    for words in (headline(summary), overspent(summary), agency_words(summary)):
        if words is not None:
            console.print(words.pick(language), markup=False)
    if outcome.kept:
        kept = Text(f"其中 {outcome.kept:,} 家此前已完成，未重算", f"{outcome.kept:,} were done before and kept")
        console.print(kept.pick(language), markup=False)
    for row in _without_plan(summary)[:MOST_SHOWN]:
        status = STATUS_WORDS[row.record.status].pick(language)
        console.print(f"  · {row.record.name} [{status}] {row.reason.pick(language)}", markup=False)
    for path in paths:
        console.print(str(path), markup=False)


def need_a_plan(summary: Summary, paths: Sequence[Path]) -> None:
    """Refuses to call a run done that has made no plan at all.

    Raises:
        NoPlanError: no shop has one.
    """
    if summary.planned:
        return
    page = next(path for path in paths if path.suffix == ".html")
    law = Text("至少要有一家店铺做出计划", "at least one shop must have a plan")
    remedy = Text(f"各店原因见 {page}", f"The reasons are in {page}")
    value, place = f"0 / {len(summary.rows):,}", Place(column="SHOPS")
    raise NoPlanError([Fault(code="E-BATCH-NO-PLAN", law=law, value=value, place=place, remedy=remedy)])


def _without_plan(summary: Summary) -> list[Row]:
    """The shops without a plan, by need."""
    return [row for row in summary.by_need if row.record.status is not Status.OK]
