"""benchmark.html: the strategies' standings in Chinese and English, on a page that needs nothing but itself.

Tables can be read without a script; ECharts, inlined, draws what each strategy has earned of the clairvoyant's profit
by every day, with the band of eight worlds in ten around the chosen one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from markupsafe import Markup

from adspend.outputs.page_shell import ECHARTS, asset, both, closed_policy, filled
from adspend.outputs.simulate_page import percent
from adspend.standings import Group, Mean, Standing
from adspend.suite import Suite
from adspend_datasets.text import Language, Text
from adspend_models.bank import Floats

Json = dict[str, object]
TITLE = Text("投放策略基准", "A benchmark of allocation strategies")


def benchmark_page(suite: Suite, groups: Sequence[Group], language: Language) -> str:
    """The page's HTML, of at least one group; ``language`` is what it opens in, a button changes it."""
    css = asset("page_files/page.css") + asset("page_files/simulate.css") + asset("page_files/benchmark.css")
    script, echarts = asset("page_files/benchmark.js"), asset(ECHARTS)
    values: dict[str, object] = {
        "title": TITLE,
        "language": language,
        "policy": closed_policy(echarts, script),
        "eyebrow": _eyebrow(suite),
        "headline": headline(suite, groups[0]),
        "groups": groups,
        "by_family": _by_family(groups),
        "tests_known": any(standing.test_share is not None for group in groups for standing in group.standings),
        "data": {"days": suite.days, "groups": [_data(group) for group in groups]},
        "css": Markup(css),
        "script": Markup(script),
        "echarts": Markup(echarts),
    }
    filters: dict[str, Callable[..., str]] = {"both": both, "percent": percent, "interval": interval, "day": day}
    return filled("page_files/benchmark.html.jinja", filters, values)


def headline(suite: Suite, group: Group) -> Text:
    """The benchmark in a sentence: who leads, and by how much."""
    first, *others = group.standings
    share, last = interval(first.share), percent(first.last_week.value)
    lead = Text("", "")
    if others and others[0].behind is not None:
        by, second = interval(others[0].behind), others[0].label
        lead = Text(f"；领先「{second.zh}」{by}", f"; it leads '{second.en}' by {by}")
    return Text(
        f"{first.worlds} 个市场各 {suite.days} 天冷启动：「{first.label.zh}」拿到先知基线期望净利润的 {share}，"
        f"最后一周 {last}{lead.zh}。",
        f"{first.worlds} markets, {suite.days} days each from a cold start: '{first.label.en}' earned {share} of the "
        f"clairvoyant's expected net profit, {last} in the last week{lead.en}.",
    )


def _eyebrow(suite: Suite) -> Text:
    shops = sum(shops.seeds for shops in suite.shops)
    n, kinds = len(suite.strategies), len(suite.shops)
    return Text(
        f"{kinds} 类市场 · {shops} 个店铺 · {n} 种策略", f"{kinds} kinds of market · {shops} shops · {n} strategies"
    )


def interval(mean: Mean) -> str:
    """A mean with the half-width of its 95 % interval, as people read it.

    >>> interval(Mean(value=0.8249, half=0.0121)), interval(Mean(value=0.8, half=float("nan")))
    ('82.5% ±1.2', '80.0%')
    """
    return percent(mean.value) if math.isnan(mean.half) else f"{percent(mean.value)} ±{100 * mean.half:.1f}"


def day(number: float) -> str:
    """A number of days; a dash for never."""
    return f"{number:.0f}" if math.isfinite(number) else "–"


def _by_family(groups: Sequence[Group]) -> list[tuple[Text, list[Standing]]]:
    """For each strategy, in the order of all worlds together, its standing in each family."""
    rows = [(standing.name, standing.label) for standing in groups[0].standings]
    found = [{standing.name: standing for standing in group.standings} for group in groups[1:]]
    return [(label, [own[name] for own in found]) for name, label in rows] if found else []


def _data(group: Group) -> Json:
    """What the script draws of one group of worlds."""
    return {
        "zh": group.name.zh,
        "en": group.name.en,
        "runs": [
            {
                "name": standing.name,
                "zh": standing.label.zh,
                "en": standing.label.en,
                **dict(zip(("mean", "low", "high"), map(_line, standing.path), strict=True)),
            }
            for standing in group.standings
        ],
    }


def _line(shares: Floats) -> list[float | None]:
    return [round(share, 4) if math.isfinite(share) else None for share in shares.tolist()]
