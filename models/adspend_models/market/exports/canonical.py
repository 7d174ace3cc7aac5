"""The canonical report: the project's own format, one row per day and cell (see ``adspend_datasets.report``)."""

from __future__ import annotations

from collections.abc import Iterable

from adspend_models.market.exports.rows import CellDay, plan_id
from adspend_models.market.exports.sheet import Sheet, yuan

HEADER = (
    "date",
    "segment",
    "slot",
    "cost",
    "impressions",
    "clicks",
    "orders",
    "gmv",
    "refund_gmv",
    "plan_id",
    "basis",
)


def canonical(rows: Iterable[CellDay], *, seed: int) -> Sheet:
    """The rows in the canonical format; GMV is what the ads brought (``direct``)."""
    return Sheet(
        HEADER,
        tuple(
            (
                str(row.date),
                row.cell.segment,
                row.cell.slot,
                yuan(row.cost_fen),
                row.impressions,
                row.clicks,
                row.orders,
                yuan(row.gmv_fen),
                None if row.refund_fen is None else yuan(row.refund_fen),
                plan_id(row.cell, seed=seed),
                "direct",
            )
            for row in rows
        ),
    )
