"""Refunds in the plan's net: does the shop file's rate agree with what the report says refunds come to in the end?

Net value is counted at one mature refund rate, ``[economics] refund_rate``. Young days have shown only part of their
refunds, so the report is read through ``adspend_models.maturity``; where it disagrees, every expected net is off by
the same share, and a person is told the rate to write down. Cells whose own refunds run far above the shop's earn less
than the plan says, and are named.
"""

from __future__ import annotations

import datetime

import numpy as np

from adspend.plan import Notice, Severity
from adspend.shop import Shop
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text, counted
from adspend_models.bank import Floats
from adspend_models.maturity import RefundMaturity, matured_refunds, refund_maturity
from adspend_models.panel import Panel, read_panel

LEAST_ORDERS = 50  # a cell's own rate is then known to about 0.5 x 1.4 / sqrt(50) = 10 points
VALUE_SCATTER = 2.0  # 1 + CV^2 of order values: refunds are yuan, not counts
SURELY = 2.6  # standard errors: one honest cell in 200 is named
CLEARLY = 0.05  # five points of GMV; less is lost in the rounding of a plan
MOST_NAMED = 5


def refund_notices(shop: Shop, report: TrafficReport, date: datetime.date) -> tuple[Notice, ...]:
    """What the report says of refunds that the shop file does not; none where it says too little.

    Args:
        shop: Its stated rate is what the plan counts with.
        report: Known rows; its last day is taken for the day it was exported.
        date: The plan's date.
    """
    if report.last_date is None:
        return ()
    panel = read_panel(report, shop.grid, date)
    found = refund_maturity(panel, report.last_date, shop.economics.refund_rate)
    if not found.measured:
        return ()
    words = [_stated_rate(shop, found), _costly_cells(panel, report.last_date, found)]
    return tuple(notice for notice in words if notice is not None)


def _stated_rate(shop: Shop, found: RefundMaturity) -> Notice | None:
    """REVIEW where the stated rate lies outside the 90 % interval."""
    stated = shop.economics.refund_rate
    if found.low <= stated <= found.high:
        return None
    span = f"{found.low:.0%}-{found.high:.0%}"
    words = Text(
        f"退款到齐后约为 GMV 的 {found.rate:.1%}（90% 区间 {span}，{found.reason.zh}），店铺文件写的是 {stated:.1%}："
        f"净值按后者计。核对后改为 [economics] refund_rate = {found.rate:.3f}",
        f"refunds come to {found.rate:.1%} of GMV in the end (90 % interval {span}; {found.reason.en}), but the shop "
        f"file states {stated:.1%}, which net values are counted with. Check, then set [economics] refund_rate = "
        f"{found.rate:.3f}",
    )
    return Notice(code="REFUND-RATE", severity=Severity.REVIEW, text=words)


def _costly_cells(panel: Panel, snapshot: datetime.date, found: RefundMaturity) -> Notice | None:
    """WARN about cells whose matured refunds run surely above the shop's."""
    own = matured_refunds(panel, snapshot, found).refund
    known = np.isfinite(own) & np.isfinite(panel.gmv) & np.isfinite(panel.orders)
    gmv, orders = _sum(panel.gmv, known), _sum(panel.orders, known)
    rate = np.divide(_sum(own, known), gmv, out=np.zeros(len(gmv)), where=gmv > 0)
    error = np.sqrt(VALUE_SCATTER * found.rate * (1 - found.rate) / np.maximum(orders, 1))
    high = (orders >= LEAST_ORDERS) & (rate - found.rate > np.maximum(SURELY * error, CLEARLY))
    named = [i for i in np.argsort(-rate, kind="stable").tolist() if high[i]]
    if not named:
        return None
    cells = "、".join(f"{panel.cells[i].label} {rate[i]:.0%}" for i in named[:MOST_NAMED])
    more = "…" if len(named) > MOST_NAMED else ""
    words = Text(
        f"{len(named)} 个单元退款明显高于全店 {found.rate:.0%}，它们的净值被高估：{cells}{more}",
        f"{counted(len(named), 'cell')} refunded clearly above the shop's {found.rate:.0%}, so their net is "
        f"overstated: {cells}{more}",
    )
    return Notice(code="REFUND-CELLS", severity=Severity.WARN, text=words)


def _sum(column: Floats, known: np.ndarray) -> Floats:
    total: Floats = np.where(known, column, 0.0).sum(axis=1)
    return total
