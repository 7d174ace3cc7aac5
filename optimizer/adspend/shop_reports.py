"""A shop's reports, read as its shop file says, and what a plan records of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from adspend.plan import InputFile, Notice, Severity
from adspend.shop import Shop
from adspend_datasets.import_report import ImportReport
from adspend_datasets.readers import read_reports
from adspend_datasets.report import TrafficReport


def read_reports_of(shop: Shop, reports: Sequence[Path]) -> tuple[TrafficReport, ImportReport]:
    """The reports' rows in the shop's cells.

    Raises:
        BadDataError: every fault of every file.
    """
    return read_reports(
        reports,
        rules=shop.rules,
        segments=shop.cells.segments,
        slots=shop.cells.slots,
        platform=shop.shop.platform,
        shop=shop.shop.name,
        currency=shop.shop.currency,
    )


def report_inputs(imported: ImportReport) -> list[InputFile]:
    """The files read, as a plan records them."""
    return [InputFile(name=file.name, sha256=file.sha256, rows=file.rows_kept) for file in imported.files]


def import_notices(imported: ImportReport) -> list[Notice]:
    """What the readers found, as notices of the plan."""
    return [Notice(code="IMPORT", severity=Severity.WARN, text=text) for text in imported.warnings]
