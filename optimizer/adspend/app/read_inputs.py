"""Reading a shop's reports as its shop file says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from adspend.app.arguments import existing_file
from adspend.shop import Shop
from adspend.shop_reports import read_reports_of
from adspend_datasets.import_report import ImportReport
from adspend_datasets.report import TrafficReport


def read_shop_reports(shop: Shop, reports: Sequence[Path]) -> tuple[TrafficReport, ImportReport]:
    """The reports' rows in the shop's cells.

    Raises:
        UsageError: a file does not exist.
        BadDataError: every fault of every file.
    """
    return read_reports_of(shop, [existing_file(path, "REPORT") for path in reports])
