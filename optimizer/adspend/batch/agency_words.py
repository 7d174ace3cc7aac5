"""The split of the agency's budget in sentences: what it nets, the rebate reached, and what the next one would take."""

from __future__ import annotations

from fractions import Fraction

from adspend.batch.agency import NO_REBATE, AgencySplit, NextTier, RebateTier
from adspend.batch.summary import Summary
from adspend.money import short_yuan
from adspend_datasets.text import Text, join

THIN = 0.03  # of the spend: shops run again on their recommended budgets spent up to 2 % less (steps, other tests)


def agency_words(summary: Summary) -> Text | None:
    """What the split would earn; None where none was asked for."""
    sentences = agency_sentences(summary)
    return join(sentences, zh="", en=" ") if sentences else None


def agency_sentences(summary: Summary) -> tuple[Text, ...]:
    """The same one by one."""
    split = summary.agency
    if split is None:
        return ()
    own = sum(figures.expected_net_fen for figures in summary.planned)
    twice = sum(figures.own_rebates for figures in summary.planned)
    return (_split(split, own), *_short(split), *_rebate(split), *_next(split), *_twice(split, twice), *_how(split))


def _split(split: AgencySplit, own_fen: int) -> Text:
    net, own = f"{split.net_fen / 100:,.0f}", f"{own_fen / 100:,.0f}"
    if split.budget_fen is None:
        return Text(
            f"不设总预算、计入返点，在店铺间重新分配，预期净赚 {net} 元（各店按自己的预算、不计返点：{own} 元）。",
            f"With no common budget and the rebate counted, the split across shops is expected to net {net} yuan "
            f"(each on its own budget, without a rebate: {own}).",
        )
    return Text(
        f"按总预算在店铺间重新分配，预期净赚 {net} 元（各店按自己的预算：{own} 元）；再多 1 元总预算约净赚 "
        f"{split.price:.2f} 元。",
        f"With the common budget split across shops the expected net is {net} yuan (each on its own budget: {own}); "
        f"one more yuan of it nets about {split.price:.2f}.",
    )


def _short(split: AgencySplit) -> list[Text]:
    """Locks and floors that take more than there is to split."""
    if not split.short_fen:
        return []
    short, least = short_yuan(split.short_fen), short_yuan(split.spend_fen)
    return [
        Text(
            f"总预算不够：各店的锁定与下限合计至少要花 {least} 元，多出 {short} 元；请放宽锁定或加预算。",
            f"The common budget is too small: locks and floors of the shops take {least} yuan at least, {short} more "
            "than it; loosen them or raise the budget.",
        )
    ]


def _rebate(split: AgencySplit) -> list[Text]:
    spend = short_yuan(split.spend_fen)
    if split.tier == NO_REBATE:
        short = Text(f"合计花 {spend} 元，未达到返点档。", f"The shops spend {spend} yuan, below every rebate tier.")
        return [] if split.next_tier is None else [short]
    back, over = short_yuan(split.rebate_fen), short_yuan(split.spend_fen - split.tier.start_fen)
    tier = tier_words(split.tier)
    return [
        Text(
            f"合计花 {spend} 元，达到返点档「{tier.zh}」，比起点多 {over} 元；返点 {back} 元，已计入净赚。",
            f"The shops spend {spend} yuan and reach the rebate tier of {tier.en}, {over} above its start; {back} yuan "
            "come back and are part of the net.",
        ),
        *_thin(split),
    ]


def _thin(split: AgencySplit) -> list[Text]:
    """A tier only just reached may be missed by plans that round down to the platform's step."""
    if split.spend_fen - split.tier.start_fen >= THIN * split.spend_fen:
        return []
    return [
        Text(
            "起点踩得很紧：各店按步长取整、测试会变，重新运行后请核对计划合计仍过起点。",
            "That is close: plans round down to the step and tests change, so check after the run that the planned sum "
            "is still above the start.",
        )
    ]


def _next(split: AgencySplit) -> list[Text]:
    following = split.next_tier
    if following is None:
        return []
    tier, more = tier_words(following.tier), short_yuan(following.more_fen)
    caveats = join(_caveats(split, following), zh="", en="")
    change = short_yuan(abs(following.net_change_fen))
    zh, en = ("多赚", "earn") if following.net_change_fen > 0 else ("少赚", "cost")
    return [
        Text(
            f"下一档「{tier.zh}」要再花 {more} 元{caveats.zh}，净值{zh} {change} 元。",
            f"The next tier, {tier.en}, takes {more} yuan more{caveats.en} and would {en} {change} yuan of net value.",
        )
    ]


def _caveats(split: AgencySplit, following: NextTier) -> list[Text]:
    """More than the agency's budget, or more than the shops can use."""
    found = []
    over = 0 if split.budget_fen is None else split.spend_fen + following.more_fen - split.budget_fen
    if over > 0:
        money = short_yuan(over)
        found.append(Text(f"（总预算须增加 {money} 元）", f" ({money} beyond the common budget)"))
    if following.lost_fen:
        money = short_yuan(following.lost_fen)
        found.append(
            Text(
                f"（其中 {money} 元各店已用不上，按全部亏掉计）",
                f" ({money} of it more than the shops can use, counted as lost)",
            )
        )
    return found


def _twice(split: AgencySplit, shops: int) -> list[Text]:
    """A rebate that a shop's file has already is part of the net values that were split."""
    if not shops or (split.tier == NO_REBATE and split.next_tier is None):
        return []
    return [
        Text(
            f"注意：{shops:,} 家店铺的文件里已有 [[rebates]]，若是同一笔返点就算了两次，请从店铺文件删去后重新运行。",
            f"Note: {shops:,} shop files have [[rebates]] of their own; where it is the same rebate it is counted "
            "twice: take it out of the shop files and run again.",
        )
    ]


def _how(split: AgencySplit) -> list[Text]:
    """How the recommendation is carried out."""
    budgets = Text(
        "建议预算见下表，写进店铺文件后重新运行。", "Put the recommended budgets into the shop files and run again."
    )
    own = split.own_rebate
    if own is None:
        return [budgets]
    start, rate = own.start_fen // 100, f"{float(own.rate):g}"
    return [
        budgets,
        Text(
            "有的店须花过自己的最优点，单店计划自己不会这样花：请在各店文件里再加上 "
            f"[[rebates]] start = {start}、rate = {rate}，那次运行不要再写 --agency-rebate。",
            "Some shops are to spend past their own optimum, which their own plans have no reason to: also add "
            f"[[rebates]] with start = {start} and rate = {rate} to each shop file, and leave --agency-rebate out of "
            "that run.",
        ),
    ]


def tier_words(tier: RebateTier) -> Text:
    """The tier in short."""
    start, rate = short_yuan(tier.start_fen), _percent(tier.rate)
    return Text(f"满 {start} 元返 {rate}", f"{rate} from {start} yuan")


def _percent(rate: Fraction) -> str:
    """As typed: no digit more or less.

    >>> _percent(Fraction("0.025"))
    '2.5%'
    """
    return f"{float(rate * 100):.12g}%"
