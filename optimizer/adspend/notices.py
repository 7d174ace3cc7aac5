"""What a person should know before the plan is used: REVIEW needs approval, WARN is to be read."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from adspend.day import Day
from adspend.gates import Gate
from adspend.money import FEN_PER_YUAN, short_yuan, yuan_text
from adspend.plan import Action, Notice, PlannedCell, Severity, StageNote
from adspend.shop import Shop
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text, counted
from adspend_models.bank import Grade
from adspend_models.calendar_effects import PHASE_SD

BIG_RAISE = 0.5  # of yesterday's total: above it a person approves (guard rail, not a solver limit)
MUCH_DOUBTED = Fraction(1, 3)  # of the money: above it a person approves; what the curves account for is no doubt
MOST_NAMED = 5  # names in a sentence
FRESH_DAYS = 2  # a report older than this no longer describes "yesterday"


def plan_notices(cells: Sequence[PlannedCell], day: Day, gated: Sequence[Gate | None]) -> tuple[Notice, ...]:
    """Notices about the plan itself; the readers' own come beside them."""
    found = [
        _cold_start(day),
        _stale(day.date, day.last_date),
        festival_notice(day.phase, day.phase_factor, day.festival_days),
        _big_raise(cells),
        _grades(cells),
        _gated(cells, gated),
        _unspent(cells, day.shop),
    ]
    return tuple(notice for notice in found if notice is not None)


def stage_notices(stage: StageNote) -> tuple[Notice, ...]:
    """That the stage is another than on the report's last day, and the rule that did it."""
    before, now, why = stage.changed_from, stage.name, stage.reason
    if before is None:
        return ()
    words = Text(
        f"阶段从「{before.zh}」变为「{now.zh}」：{why.zh}", f"stage changed from '{before.en}' to '{now.en}': {why.en}"
    )
    return (Notice(code="STAGE", severity=Severity.WARN, text=words),)


def festival_notice(phase: str, factor: float | None, days: Mapping[str, int]) -> Notice | None:
    """What is known of the day planned where it or the report lies in a festival; None where both are normal.

    Args:
        phase: the day's, "" on a normal day.
        factor: the phase's learned factor of orders over normal days; without one a person decides.
        days: the report's days by phase, "" for normal ones.
    """
    if days and "" not in days:
        return _festivals_alone(phase, days)
    if not phase:
        return None
    if factor is None:
        doubt = math.exp(PHASE_SD)
        words = Text(
            f"计划日属于「{phase}」，报表中未出现过：曲线按日常均值计，实际高低相差 {doubt:.1f} 倍都属平常，需人工确认",
            f"the day lies in '{phase}', which the report has never seen: curves are a normal day's on average, and a "
            f"factor of {doubt:.1f} either way is nothing unusual; approve it",
        )
        return Notice(code="FESTIVAL-UNSEEN", severity=Severity.REVIEW, text=words)
    words = Text(
        f"计划日属于「{phase}」：曲线已计入该阶段的效应，同样花费下订单为日常的 {factor:.2f} 倍",
        f"the day lies in '{phase}': the curves have its effect in, {factor:.2f} times a normal day's orders at the "
        "same cost",
    )
    return Notice(code="FESTIVAL", severity=Severity.WARN, text=words)


def _festivals_alone(phase: str, days: Mapping[str, int]) -> Notice | None:
    """A report without a normal day has nothing to tell a festival's factor by."""
    if set(days) == {phase}:
        words = Text(
            f"计划日与报表各天都属于「{phase}」：曲线就是该阶段的曲线，没有日常可比",
            f"the day and every day of the report lie in '{phase}': the curves are that phase's own",
        )
        return Notice(code="FESTIVAL", severity=Severity.WARN, text=words)
    names, doubt = "、".join(days), math.exp(PHASE_SD)
    words = Text(
        f"报表各天都在大促期（{names}），没有日常日可比：其他日子的订单高低相差 {doubt:.1f} 倍都属平常，需人工确认",
        f"every day of the report lies in a festival ({', '.join(days)}), so other days are not known: a factor of "
        f"{doubt:.1f} either way is nothing unusual; approve it",
    )
    return Notice(code="FESTIVAL-ONLY", severity=Severity.REVIEW, text=words)


def _cold_start(day: Day) -> Notice | None:
    if not day.cold:
        return None
    words = Text(
        "没有报表：预期只来自先验（盈亏平衡附近），不是本店数据；今天的目的就是测试",
        "no report: expectations are prior only (near break-even), not this shop's data; the day is there to learn",
    )
    return Notice(code="COLD-START", severity=Severity.REVIEW, text=words)


def _stale(date: datetime.date, last_date: datetime.date | None) -> Notice | None:
    if last_date is None or (date - last_date).days < FRESH_DAYS:
        return None
    days = (date - last_date).days
    words = Text(
        f"报表截至 {last_date}，距计划日 {days} 天：“昨日”取报表最后一天",
        f"the report ends on {last_date}, {days} days before the plan: 'yesterday' is its last day",
    )
    return Notice(code="STALE", severity=Severity.WARN, text=words)


def _big_raise(cells: Sequence[PlannedCell]) -> Notice | None:
    before = sum(cell.yesterday_fen or 0 for cell in cells)
    now = sum(cell.budget_fen for cell in cells)
    if before == 0 or now <= before * (1 + BIG_RAISE):
        return None
    words = Text(
        f"总预算比昨日消耗多 {now / before - 1:.0%}（{yuan_text(before)} → {yuan_text(now)}），需人工确认",
        f"{now / before - 1:.0%} more than yesterday's spend ({yuan_text(before)} -> {yuan_text(now)}): approve it",
    )
    return Notice(code="BIG-RAISE", severity=Severity.REVIEW, text=words)


def _grades(cells: Sequence[PlannedCell]) -> Notice | None:
    funded = [cell for cell in cells if cell.budget_fen and cell.action is not Action.TEST]
    review = [cell for cell in funded if cell.grading.grade is not Grade.PASS]
    if not review:
        return None
    share = sum(cell.budget_fen for cell in review) / sum(cell.budget_fen for cell in funded)
    named = _named((cell.cell, cell.budget_fen) for cell in review)
    words = Text(
        f"{len(review)} 个在投单元的曲线需复核，占放量预算 {share:.0%}：{named.zh}",
        f"{counted(len(review), 'funded cell')} with a curve to review, {share:.0%} of the money that is not a test: "
        f"{named.en}",
    )
    doubted = sum(cell.budget_fen for cell in review if not cell.grading.mild)
    large = doubted > MUCH_DOUBTED * sum(cell.budget_fen for cell in funded)
    return Notice(code="CURVES-REVIEW", severity=Severity.REVIEW if large else Severity.WARN, text=words)


def _named(moneys: Iterable[tuple[Cell, int]]) -> Text:
    """The cells of most money, each with its yuan."""
    ordered = sorted(moneys, key=lambda money: -money[1])
    named = [f"{cell.label} {short_yuan(fen)}" for cell, fen in ordered[:MOST_NAMED]]
    more = "…" if len(ordered) > MOST_NAMED else ""
    return Text("、".join(named) + more, ", ".join(named) + more)


def _gated(cells: Sequence[PlannedCell], gated: Sequence[Gate | None]) -> Notice | None:
    open_cells = ((cell, gate) for cell, gate in zip(cells, gated, strict=True) if "locked" not in cell.limits)
    found = [(cell.cell, gate) for cell, gate in open_cells if gate is not None]
    if not found:
        return None
    spend, net = (short_yuan(sum(getattr(gate, name) for _, gate in found)) for name in ("spend_fen", "net_fen"))
    named = _named((cell, gate.spend_fen) for cell, gate in found)
    lock = _lock(*max(found, key=lambda one: one[1].net_fen))
    words = Text(
        f"{len(found)} 个单元投到今天上限以外才赚钱（共约 {spend} 元，净赚约 {net} 元）：{named.zh}。"
        f"认可哪个，就在店铺文件里加一段 [[locks]]，例如净赚最多的：\n{lock}",
        f"{counted(len(found), 'cell')} would pay only beyond today's caps ({spend} in all, net {net}): {named.en}. "
        f"To approve one, add a [[locks]] entry to the shop file, here the one that nets most:\n{lock}",
    )
    return Notice(code="BEYOND-CAPS", severity=Severity.REVIEW, text=words)


def _lock(cell: Cell, gate: Gate) -> str:
    """The shop file's lines that lock the cell at the gate; a JSON string is a TOML string."""
    segment, slot = (json.dumps(name, ensure_ascii=False) for name in (cell.segment, cell.slot))
    return f"[[locks]]\nsegment = {segment}\nslot = {slot}\nbudget = {gate.spend_fen / FEN_PER_YUAN:.2f}"


def _unspent(cells: Sequence[PlannedCell], shop: Shop) -> Notice | None:
    left = shop.budget_fen - sum(cell.budget_fen for cell in cells)
    if left <= shop.budget_fen // 100:
        return None
    if shop.is_below_minimum:
        least = yuan_text(shop.minimum_fen)
        words = Text(
            f"有 {yuan_text(left)} 元没有花：当日预算低于一个单元的起投门槛 {least} 元，一个单元也投不了；"
            "请提高预算，或核实 min_if_active",
            f"{yuan_text(left)} is left unspent: the day's budget is below a cell's platform minimum, {least}, so none "
            "can be funded; raise the budget, or check min_if_active",
        )
        return Notice(code="UNSPENT", severity=Severity.REVIEW, text=words)
    words = Text(
        f"有 {yuan_text(left)} 元没有花：剩余单元的下一元都赚不回来，或已到各自上限",
        f"{yuan_text(left)} is left unspent: no cell's next yuan earns more than it costs, or all stand at their caps",
    )
    return Notice(code="UNSPENT", severity=Severity.WARN, text=words)
