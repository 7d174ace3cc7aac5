"""What a person should know of the money asked for: a budget that looks mistyped, GMV bought at any price."""

from __future__ import annotations

import datetime

from adspend.aim import Aim
from adspend.money import yuan_text
from adspend.plan import Notice, Severity
from adspend.shop import Shop
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text

MOST_TIMES = 5  # the last full day's cost; a slip of a digit is 10, of yuan and fen 100, a festival seldom above 5


def budget_notices(shop: Shop, known: TrafficReport) -> tuple[Notice, ...]:
    """REVIEW where the day's budget is far from what the report's last full day cost."""
    found = _last_full_day(known)
    if found is None:
        return ()
    day, cost = found
    budget = shop.budget_fen
    if cost <= budget * MOST_TIMES and budget <= cost * MOST_TIMES:
        return ()
    ratio = f"{budget / cost:,.2g}" if budget < cost else f"{budget / cost:,.0f}"
    asked, spent = yuan_text(budget), yuan_text(cost)
    words = Text(
        f"当日预算 {asked} 元是 {day} 消耗 {spent} 元的 {ratio} 倍：请核对 --budget 或 [budget] daily（单位是元）",
        f"the day's budget, {asked} yuan, is {ratio} times the cost of {day}, {spent}: check --budget or [budget] "
        "daily, which are in yuan",
    )
    return (Notice(code="BUDGET-UNUSUAL", severity=Severity.REVIEW, text=words),)


def _last_full_day(known: TrafficReport) -> tuple[datetime.date, int] | None:
    """The last day with cost and no cost missing, and what it cost in all (fen)."""
    days = known.rows.groupby("date")["cost_fen"].agg(["sum", "size", "count"])
    full = days[(days["size"] == days["count"]) & (days["sum"] > 0)]
    return None if full.empty else (full.index[-1].date(), int(full["sum"].iloc[-1]))


def floor_notices(shop: Shop) -> tuple[Notice, ...]:
    """WARN where GMV is maximised and nothing asks it to be worth its cost."""
    if Aim(shop.objective.mode) is not Aim.GMV or shop.limits.roi_floor:
        return ()
    even = f"{shop.economics.break_even_roi:.2f}"
    words = Text(
        f"目标是 GMV 却没有 ROI 底线：亏钱的 GMV 也会买。可在 [limits] 写 roi_floor（保本为 {even}）",
        "GMV is maximised without an ROI floor, so it is bought at a loss too: set roi_floor under [limits] "
        f"(break-even is {even})",
    )
    return (Notice(code="NO-FLOOR", severity=Severity.WARN, text=words),)
