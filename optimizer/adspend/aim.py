"""The aim (目标): what a plan maximises, and the words in which its reasons, prices and proof speak of it.

A price is paid in what is maximised: an ROI floor costs net profit under one aim, GMV under another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from adspend_datasets.text import Language, Text

LANGUAGES: tuple[Language, ...] = get_args(Language)


class Aim(StrEnum):
    """Most net profit, most GMV, or the least cost that reaches a GMV target."""

    NET = "net"
    GMV = "gmv"
    COST = "cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class AimWords:
    """Templates; the fields in braces are filled by ``fill``.

    Attributes:
        more: what relaxing a limit brings.
        budget_more: the same of the budget.
        less: what tightening it costs.
        running: what a cell is expected to bring.
        enough: why a cell that no limit holds gets no more.
        cut: why one gets less.
        level: why one gets just so much.
        outdone: why a cell gets nothing: others are better.
        useless: why a cell gets nothing, whatever the others do.
        proof: value and bound of the certificate.
        beaten: how much better any other split could be.
        unbeaten: that none is better by a fen.
    """

    more: Text
    budget_more: Text
    less: Text
    running: Text
    enough: Text
    cut: Text
    level: Text
    outdone: Text
    useless: Text
    proof: Text
    beaten: Text
    unbeaten: Text


def fill(words: Text, **fields: object) -> Text:
    """The words with their fields filled in; a field that is itself a ``Text`` in each language.

    >>> fill(Text("花 {cost} 元", "costs {cost}"), cost=5).zh
    '花 5 元'
    """
    zh, en = (
        {name: field.pick(language) if isinstance(field, Text) else field for name, field in fields.items()}
        for language in LANGUAGES
    )
    return Text(words.zh.format(**zh), words.en.format(**en))


_NET = AimWords(
    more=Text("约多赚 {amount} 元", "would earn {amount} yuan"),
    budget_more=Text("约多赚 {amount} 元净值", "earns {amount} yuan net"),
    less=Text("少赚 {amount} 元", "cost {amount}"),
    running=Text("预计{net}，{next}", "expected {net}, {next}"),
    enough=Text("，再多花就亏", "; any more would lose money"),
    cut=Text("，再多花不如给其他单元，因此减", "; the rest of its money earns more elsewhere"),
    level=Text("，与其他单元的边际回报持平", "; level with what money earns elsewhere"),
    outdone=Text(
        "每元最多净赚 {best:.2f} 元，不如把钱给其他单元（现价 {asked:.2f}）",
        "earns at most {best:.2f} per yuan, less than the money earns elsewhere (price {asked:.2f})",
    ),
    useless=Text(
        "任何投法都亏：最好的投法每花 1 元净亏 {loss:.2f} 元",
        "loses money at every spend: at best {loss:.2f} lost per yuan",
    ),
    proof=Text(
        "在同样的{given}下，任何分配最多净赚 {bound} 元；本计划净赚 {value} 元，最多差 {gap}",
        "on these {given} no split can net more than {bound}; this plan nets {value}, at most {gap} less",
    ),
    beaten=Text(
        "换任何分法最多再多赚 {amount} 元（{gap}）", "no other split can beat it by more than {amount} yuan ({gap})"
    ),
    unbeaten=Text("换任何分法都多赚不到 1 分钱", "no other split can earn even one fen more"),
)

_BRINGS = Text(
    "预计 GMV {gmv} 元、{net}，下一元带来 GMV {brings:z.2f} 元",
    "expected GMV {gmv}, {net}; the next yuan brings {brings:z.2f} of GMV",
)

_GMV = AimWords(
    more=Text("约多带来 GMV {amount} 元", "would bring {amount} yuan of GMV"),
    budget_more=Text("约多带来 GMV {amount} 元", "brings {amount} yuan of GMV"),
    less=Text("少 GMV {amount} 元", "cost {amount} of GMV"),
    running=_BRINGS,
    enough=Text("，再多花带不来更多 GMV", "; any more would bring no GMV"),
    cut=Text("，再多花不如给其他单元，因此减", "; the rest of its money brings more elsewhere"),
    level=Text("，与其他单元的边际回报持平", "; level with what money brings elsewhere"),
    outdone=Text(
        "每元最多带来 GMV {best:.2f} 元，不如把钱给其他单元（现价 {asked:.2f}）",
        "brings at most {best:.2f} of GMV per yuan, less than the money brings elsewhere (price {asked:.2f})",
    ),
    useless=Text("任何投法都带不来 GMV", "brings no GMV at any spend"),
    proof=Text(
        "在同样的{given}下，任何分配的 GMV 最多 {bound} 元；本计划 {value} 元，最多差 {gap}",
        "on these {given} no split can sell for more than {bound}; this one sells for {value}, at most {gap} less",
    ),
    beaten=Text(
        "换任何分法 GMV 最多再多 {amount} 元（{gap}）",
        "no other split can sell for more than {amount} yuan more ({gap})",
    ),
    unbeaten=Text("换任何分法 GMV 都多不出 1 分钱", "no other split can sell for even one fen more"),
)

_COST = AimWords(
    more=Text("约少花 {amount} 元", "would save {amount} yuan"),
    budget_more=Text("约少花 {amount} 元", "saves {amount} yuan"),
    less=Text("多花 {amount} 元", "cost {amount}"),
    running=_BRINGS,
    enough=Text("，目标不需要更多", "; the target needs no more"),
    cut=Text("，其余的目标由更省的单元达成，因此减", "; the rest of the target comes for less elsewhere"),
    level=Text("，与其他单元的边际回报持平", "; level with what money brings elsewhere"),
    outdone=Text(
        "每元最多带来 GMV {best:.2f} 元，达成目标用其他单元更省（至少要 {asked:.2f}）",
        "brings at most {best:.2f} of GMV per yuan; other cells reach the target for less (it takes {asked:.2f})",
    ),
    useless=Text("达成目标不需要它", "the target needs nothing of it"),
    proof=Text(
        "在同样的{given}下，任何分配至少要花 {bound} 元；本计划花 {value} 元，最多差 {gap}",
        "on these {given} no split can cost less than {bound}; this plan costs {value}, at most {gap} more",
    ),
    beaten=Text("换任何分法最多再省 {amount} 元（{gap}）", "no other split can save more than {amount} yuan ({gap})"),
    unbeaten=Text("换任何分法都省不出 1 分钱", "no other split can save even one fen"),
)

LOSS_PROOF = Text(  # of a plan that can only lose, whose aim is net profit
    "在同样的{given}下，任何分配至少净亏 {bound} 元；本计划净亏 {value} 元，最多差 {gap}",
    "on these {given} no split can lose less than {bound}; this plan loses {value}, at most {gap} more",
)

AIM_WORDS = {Aim.NET: _NET, Aim.GMV: _GMV, Aim.COST: _COST}
