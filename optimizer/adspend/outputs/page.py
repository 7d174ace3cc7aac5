"""plan.html: one page that explains the plan, in Chinese and English, and needs nothing but itself.

The template writes what can be read without a script (warnings, tables, heat map); ECharts, inlined, draws the curves.
User text reaches the page through autoescape and ``tojson`` only, and the page's policy forbids any request.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from adspend.money import short_yuan, yuan_text
from adspend.outputs.wording import ACTION_WORDS, GRADE_WORDS, certificate_sentence, limit_names
from adspend.plan import Plan, PlannedCell, Severity
from adspend_datasets.text import Language, Text

HEAT = (38, 101, 140)  # the darkest cell of the heat map, RGB


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """One cell of the heat map; ``None`` planned where the shop has no such cell."""

    planned: PlannedCell | None
    style: str


def plan_page(plan: Plan, language: Language) -> str:
    """The page's HTML; ``language`` is what it opens in, a button changes it."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(both=both, yuan=yuan_text, short=short_yuan)
    folder = files("adspend.outputs")
    template = environment.from_string((folder / "page_files" / "page.html.jinja").read_text(encoding="utf-8"))
    ordered = sorted(plan.cells, key=lambda cell: (cell.budget_fen == 0, -cell.budget_fen))
    return template.render(
        plan=plan,
        language=language,
        notices=sorted(plan.notices, key=lambda notice: notice.severity is not Severity.REVIEW),
        cells=ordered,
        action_words=ACTION_WORDS,
        grade_words=GRADE_WORDS,
        limit_names={cell.cell: limit_names(plan, cell) for cell in plan.cells},
        slots=list(dict.fromkeys(cell.cell.slot for cell in plan.cells)),
        heat=_heat(plan),
        net_fen=sum(cell.expected_net_fen for cell in plan.cells),
        counts=_counts(plan),
        certificate=certificate_sentence(plan),
        data=_chart_data(plan, ordered),
        css=Markup(_asset("page_files/page.css")),
        js=Markup(_asset("page_files/page.js")),
        echarts=Markup(_asset("vendor/echarts/echarts.min.js")),
    )


def both(text: Text) -> Markup:
    """The sentence in both languages; the page's style shows one."""
    return Markup('<span class="zh">{}</span><span class="en">{}</span>').format(text.zh, text.en)


def _asset(name: str) -> str:
    return (files("adspend.outputs") / name).read_text(encoding="utf-8")


def _heat(plan: Plan) -> dict[str, list[HeatCell]]:
    """Rows of the heat map by segment, columns in slot order."""
    most = max((cell.budget_fen for cell in plan.cells), default=0) or 1
    slots = list(dict.fromkeys(cell.cell.slot for cell in plan.cells))
    where = {(cell.cell.segment, cell.cell.slot): cell for cell in plan.cells}
    segments = dict.fromkeys(cell.cell.segment for cell in plan.cells)
    return {segment: [_heat_cell(where.get((segment, slot)), most) for slot in slots] for segment in segments}


def _heat_cell(planned: PlannedCell | None, most: int) -> HeatCell:
    if planned is None or not planned.budget_fen:
        return HeatCell(planned=planned, style="")
    share = 0.12 + 0.88 * (planned.budget_fen / most) ** 0.5  # a root keeps small budgets visible
    red, green, blue = (round(255 - share * (255 - channel)) for channel in HEAT)
    ink = "#fff" if share > 0.55 else "#12303f"
    return HeatCell(planned=planned, style=f"background:rgb({red},{green},{blue});color:{ink}")


def _counts(plan: Plan) -> list[tuple[Text, int]]:
    """How many cells each action has, in the order of the actions."""
    found = [cell.action for cell in plan.cells]
    return [(words, found.count(action)) for action, words in ACTION_WORDS.items() if action in found]


def _chart_data(plan: Plan, ordered: list[PlannedCell]) -> dict[str, Any]:
    """What the scripts draw: plain numbers in yuan, texts in both languages."""
    return {
        "budget": plan.budget_fen / 100,
        "planned": plan.planned_fen / 100,
        "comparisons": [
            {"zh": c.name.zh, "en": c.name.en, "cost": c.cost_fen / 100, "net": c.expected_net_fen / 100}
            for c in plan.comparisons
        ],
        "frontier": [[point.budget_fen / 100, point.net_fen / 100] for point in plan.frontier],
        "curves": [_curve(cell) for cell in ordered if cell.chart is not None],
    }


def _curve(cell: PlannedCell) -> dict[str, Any]:
    chart = cell.chart
    assert chart is not None
    return {
        "budget": cell.budget_fen / 100,
        "cost": chart.cost,
        "mean": chart.mean,
        "low": chart.low,
        "high": chart.high,
        "points": chart.points,
        "tested": chart.tested,
    }
