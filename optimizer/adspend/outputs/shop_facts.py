"""What a fit learned about the shop as a whole, in an operator's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from adspend.outputs.curve_cards import levels_off
from adspend_datasets.text import Text, same
from adspend_models.posterior import HyperSummary, PosteriorBank

ORDINARY_DAY = 20  # orders; noise is stated for such a day, which a sample cell has
CLEARLY_S = 1.05  # an exponent above bends up before it bends down


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFact:
    """A figure with its name and what it means."""

    name: Text
    value: Text
    meaning: Text


def shop_facts(bank: PosteriorBank) -> tuple[ShopFact, ...]:
    """The facts, most telling first."""
    hyper = bank.hyper
    return (
        _return(hyper),
        _saturation(hyper, levels_off(bank)),
        _shape(bank),
        _spread(hyper),
        _noise(hyper),
        _plan_day(hyper),
        *_phases(hyper),
    )


def weekday_shares(hyper: HyperSummary) -> tuple[float, ...]:
    """How much more each weekday sells than the average one, Monday first; empty where days are too few to tell."""
    return () if np.allclose(hyper.weekday, 1.0, atol=1e-9) else tuple(round(f - 1.0, 4) for f in hyper.weekday)


def _return(hyper: HyperSummary) -> ShopFact:
    count = f"{1000 * hyper.order_return:.1f}"
    return ShopFact(
        name=Text("典型产出", "Typical return"),
        value=Text(f"{count} 单/千元", f"{count} orders / 1,000 yuan"),
        meaning=Text(
            f"典型单元每天花 {hyper.reference_cost:,.0f} 元时",
            f"a typical cell at {hyper.reference_cost:,.0f} yuan a day",
        ),
    )


def _saturation(hyper: HyperSummary, has_most: bool) -> ShopFact:
    name = Text("半饱和花费", "Half-saturation")
    if not has_most:
        meaning = Text("这族曲线没有上限，只是越投越贵", "these curves have no most; orders only get dearer")
        return ShopFact(name=name, value=same("–"), meaning=meaning)
    amount = f"{hyper.half_saturation:,.0f}"
    meaning = Text("典型单元花到这里，订单到上限的一半", "where a typical cell reaches half of the most it can sell")
    return ShopFact(name=name, value=Text(f"{amount} 元/天", f"{amount} yuan / day"), meaning=meaning)


def _shape(bank: PosteriorBank) -> ShopFact:
    exponent = float(np.median(bank.curves.exponent))
    if levels_off(bank) and exponent > CLEARLY_S:
        bend = Text(
            f"S 形（指数 {exponent:.2f}）：花太少不起量", f"S-shaped (exponent {exponent:.2f}): too little buys nothing"
        )
    else:
        bend = Text("越投越贵：每多一元，带来的单更少", "diminishing: each further yuan buys less")
    return ShopFact(name=Text("曲线形状", "Shape"), value=bank.shape.name, meaning=bend)


def _spread(hyper: HyperSummary) -> ShopFact:
    share = f"±{np.expm1(hyper.spread[0]):.0%}"
    meaning = Text(
        f"同样花费下产出之差；半饱和花费差 ±{np.expm1(hyper.spread[1]):.0%}",
        f"in return at the same cost; ±{np.expm1(hyper.spread[1]):.0%} in half-saturation",
    )
    return ShopFact(name=Text("单元之间的差别", "Cells differ by"), value=same(share), meaning=meaning)


def _noise(hyper: HyperSummary) -> ShopFact:
    """The sd of a day's count over its mean: var = m + m^2 / size."""
    share = f"±{np.sqrt(1 / ORDINARY_DAY + 1 / hyper.dispersion):.0%}"
    meaning = Text(
        f"一天 {ORDINARY_DAY} 单的单元，花费不变也会这样上下；全店同涨同跌 ±{hyper.day_shock:.0%}",
        f"a cell of {ORDINARY_DAY} orders a day at unchanged cost; all cells together ±{hyper.day_shock:.0%}",
    )
    return ShopFact(name=Text("日常波动", "Day-to-day noise"), value=same(share), meaning=meaning)


def _plan_day(hyper: HyperSummary) -> ShopFact:
    return ShopFact(
        name=Text("计划日行情", "The day planned"),
        value=same(f"{hyper.plan_day - 1:+.0%}"),
        meaning=Text("比观测期的平均一天；曲线已按此调整", "against an average day observed; the curves have it in"),
    )


def _phases(hyper: HyperSummary) -> Iterator[ShopFact]:
    for name, factor in hyper.phases.items():
        meaning = Text("比平常日；已从曲线里剔除", "against normal days; taken out of the curves")
        yield ShopFact(name=same(name), value=same(f"{factor - 1:+.0%}"), meaning=meaning)
