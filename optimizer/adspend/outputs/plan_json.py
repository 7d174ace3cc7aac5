"""plan.json, schema ``adspend.plan/2``: everything a plan says, and all that is needed to check it again.

Cells carry their curves as tables and limits their coefficients, so that the checker needs nothing else. Equal plans
give equal bytes: no clock, no paths, keys sorted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from adspend.plan import SCHEMA, Certificate, CurveChart, Plan, PlannedCell, StageNote
from adspend.problem import MICRO, Ints, Limit, Problem, Table
from adspend.proof import Split, flat
from adspend_datasets.text import Text


def plan_json(plan: Plan) -> str:
    """The document as text, one cell or limit per line so that two plans can be compared by eye."""
    document = plan_document(plan)
    lines = []
    for key in sorted(document):
        value = document[key]
        if key in ("cells", "options", "limits"):
            rows = ",\n".join(f"  {_compact(row)}" for row in value)
            lines.append(f" {json.dumps(key)}: [\n{rows}\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {_compact(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)


def plan_document(plan: Plan) -> dict[str, Any]:
    """The document as JSON values."""
    problem = plan.problem
    return {
        "schema": SCHEMA,
        "shop": plan.shop,
        "currency": plan.currency,
        "date": plan.date.isoformat(),
        "seed": plan.seed,
        "stage": _stage(plan.stage),
        "aim": plan.aim.value,
        "budget_fen": plan.budget_fen,
        "planned_fen": plan.planned_fen,
        "step_fen": problem.step_fen,
        "break_even_roi": plan.break_even_roi,
        "formulation": _text(plan.formulation),
        "cells": [_cell(cell, problem, i) for i, cell in enumerate(plan.cells)],
        "options": [_option(plan, j) for j in range(len(problem.options))],
        "limits": [_limit(limit) for limit in problem.limits],
        "certificate": _certificate(plan.certificate, problem),
        "binding": [asdict(limit) for limit in plan.binding],
        "comparisons": [asdict(comparison) for comparison in plan.comparisons],
        "frontier": [asdict(point) for point in plan.frontier],
        "notices": [asdict(notice) for notice in plan.notices],
        "inputs": [asdict(file) for file in plan.inputs],
        "versions": dict(plan.versions),
    }


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _stage(stage: StageNote) -> dict[str, Any]:
    before = stage.changed_from
    return {
        **_text(stage.name),
        "reason": _text(stage.reason),
        "changed_from": None if before is None else _text(before),
    }


def _cell(planned: PlannedCell, problem: Problem, i: int) -> dict[str, Any]:
    return {
        **_variable(problem, i),
        **asdict(planned.cell),
        "action": planned.action.value,
        "budget_fen": planned.budget_fen,
        "yesterday_fen": planned.yesterday_fen,
        "expected_orders": planned.expected_orders,
        "expected_gmv_fen": planned.expected_gmv_fen,
        "expected_net_fen": planned.expected_net_fen,
        "p10_net_fen": planned.p10_net_fen,
        "marginal_return": planned.marginal_return,
        "grade": planned.grading.grade.value,
        "grade_reasons": [_text(text) for text in planned.grading.reasons],
        "limits": list(planned.limits),
        "reason": _text(planned.reason),
        "chart": None if planned.chart is None else _chart(planned.chart),
    }


def _variable(problem: Problem, i: int) -> dict[str, Any]:
    """What the checker must know of cell or option i: its range and its table."""
    table, fixed = problem.tables[i], int(problem.fixed[i])
    return {
        "fixed_fen": None if fixed < 0 else fixed,
        "minimum_fen": None if table is None else table.minimum,
        "maximum_fen": None if table is None else table.maximum,
        "curve": None if table is None else _table(table),
    }


def _option(plan: Plan, j: int) -> dict[str, Any]:
    option = plan.problem.options[j]
    own = {"key": option.key, "name": _text(option.name), "level_fen": plan.levels[j]}
    return own | _variable(plan.problem, len(plan.problem.cells) + j)


def _table(table: Table) -> dict[str, Any]:
    return {
        "spend_fen": table.spend.tolist(),
        "objective_micro": table.objective.tolist(),
        "value_micro": table.value.tolist(),
        "orders_micro": table.orders.tolist(),
        "gmv_micro": table.gmv.tolist(),
        "more": {name: column.tolist() for name, column in table.more.items()},
    }


def _chart(chart: CurveChart) -> dict[str, Any]:
    # by hand: asdict copies every number of every curve, a third of a second for 288 cells
    return {
        "cost": chart.cost,
        "mean": chart.mean,
        "low": chart.low,
        "high": chart.high,
        "points": chart.points,
        "tested": chart.tested,
    }


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "key": limit.key,
        "name": _text(limit.name),
        "unit": _text(limit.unit),
        "per_unit": limit.per_unit,
        "rhs": limit.rhs,
        "spend": _column(limit.spend),
        "orders": _column(limit.orders),
        "gmv": _column(limit.gmv),
        "active": _column(limit.active),
        "more": {name: _column(column) for name, column in limit.more.items()},
    }


def _column(column: Ints | None) -> int | list[int] | None:
    """The coefficients; one integer where all cells share it."""
    if column is None:
        return None
    values: Iterable[int] = column.tolist()
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else list(column.tolist())


def _certificate(certificate: Certificate, problem: Problem) -> dict[str, Any]:
    vectors, tree = certificate.proof.vectors, certificate.proof.tree
    branches = None
    if vectors[1:] or isinstance(tree, Split):
        branches = {"vectors": [_prices(problem, vector) for vector in vectors[1:]], "tree": flat(tree)}
    return {
        "value": certificate.value_micro / MICRO,
        "bound": certificate.bound_micro / MICRO,
        "gap": certificate.gap,
        "value_micro": certificate.value_micro,
        "bound_micro": certificate.bound_micro,
        "multipliers": {key: str(price) for key, price in certificate.multipliers},
        "branches": branches,
    }


def _prices(problem: Problem, vector: Sequence[Fraction]) -> dict[str, str]:
    return {limit.key: str(price) for limit, price in zip(problem.limits, vector, strict=True) if price}
