"""What must hold between a report, the shop and the day it is planned for, or a plan would rest on nothing.

Each law yields a fault where it is broken; ``adspend.day.known_report`` refuses such a report for every command;
a strategy in a simulation may well start with nothing.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from adspend.shop import Shop
from adspend_datasets.cell import Cell
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.report import TrafficReport
from adspend_datasets.slots import parse_slot
from adspend_datasets.text import Text, join

MOST_NAMED = 5  # names in a sentence


def refuse_unfit(shop: Shop, report: TrafficReport, known: TrafficReport, date: datetime.date) -> None:
    """Refuses a report on which no plan can rest.

    Args:
        shop: Its cells, and what it says an order is worth.
        report: Every row read.
        known: Those that a plan for ``date`` may use.
        date: The plan's date.

    Raises:
        BadDataError: every law broken, at once.
    """
    faults = [*_day_faults(report, date), *_shop_faults(shop, known), *_worth_faults(shop, known)]
    if faults:
        raise BadDataError(faults)


def cell_costs(report: TrafficReport) -> dict[Cell, int]:
    """What each cell with cost has cost, fen; rows with a missing cost say nothing."""
    sums = report.rows.groupby(["segment", "slot"], as_index=False)["cost_fen"].sum()
    rows = zip(*(sums[name].tolist() for name in ("segment", "slot", "cost_fen")), strict=True)
    return {Cell(segment, slot): cost for segment, slot, cost in rows if cost > 0}


def without_gmv(report: TrafficReport) -> pd.DataFrame:
    """The rows with orders, where not one of them says its GMV; else none."""
    sold = report.rows[report.rows["orders"].gt(0).fillna(value=False).astype(bool)]
    return sold if sold["gmv_fen"].isna().all() else sold.iloc[:0]


def nearest_names(shop: Shop, strangers: Iterable[Cell]) -> tuple[Text, ...]:
    """A question for each name that is nearly one of the shop's; hours are never guessed at."""
    asked = []
    for key, known in (("segment", shop.cells.segments), ("slot", shop.cells.slots)):
        names = dict.fromkeys(getattr(cell, key) for cell in strangers)
        asked += [(name, near[0]) for name in names if (near := _near(name, known))]
    return tuple(Text(f"「{name}」是否应为「{near}」？", f"'{name}': did you mean '{near}'?") for name, near in asked)


def _near(name: str, known: Sequence[str]) -> list[str]:
    if name in known or parse_slot(name) is not None:
        return []
    return difflib.get_close_matches(name, known, n=1)


def _day_faults(report: TrafficReport, date: datetime.date) -> Iterator[Fault]:
    first, last = report.first_date, report.last_date
    if first is None or first < date:
        return
    yield Fault(
        code="E-REPORT-DATE",
        law=Text(
            f"计划日之前必须有报表：报表从 {first} 到 {last}，没有更早的行",
            f"the report must have days before the planning date: it runs from {first} to {last}",
        ),
        value=str(date),
        place=Place(column="--date"),
        remedy=Text(
            "请改正 --date，或给出更早几天的报表；全新的店不给报表，即为冷启动",
            "Correct --date, or give the report of earlier days; a new shop is planned without a report",
        ),
    )


def _shop_faults(shop: Shop, known: TrafficReport) -> Iterator[Fault]:
    spent, grid = cell_costs(known), set(shop.grid)
    if not spent or any(cell in grid for cell in spent):
        return
    own = "、".join(cell.label for cell in shop.grid[:MOST_NAMED])
    questions = join(nearest_names(shop, spent)[:MOST_NAMED], zh="", en=" ")
    yield Fault(
        code="E-REPORT-SHOP",
        law=Text(
            "报表里有消耗的单元至少有一个要在店铺文件中：这是别的店的报表吗？",
            "at least one cell with cost must be in the shop file: is this the report of another shop?",
        ),
        value="、".join(cell.label for cell in list(spent)[:MOST_NAMED]),
        place=Place(column="segment × slot"),
        remedy=Text(
            f"店铺文件的单元为 {own} 等。{questions.zh}请换报表，或修改 [cells] segments / slots、[[mapping]]",
            f"The shop file's cells are {own} and so on. {questions.en}{' ' if questions.en else ''}"
            "Give the shop's own report, or correct [cells] segments / slots or [[mapping]]",
        ),
    )


def _worth_faults(shop: Shop, known: TrafficReport) -> Iterator[Fault]:
    rows = len(without_gmv(known))
    if not rows or "order_value" in shop.prior.model_fields_set:
        return
    yield Fault(
        code="E-REPORT-GMV",
        law=Text(
            f"有订单的行必须有成交金额，{rows} 行全部缺失；缺失不是 0",
            f"rows with orders must say their GMV: it is missing in all {rows}, and missing is not 0",
        ),
        place=Place(column="gmv"),
        remedy=Text(
            "请导出成交金额列，或在店铺文件 [prior] 写 order_value = 每单金额（元）",
            "Export the GMV too, or write order_value = yuan per order under [prior] in the shop file",
        ),
    )
