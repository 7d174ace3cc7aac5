"""Publishing a run: its summary files, written only when every shop is accounted for; summary.json last."""

from __future__ import annotations

from pathlib import Path

from adspend.batch.summary import Summary
from adspend.batch.summary_json import summary_json
from adspend.batch.summary_page import summary_page
from adspend.batch.summary_tables import summary_csv, summary_workbook
from adspend.outputs.files import sync_folder, write_file
from adspend_datasets.text import Language

FILES = ("summary.csv", "summary.xlsx", "summary.html", "summary.json")


def publish(summary: Summary, out: Path, language: Language, *, full: bool) -> tuple[Path, ...]:
    """Writes the summary's files, each whole."""
    contents = (
        summary_csv(summary, language),
        summary_workbook(summary, language),
        summary_page(summary, language, full=full).encode("utf-8"),
        summary_json(summary).encode("utf-8"),
    )
    return tuple(write_file(out / name, content) for name, content in zip(FILES, contents, strict=True))


def withdraw(out: Path) -> None:
    """Removes an earlier run's summary: while shops are being planned it may speak of plans that are no more."""
    for name in reversed(FILES):
        (out / name).unlink(missing_ok=True)
    sync_folder(out)
