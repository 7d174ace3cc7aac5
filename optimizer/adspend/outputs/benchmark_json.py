"""results.json, schema ``adspend.benchmark/1``: the suite, its standings and every job's scores.

Equal inputs give equal bytes: seconds are not in it. Shares are null where the clairvoyant earns nothing, days to 90 %
where they never came.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict

from adspend.money import nearest_fen
from adspend.simulate import VIOLATIONS
from adspend.standings import Group, Mean, Standing, scores_of
from adspend.suite import Outcome, Suite
from adspend.versions import versions

SCHEMA = "adspend.benchmark/1"
Json = dict[str, object]


def benchmark_json(suite: Suite, outcomes: Sequence[Outcome], groups: Sequence[Group]) -> str:
    """The document as text; money in fen."""
    shares = {id(found.outcome): found for found in scores_of(outcomes)}

    def job(outcome: Outcome) -> Json:
        own = shares.get(id(outcome))
        return {
            "family": outcome.job.family,
            "cells": outcome.job.cells,
            "seed": outcome.job.seed,
            "strategy": outcome.name,
            "code": outcome.job.code,
            "share": None if own is None else _known(own.share),
            "first_week": None if own is None else _known(own.first_week),
            "last_week": None if own is None else _known(own.last_week),
            "days_to_90": None if own is None else _known(own.days_until_90),
            "expected_net_fen": [nearest_fen(amount) for amount in outcome.expected],
            "cost_fen": [nearest_fen(amount) for amount in outcome.cost],
            "violations": dict(zip(VIOLATIONS, outcome.violations, strict=True)),
            "test_cost_fen": None if outcome.test_cost is None else nearest_fen(outcome.test_cost),
        }

    document = {
        "schema": SCHEMA,
        "suite": asdict(suite),
        "groups": [
            {"name": asdict(group.name), "strategies": [_standing(standing) for standing in group.standings]}
            for group in groups
        ],
        "jobs": [job(outcome) for outcome in outcomes],
        "versions": versions(),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def _standing(standing: Standing) -> Json:
    return {
        "name": standing.name,
        "label": asdict(standing.label),
        "worlds": standing.worlds,
        "share": _mean(standing.share),
        "behind_leader": None if standing.behind is None else _mean(standing.behind),
        "first_week": _known(standing.first_week),
        "last_week": _mean(standing.last_week),
        "worst_decile": _known(standing.worst),
        "days_to_90": _known(standing.days_until_90),
        "violations": standing.violations,
        "test_share": standing.test_share,
    }


def _mean(mean: Mean) -> Json:
    return {"mean": _known(mean.value), "half_of_95": _known(mean.half)}


def _known(number: float) -> float | None:
    """None for what is not a number to be read."""
    return number if math.isfinite(number) else None
