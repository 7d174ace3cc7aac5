"""curves.html: a gallery of the fitted curves, in Chinese and English, that needs nothing but itself.

A panel draws GMV over cost, yuan against yuan, so that a line from the origin is an ROI and a cell loses money below
the break-even line. What lies beyond the largest cost tried is grey and dashed: no day has been there. Panels stand
worst grade first, because those need a person today; a button puts them in the shop's own order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from adspend.outputs.curve_cards import WORST_FIRST, CurveCard, curve_cards, worst_first
from adspend.outputs.page_shell import ECHARTS, asset, both, closed_policy, filled
from adspend.outputs.shop_facts import shop_facts, weekday_shares
from adspend.outputs.wording import GRADE_WORDS
from adspend.shop import Shop
from adspend_datasets.text import Language, Text
from adspend_models.bank import Floats
from adspend_models.bank_table import BankTable, bank_table
from adspend_models.posterior import PosteriorBank

Json = dict[str, object]

DRAWN = 31  # of the table's 41 costs: to 1.5 times the largest tried, so that two thirds of a panel is what was seen
MOST_DAYS = 120  # observed days drawn in a panel: older ones add bytes (288 cells x a year is 2 MB), not insight


def curve_page(bank: PosteriorBank, shop: Shop, language: Language) -> str:
    """The page's HTML; ``language`` is what it opens in, a button changes it.

    Args:
        bank: The fitted curves.
        shop: The shop they belong to, for its name and its break-even ROI.
        language: The language shown first.
    """
    cards = worst_first(curve_cards(bank))
    break_even = shop.economics.break_even_roi
    css = asset("page_files/page.css") + asset("page_files/curves.css")
    script, echarts = asset("page_files/curves.js"), asset(ECHARTS)
    values: dict[str, object] = {
        "title": shop.shop.name,
        "date": bank.plan_date,
        "language": language,
        "policy": closed_policy(echarts, script),
        "headline": headline(cards, break_even),
        "counts": _counts(cards),
        "grade_words": GRADE_WORDS,
        "facts": shop_facts(bank),
        "family": bank.hyper.family.reason,
        "weekdays": weekday_shares(bank.hyper),
        "cards": cards,
        "break_even": break_even,
        "most_days": MOST_DAYS,
        "data": _data(bank, cards, break_even),
        "css": Markup(css),
        "script": Markup(script),
        "echarts": Markup(echarts),
    }
    return filled("page_files/curves.html.jinja", {"both": both}, values)


def headline(cards: Sequence[CurveCard], break_even: float) -> Text:
    """The bank in two sentences: what may be trusted, and which tested cells lose money where they stand."""
    count = Counter(card.grading.grade for card in cards)
    failed, doubted, passed = (count[grade] for grade in WORST_FIRST)
    losing = sum(card.days > 0 and card.roi < break_even for card in cards)
    return Text(
        f"{len(cards)} 个单元：可信 {passed}，需复核 {doubted}，不可信 {failed}。"
        f"按常用花费，{losing} 个测过的单元预期 ROI 低于保本 {break_even:.2f}。",
        f"{len(cards)} cells: {passed} PASS, {doubted} REVIEW, {failed} FAIL. "
        f"At their usual spend {losing} tested cells expect an ROI below break-even, {break_even:.2f}.",
    )


def _counts(cards: Sequence[CurveCard]) -> list[tuple[str, Text, int]]:
    """How many cells each grade has, worst first; a grade that none has is left out."""
    found = Counter(card.grading.grade for card in cards)
    return [(grade.value, GRADE_WORDS[grade], found[grade]) for grade in WORST_FIRST if found[grade]]


def _data(bank: PosteriorBank, cards: Sequence[CurveCard], break_even: float) -> Json:
    """What the script draws, in yuan; one curve per card, in the cards' order."""
    table = bank_table(bank)
    return {
        "breakEven": break_even,
        "weekday": weekday_shares(bank.hyper),
        "planWeekday": bank.plan_date.weekday(),
        "curves": [_curve(bank, table, card) for card in cards],
    }


def _curve(bank: PosteriorBank, table: BankTable, card: CurveCard) -> Json:
    i, worth = card.index, card.order_value
    return {
        "cost": _short(table.cost[i, :DRAWN]),
        "mean": _short(table.orders[i, :DRAWN] * worth),
        "low": _short(table.low[i, :DRAWN] * worth),
        "high": _short(table.high[i, :DRAWN] * worth),
        "tried": int(table.tested[i, :DRAWN].sum()),
        "tested": card.tested,
        "usual": _short(np.array([card.usual, card.orders * worth])),
        "points": _points(bank, i),
    }


def _points(bank: PosteriorBank, i: int) -> list[list[float]]:
    """The latest observed days, cost and GMV; a day without either is missing, not zero."""
    seen = bank.observations[i]
    known = np.flatnonzero(~(np.isnan(seen.cost) | np.isnan(seen.gmv)))[-MOST_DAYS:]
    return [_short(day) for day in np.column_stack([seen.cost[known], seen.gmv[known]])]


def _short(values: Floats) -> list[float]:
    """Five significant digits: a pixel is coarser, and 288 panels stay small."""
    return [float(f"{value:.5g}") for value in values]
