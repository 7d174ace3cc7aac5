"""A traffic report made in memory from plain counts: for public data that no platform profile describes."""

from __future__ import annotations

import pandas as pd

from adspend_datasets.report import COLUMNS, TrafficReport

INTEGERS = ("cost_fen", "impressions", "clicks", "orders", "gmv_fen", "refund_fen")
TEXTS = ("segment", "slot", "lever", "shop", "plan_id", "product", "phase", "basis")


def counts_report(counts: pd.DataFrame) -> TrafficReport:
    """A report whose orders are the ``count`` column, each worth 1 unit of money.

    Args:
        counts: Columns ``date``, ``segment``, ``slot``, ``cost`` (the data's own currency) and ``count``; a row a day
            and cell, nothing missing.
    """
    rows = counts.sort_values(["date", "segment", "slot"]).reset_index(drop=True)
    frame = rows[["date", "segment", "slot"]].reindex(columns=list(COLUMNS))
    frame["cost_fen"] = (rows["cost"] * 100).round()
    frame["orders"] = rows["count"]
    frame["gmv_fen"] = rows["count"] * 100
    for name in ("lever", "shop", "plan_id", "product", "phase"):
        frame[name] = ""
    frame["basis"] = "direct"
    return TrafficReport(rows=frame.astype(dict.fromkeys(INTEGERS, "Int64") | dict.fromkeys(TEXTS, "str")))
