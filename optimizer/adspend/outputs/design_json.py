"""design.json, schema ``adspend.design/1``: the test, exact. Equal inputs give equal bytes."""

from __future__ import annotations

import json

from adspend.design import CellTest, TestDesign
from adspend.versions import versions

SCHEMA = "adspend.design/1"


def design_json(design: TestDesign) -> str:
    """The document as text. Money in fen; gains are per planned day; ``payback_days`` is null when it never pays."""
    document = {
        "schema": SCHEMA,
        "shop": design.shop,
        "dates": [date.isoformat() for date in design.dates],
        "seed": design.seed,
        "budget_fen": design.budget_fen,
        "cost_fen": design.cost_fen,
        "price_of_money": design.price,
        "gain_fen": design.gain_fen,
        "bound_fen": design.bound_fen,
        "equal_levels_gain_fen": design.equal_gain_fen,
        "expected_net_fen": design.expected_net_fen,
        "payback_days": design.payback_days,
        "cells": [_cell(test) for test in design.tests],
        "untested": [{"segment": cell.segment, "slot": cell.slot} for cell in design.untested],
        "versions": versions(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def _cell(test: CellTest) -> dict[str, object]:
    return {
        "segment": test.cell.segment,
        "slot": test.cell.slot,
        "schedule_fen": list(test.schedule_fen),
        "expected_orders": list(test.mean_orders),
        "cost_fen": test.cost_fen,
        "gain_fen": test.gain_fen,
        "expected_net_fen": test.expected_net_fen,
        "change_chance": test.change,
        "power": test.power,
        "stop_without_order_fen": test.stop_fen,
        "tested_before_fen": test.tested_fen,
    }
