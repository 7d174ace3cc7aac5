"""What a person should know of the report before its plan, curves or test are used: what of it counts, and what not."""

from __future__ import annotations

import datetime

import numpy as np

from adspend.plan import Notice, Severity
from adspend.report_laws import MOST_NAMED, cell_costs, nearest_names, without_gmv
from adspend.shop import Shop
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text, counted, join

MOST_STRANGE = 1 / 3  # of the report's cost: above it the plan is blind to too much of the shop, a person approves


def report_notices(shop: Shop, report: TrafficReport, known: TrafficReport, date: datetime.date) -> tuple[Notice, ...]:
    """Notices about a report.

    Args:
        shop: Its cells, and what it says an order is worth.
        report: Every row read.
        known: Those that a plan for ``date`` rests on.
        date: The plan's date.
    """
    found = [_left_out(report, date), _strangers(shop, known), _order_value(shop, known)]
    return tuple(notice for notice in found if notice is not None)


def _left_out(report: TrafficReport, date: datetime.date) -> Notice | None:
    late = report.rows["date"][report.rows["date"] >= np.datetime64(date)]
    if late.empty:
        return None
    days, rows = late.nunique(), len(late)
    words = Text(
        f"报表有 {days} 天（{rows} 行）在计划日 {date} 当天或之后，未采用",
        f"{counted(days, 'day')} of the report ({counted(rows, 'row')}) on or after {date}, the day planned: left out",
    )
    return Notice(code="IMPORT", severity=Severity.WARN, text=words)


def _strangers(shop: Shop, known: TrafficReport) -> Notice | None:
    named = set(shop.grid)
    strangers = [cell for cell in known.cells if cell not in named]
    if not strangers:
        return None
    spent = cell_costs(known)
    share = sum(spent.get(cell, 0) for cell in strangers) / max(sum(spent.values()), 1)
    names = "、".join(cell.label for cell in strangers[:MOST_NAMED]) + ("…" if len(strangers) > MOST_NAMED else "")
    asked = nearest_names(shop, strangers)[:MOST_NAMED]
    words = Text(
        f"报表里有 {len(strangers)} 个单元不在店铺文件 [cells] 中，占报表消耗的 {share:.1%}，不会得到预算：{names}",
        f"{counted(len(strangers), 'cell')} of the report not in the shop file, {share:.1%} of the report's cost, "
        f"no budget: {names}",
    )
    severity = Severity.REVIEW if share > MOST_STRANGE else Severity.WARN
    return Notice(code="NOT-IN-SHOP", severity=severity, text=join([words, *asked]))


def _order_value(shop: Shop, known: TrafficReport) -> Notice | None:
    rows = len(without_gmv(known))
    if not rows:
        return None
    words = Text(
        f"报表没有成交金额（有订单的 {rows} 行全部缺失）：每单按店铺文件 [prior] order_value 的 "
        f"{shop.prior.order_value:g} 元计",
        f"the report has no GMV (missing in all {rows} rows with orders): an order counts "
        f"{shop.prior.order_value:g} yuan, as [prior] order_value in the shop file says",
    )
    return Notice(code="IMPORT", severity=Severity.REVIEW, text=words)
