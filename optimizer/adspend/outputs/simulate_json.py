"""runs.json, schema ``adspend.simulation/1``: every run, day by day and cell by cell. Equal inputs give equal bytes."""

from __future__ import annotations

import json
import math

from adspend.contest import Contest, Entry
from adspend.money import nearest_fen
from adspend.simulate import VIOLATIONS, Run
from adspend.versions import versions

SCHEMA = "adspend.simulation/1"
Json = dict[str, object]


def simulate_json(contest: Contest) -> str:
    """The document as text. Money in fen; a share is null where the clairvoyant earns nothing."""
    document = {
        "schema": SCHEMA,
        "market": {"zh": contest.market.zh, "en": contest.market.en},
        "shop": contest.shop.shop.name,
        "seed": contest.seed,
        "dates": [date.isoformat() for date in contest.best.dates],
        "budget_fen": contest.shop.budget_fen,
        "cells": [{"segment": cell.segment, "slot": cell.slot} for cell in contest.shop.grid],
        "clairvoyant": _run(contest.best),
        "strategies": [_entry(entry) for entry in contest.entries],
        "versions": versions(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def _entry(entry: Entry) -> Json:
    return {
        "name": entry.run.name,
        "label": {"zh": entry.label.zh, "en": entry.label.en},
        "share": known(entry.share),
        "first_week": known(entry.first_week),
        "last_week": known(entry.last_week),
        "days_until_90": entry.days_until_90,
        **_run(entry.run),
    }


def _run(run: Run) -> Json:
    """One entry per day; ``budgets_fen`` one list of cells per day."""
    money = {"cost_fen": run.cost, "expected_net_fen": run.expected, "realised_net_fen": run.realised}
    return {
        **{name: [nearest_fen(amount) for amount in column.tolist()] for name, column in money.items()},
        "test_cost_fen": None if run.test_cost is None else [nearest_fen(amount) for amount in run.test_cost.tolist()],
        "budgets_fen": run.budget_fen.tolist(),
        "violations": dict(zip(VIOLATIONS, run.violations.T.tolist(), strict=True)),
    }


def known(share: float) -> float | None:
    """The share, None where there is none."""
    return None if math.isnan(share) else share
