"""tune.html: what a tuning found, in Chinese and English, on a page that needs nothing but itself.

The verdict, the parameters and the candidates can be read without a script; ECharts, inlined, draws the search's
history, the importances, the paired differences on the held-out worlds, and a slice per parameter.
"""

from __future__ import annotations

from itertools import accumulate

from markupsafe import Markup

from adspend.outputs.page_shell import ECHARTS, asset, both, closed_policy, filled
from adspend.outputs.tune_words import gain_words, points, share_words, verdict_words
from adspend.tuning.provenance import Provenance
from adspend.tuning.space import Dimension, values_of
from adspend.tuning.tune import Tuned
from adspend_datasets.text import Language, Text

Json = dict[str, object]


def tune_page(tuned: Tuned, provenance: Provenance, language: Language) -> str:
    """The page's HTML; ``language`` is what it opens in, a button changes it."""
    css = asset("page_files/page.css") + asset("page_files/tune.css")
    script, echarts = asset("page_files/tune.js"), asset(ECHARTS)
    values: dict[str, object] = {
        "title": Text("策略调参", "Policy tuning"),
        "tuned": tuned,
        "language": language,
        "policy": closed_policy(echarts, script),
        "headline": verdict_words(tuned),
        "gain": None if tuned.verdict is None else gain_words(tuned.verdict),
        "parameters": [_parameter(tuned, dimension) for dimension in tuned.space],
        "provenance": provenance,
        "stopped": sum(trial.stopped for trial in tuned.study.trials),
        "data": _data(tuned),
        "css": Markup(css),
        "script": Markup(script),
        "echarts": Markup(echarts),
    }
    return filled("page_files/tune.html.jinja", {"both": both, "share": share_words, "points": points}, values)


def _parameter(tuned: Tuned, dimension: Dimension) -> Json:
    """A row of the table: bounds, the default's value, the first candidate's, importance; '–' where there is none."""
    name = dimension.name
    chosen = values_of(tuned.candidates[0].policy, tuned.space) if tuned.candidates else None
    default = values_of(tuned.default, tuned.space)
    importance = dict(tuned.study.importances).get(name)
    return {
        "name": name,
        "bounds": f"{dimension.low:g} – {dimension.high:g}",
        "default": "–" if default is None else f"{default[name]:.4g}",
        "chosen": "–" if chosen is None else f"{chosen[name]:.4g}",
        "importance": "–" if importance is None else f"{importance:.0%}",
    }


def _data(tuned: Tuned) -> Json:
    """What the script draws."""
    trials, verdict = tuned.study.trials, tuned.verdict
    return {
        "trials": [
            {"value": round(trial.value, 6), "stopped": trial.stopped, "values": trial.values} for trial in trials
        ],
        "best": [round(value, 6) for value in accumulate((trial.value for trial in trials), max)],
        "chosen": tuned.candidates[0].number if tuned.candidates else None,
        "importances": [[name, round(share, 6)] for name, share in tuned.study.importances],
        "space": [{"name": each.name, "low": each.low, "high": each.high, "log": each.log} for each in tuned.space],
        "differences": []
        if verdict is None
        else [[world, round(gain, 6)] for world, gain in zip(verdict.worlds, verdict.differences, strict=True)],
        "interval": None if verdict is None else [verdict.mean, *verdict.interval],
    }
