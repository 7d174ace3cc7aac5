"""simulate.html: strategies against the clairvoyant, in Chinese and English, on a page that needs nothing but itself.

The table of scores can be read without a script; ECharts, inlined, draws profit over the days and the budgets of the
chosen strategy.
"""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from adspend.contest import CLAIRVOYANT_LABEL, Contest, Entry
from adspend.outputs.page_shell import ECHARTS, asset, both, closed_policy, filled
from adspend.outputs.simulate_json import known
from adspend.simulate import Run
from adspend_datasets.text import Language, Text
from adspend_models.bank import Floats

Json = dict[str, object]


def simulate_page(contest: Contest, language: Language) -> str:
    """The page's HTML; ``language`` is what it opens in, a button changes it."""
    css = asset("page_files/page.css") + asset("page_files/simulate.css")
    script, echarts = asset("page_files/simulate.js"), asset(ECHARTS)
    values: dict[str, object] = {
        "title": contest.shop.shop.name,
        "contest": contest,
        "language": language,
        "policy": closed_policy(echarts, script),
        "headline": headline(contest),
        "net": [float(entry.run.expected.sum()) for entry in contest.entries],
        "best_net": float(contest.best.expected.sum()),
        "clairvoyant": CLAIRVOYANT_LABEL,
        "data": _data(contest),
        "css": Markup(css),
        "script": Markup(script),
        "echarts": Markup(echarts),
    }
    return filled("page_files/simulate.html.jinja", {"both": both, "percent": percent}, values)


def headline(contest: Contest) -> Text:
    """The contest in a sentence: who came first, and how far it is from the clairvoyant."""
    first, days = contest.entries[0], len(contest.best.cost)
    share, last = percent(first.share), percent(first.last_week)
    return Text(
        f"{days} 天冷启动，第一名「{first.label.zh}」拿到先知基线期望净利润的 {share}，最后一周 {last}。",
        f"{days} days from a cold start: '{first.label.en}' came first with {share} of the clairvoyant's expected net "
        f"profit, {last} in the last week.",
    )


def percent(share: float) -> str:
    """A share as people read it; a dash where there is none.

    >>> percent(0.8249), percent(float("nan"))
    ('82.5%', '–')
    """
    value = known(share)
    return "–" if value is None else f"{value:.1%}"


def _data(contest: Contest) -> Json:
    """What the script draws, in yuan."""
    runs = [(CLAIRVOYANT_LABEL, contest.best), *((entry.label, entry.run) for entry in contest.entries)]
    return {
        "dates": [f"{date:%m-%d}" for date in contest.best.dates],
        "cells": [cell.label for cell in contest.shop.grid],
        "most": contest.shop.maximum_fen / 100,
        "runs": [_run(label, run) for label, run in runs],
        "shares": [_shares(entry, contest.best) for entry in contest.entries],
    }


def _run(label: Text, run: Run) -> Json:
    return {
        "zh": label.zh,
        "en": label.en,
        "cumulative": _whole(run.expected.cumsum()),
        "budgets": [_whole(day / 100) for day in run.budget_fen],
    }


def _shares(entry: Entry, best: Run) -> list[float | None]:
    """Each day's expected net profit over the clairvoyant's, None where that earns nothing."""
    share = np.divide(entry.run.expected, best.expected, out=np.full(best.cost.shape, np.nan), where=best.expected > 0)
    return [None if np.isnan(value) else round(value, 4) for value in share.tolist()]


def _whole(amounts: Floats) -> list[int]:
    """Whole yuan: a pixel is coarser."""
    return [round(amount) for amount in amounts.tolist()]
