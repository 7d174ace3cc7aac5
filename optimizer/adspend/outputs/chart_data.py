"""What the page's script draws, as JSON values: plain numbers in yuan, names in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from adspend.plan import CurveChart, Plan, PlannedCell

Json = dict[str, object]


def chart_data(plan: Plan, ordered: Sequence[PlannedCell]) -> Json:
    """The comparison bars, the frontier, and one curve per cell with a chart, in the order of ``ordered``."""
    return {
        "budget": plan.budget_fen / 100,
        "planned": [plan.planned_fen / 100, sum(cell.expected_net_fen for cell in plan.cells) / 100],
        "comparisons": [
            {"zh": way.name.zh, "en": way.name.en, "net": way.expected_net_fen / 100} for way in plan.comparisons
        ],
        "frontier": [[point.budget_fen / 100, point.net_fen / 100] for point in plan.frontier],
        "curves": [_curve(cell, cell.chart) for cell in ordered if cell.chart is not None],
    }


def _curve(cell: PlannedCell, chart: CurveChart) -> Json:
    return {
        "budget": cell.budget_fen / 100,
        "cost": chart.cost,
        "mean": chart.mean,
        "low": chart.low,
        "high": chart.high,
        "points": chart.points,
        "tested": chart.tested,
    }
