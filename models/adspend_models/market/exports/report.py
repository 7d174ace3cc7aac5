"""A world's rows as a ``TrafficReport``, without a file in between: what a strategy learns from in a simulation."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from adspend_datasets.report import COLUMNS, MEASURE_COLUMNS, TrafficReport
from adspend_models.market.exports.rows import CellDay, plan_id


def traffic_report(rows: Iterable[CellDay], *, seed: int, basis: str = "direct") -> TrafficReport:
    """The rows as a report, sorted by date and cell; refunds not known yet are missing.

    Args:
        rows: one per day and active cell.
        seed: of the plan ids.
        basis: what GMV counts, "direct" or "overall".
    """
    lines = [
        (
            *(r.date, r.cell.segment, r.cell.slot, r.cell.lever),
            *(r.cost_fen, r.impressions, r.clicks, r.orders, r.gmv_fen, r.refund_fen),
            *("", plan_id(r.cell, seed=seed), "", "", basis),
        )
        for r in sorted(rows, key=lambda r: (r.date, r.cell))
    ]
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    frame["date"] = pd.to_datetime(frame["date"])
    return TrafficReport(frame.astype(dict.fromkeys(MEASURE_COLUMNS, "Int64")))
