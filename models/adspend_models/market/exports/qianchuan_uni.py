"""The export of 千川全域推广: one plan per account, overall figures (整体), no audience, no slot, no funnel."""

from __future__ import annotations

from collections.abc import Sequence

from adspend_models.market.exports.rows import CellDay, plan_id
from adspend_models.market.exports.sheet import Sheet, ratio, yuan

HEADER = (
    "日期",
    "抖音号",
    "计划ID",
    "计划名称",
    "整体消耗(元)",
    "整体成交金额(元)",
    "整体成交订单数",
    "整体支付ROI",
    "整体成交订单成本(元)",
)
ACCOUNT = "example_room_02"
PLAN = "全域推直播_主计划_01"


def qianchuan_uni(rows: Sequence[CellDay], *, seed: int) -> Sheet:
    """The rows of a one-plan room."""
    return Sheet(
        HEADER,
        tuple(
            (
                str(row.date),
                ACCOUNT,
                plan_id(row.cell, seed=seed),
                PLAN,
                yuan(row.cost_fen),
                yuan(row.gmv_fen),
                row.orders,
                ratio(row.gmv_fen, row.cost_fen),
                ratio(row.cost_fen, row.orders * 100),
            )
            for row in rows
        ),
    )
