"""A report as canonical CSV: what ``profiles/canonical.toml`` reads back to equal rows."""

from __future__ import annotations

import csv
import io

import pandas as pd

from adspend_datasets.amounts import format_yuan
from adspend_datasets.names import guarded_name
from adspend_datasets.report import TrafficReport

REQUIRED = ("date", "segment", "slot", "cost", "impressions", "clicks", "orders", "gmv", "refund_gmv")
OPTIONAL = ("shop", "plan_id", "lever", "product", "basis", "phase")
_MONEY = {"cost": "cost_fen", "gmv": "gmv_fen", "refund_gmv": "refund_fen"}


def to_canonical_csv(report: TrafficReport) -> str:
    r"""Writes a report as CSV text: yuan with two decimals, ISO dates, missing values empty.

    Optional columns are written where any row has a value. Names that a spreadsheet would run as a formula get an
    apostrophe, which reading removes. Write the text as ``utf-8-sig``, or Excel shows garbage.

    >>> from adspend_datasets.aggregate import empty_report
    >>> to_canonical_csv(empty_report())
    'date,segment,slot,cost,impressions,clicks,orders,gmv,refund_gmv\n'
    """
    rows = report.rows
    header = [*REQUIRED, *(name for name in OPTIONAL if (rows[name] != "").any())]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(zip(*(_column(rows, name) for name in header), strict=True))
    return buffer.getvalue()


def _column(rows: pd.DataFrame, name: str) -> list[str]:
    if name == "date":
        return [f"{day:%Y-%m-%d}" for day in rows["date"]]
    if name in _MONEY:
        return ["" if fen is pd.NA else format_yuan(fen) for fen in rows[_MONEY[name]]]
    if name in ("impressions", "clicks", "orders"):
        return ["" if count is pd.NA else str(count) for count in rows[name]]
    return [guarded_name(text) for text in rows[name]]
