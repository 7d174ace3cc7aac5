"""The export of 千川标准推广: one row per day and plan, Chinese headers, a total row (合计) at the end.

Its traps are the real ones: 19-digit ids, thousands separators, "-" for what is missing, a percentage column
without percent signs, refunds that are not known yet.
"""

from __future__ import annotations

from collections.abc import Sequence

from adspend_models.market.exports.rows import CellDay, plan_id, plan_name
from adspend_models.market.exports.sheet import Sheet, Value, ratio, yuan

HEADER = (
    "日期",
    "计划ID",
    "计划名称",
    "消耗(元)",
    "展示次数",
    "点击次数",
    "点击率(%)",
    "平均千次展示费用(元)",
    "转化数",
    "转化成本(元)",
    "转化率(%)",
    "直接成交订单数",
    "直接成交金额(元)",
    "直接支付ROI",
    "直接退款金额(14天)",
)


def qianchuan_standard(rows: Sequence[CellDay], *, seed: int) -> Sheet:
    """The rows as the platform exports them, with the total row."""
    lines = [(str(row.date), plan_id(row.cell, seed=seed), plan_name(row.cell), *_measures([row])) for row in rows]
    return Sheet(HEADER, (*lines, ("合计", None, None, *_measures(rows))))


def _measures(rows: Sequence[CellDay]) -> tuple[Value, ...]:
    cost, gmv = sum(row.cost_fen for row in rows), sum(row.gmv_fen for row in rows)
    shown, clicks = sum(row.impressions for row in rows), sum(row.clicks for row in rows)
    orders = sum(row.orders for row in rows)  # a conversion of a live plan is a paid order
    refunds = [row.refund_fen for row in rows]
    known = [refund for refund in refunds if refund is not None]
    return (
        yuan(cost),
        shown,
        clicks,
        ratio(clicks, shown, times=100),
        ratio(cost, shown * 100, times=1000),
        orders,
        ratio(cost, orders * 100),
        ratio(orders, clicks, times=100),
        orders,
        yuan(gmv),
        ratio(gmv, cost),
        # A sum of which parts are unknown is itself unknown.
        yuan(sum(known)) if len(known) == len(refunds) else None,
    )
