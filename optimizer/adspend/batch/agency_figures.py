"""The split of the agency's budget in figures, and by how much the shops' present plans overspend it."""

from __future__ import annotations

from dataclasses import dataclass

from adspend.batch.agency import NO_REBATE, AgencySplit
from adspend.batch.agency_words import tier_words
from adspend.batch.summary import Summary
from adspend.money import short_yuan
from adspend_datasets.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFigure:
    """One number of the split, in yuan, and what stands under it."""

    name: Text
    yuan: float
    note: Text
    decimals: int = 0

    @property
    def shown(self) -> str:
        """As people read it."""
        return f"{self.yuan:,.{self.decimals}f}"


def agency_figures(summary: Summary) -> tuple[AgencyFigure, ...]:
    """Spend, net, rebate and price of the split, as far as there are such; none where none was asked for."""
    split = summary.agency
    if split is None:
        return ()
    own = short_yuan(sum(figures.expected_net_fen for figures in summary.planned))
    net = AgencyFigure(
        name=Text("按建议的预期净值（元）", "Expected net as recommended (yuan)"),
        yuan=split.net_fen / 100,
        note=Text(f"各店按自己的预算 {own} 元", f"each on its own budget {own} yuan"),
    )
    return (_spend(split), net, *_rebate(split), *_price(split))


def _spend(split: AgencySplit) -> AgencyFigure:
    note = Text("不设总预算", "no common budget")
    if split.budget_fen is not None:
        budget = short_yuan(split.budget_fen)
        note = Text(f"总预算 {budget} 元", f"of a common budget of {budget} yuan")
    name = Text("建议预算合计（元）", "Recommended budgets (yuan)")
    return AgencyFigure(name=name, yuan=split.spend_fen / 100, note=note)


def _rebate(split: AgencySplit) -> tuple[AgencyFigure, ...]:
    if split.tier == NO_REBATE and split.next_tier is None:
        return ()  # no tiers were given
    name = Text("返点，已计入净值（元）", "Rebate, part of the net (yuan)")
    note = Text("未达到返点档", "below every tier") if split.tier == NO_REBATE else tier_words(split.tier)
    return (AgencyFigure(name=name, yuan=split.rebate_fen / 100, note=note),)


def _price(split: AgencySplit) -> tuple[AgencyFigure, ...]:
    if split.budget_fen is None:
        return ()
    name = Text("再多 1 元总预算净赚（元）", "One more yuan of budget nets (yuan)")
    left = split.budget_fen - split.spend_fen
    note = Text("总预算全部用上", "the whole budget is used")
    if split.short_fen:
        amount = short_yuan(split.short_fen)
        note = Text(f"锁定与下限超出总预算 {amount} 元", f"locks and floors take {amount} yuan more")
    elif left:
        amount = short_yuan(left)
        note = Text(f"总预算有 {amount} 元不值得花", f"{amount} yuan of the budget are not worth spending")
    return (AgencyFigure(name=name, yuan=split.price, note=note, decimals=2),)


def overspent(summary: Summary) -> Text | None:
    """By how much the shops' present plans exceed the common budget; None where they do not, or there is none."""
    split = summary.agency
    planned = sum(figures.planned_fen for figures in summary.planned)
    if split is None or split.budget_fen is None or planned <= split.budget_fen:
        return None
    sums = short_yuan(planned), short_yuan(split.budget_fen), short_yuan(planned - split.budget_fen)
    remedy = TOO_MUCH if split.short_fen else RUN_AGAIN
    return Text(
        f"各店现有计划合计花 {sums[0]} 元，比总预算 {sums[1]} 元多 {sums[2]} 元：{remedy.zh}。",
        f"The shops' present plans spend {sums[0]} yuan, over the common budget of {sums[1]} by {sums[2]}, "
        f"{remedy.en}.",
    )


RUN_AGAIN = Text(
    "把建议预算写进店铺文件并重新运行后才不超",
    "until the recommended budgets are put into the shop files and the run is repeated",
)
TOO_MUCH = Text(
    "锁定与下限合计就已超出，请放宽锁定或加预算",
    "and locks and floors alone take more: loosen them or raise the budget",
)
