"""The rows a plan rests on: one GMV basis, and levers folded into their cell.

Ad-attributed (direct) and room-wide (overall) GMV are never pooled. The shop's cells are segment x slot, so what
several levers did in one cell on one day adds up.
"""

from __future__ import annotations

from dataclasses import replace

from adspend.shop import Shop
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text


def one_basis(shop: Shop, report: TrafficReport) -> TrafficReport:
    """The rows of the shop's basis, each in the cell that the shop plans.

    Raises:
        BadDataError: the report holds more than one basis and the shop file does not say which to plan on.
    """
    found = sorted(report.rows["basis"].unique())
    wanted = shop.shop.basis
    if wanted is None and len(found) > 1:
        raise BadDataError([_mixed(found)])
    rows = report.rows
    if wanted is not None and found != [wanted]:
        rows = rows[rows["basis"] == wanted]
    return replace(report, rows=rows.assign(lever="") if (rows["lever"] != "").any() else rows)


def _mixed(found: list[str]) -> Fault:
    return Fault(
        code="E-BASIS-MIXED",
        law=Text(
            "广告直接成交（direct）与直播间整体成交（overall）不能拟合在同一条曲线里",
            "ad-attributed GMV (direct) and the room's overall GMV must not stand in one curve",
        ),
        value=" + ".join(found),
        place=Place(column="basis"),
        remedy=Text(
            '在店铺文件 [shop] 写明 basis = "direct" 或 "overall"，或只导入一种报表',
            'Say basis = "direct" or "overall" under [shop], or import one kind of report',
        ),
    )
