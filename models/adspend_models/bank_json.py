"""The curve bank as JSON, schema "adspend.curves/1": everything a reader needs to draw or reuse the curves.

```
{ "schema": "adspend.curves/1", "date": "2026-06-18", "phase": the date's festival phase or "", "currency_unit": "yuan",
  "shop": { what was learned about the shop: see posterior.HyperSummary },
  "cells": [ { "segment", "slot", "lever", "grade", "reasons": [{"zh", "en"}],
               "order_value", "tested_max",
               "parameters": { medians: "height" (orders per day), "half_saturation" (yuan), "shape" },
               "curve": { "cost": [...], "orders": [...], "gmv": [...], "orders_low": [...], "orders_high": [...],
                          "tested": [true, ..., false] },
               "line": null, or where no family fits the days { "cost", "orders" }: the corners of the mean curve,
               "observations": [ {"date", "cost", "orders", "gmv"} ] } ] }
```

``orders`` is the posterior mean, ``orders_low`` and ``orders_high`` bound the central 80 %. The mean is no Hill curve
itself, so the table, not the parameters, is what a plan uses; a cell with a ``line`` has no parameters (null), and its
table follows the line, which is level beyond the last corner. ``tested`` is false where a cost lies beyond what the
cell has tried: that part is extrapolation. Missing numbers are null. Keys may be added under the same schema, as
``tested``, ``line`` and ``phase`` were; a reader ignores those it does not know.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
from collections.abc import Iterable, Mapping
from typing import cast

import numpy as np
from numpy.typing import NDArray

from adspend_models.bank import Observations
from adspend_models.bank_table import bank_table
from adspend_models.monotone import MonotoneCurves
from adspend_models.posterior import PosteriorBank

Floats = NDArray[np.float64]
Json = dict[str, "Json"] | list["Json"] | str | float | int | None

SCHEMA = "adspend.curves/1"
DIGITS = 6  # significant digits: a report has fewer, and files stay readable


def curves_to_json(bank: PosteriorBank) -> str:
    """The bank as indented JSON text ending in a newline."""
    shop = {key: _tidy(value) for key, value in dataclasses.asdict(bank.hyper).items()}
    document: Json = {
        "schema": SCHEMA,
        "date": bank.plan_date.isoformat(),
        "phase": bank.plan_phase,
        "currency_unit": "yuan",
        "shop": shop,
        "cells": _cells(bank),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _cells(bank: PosteriorBank) -> list[Json]:
    """One object per cell."""
    table = bank_table(bank)
    return [
        {
            "segment": cell.segment,
            "slot": cell.slot,
            "lever": cell.lever,
            "grade": bank.gradings[i].grade.value,
            "reasons": [{"zh": reason.zh, "en": reason.en} for reason in bank.gradings[i].reasons],
            "order_value": _tidy(bank.order_value[i]),
            "tested_max": _tidy(bank.tested_max[i]),
            "parameters": None if i in bank.monotone else _parameters(bank, i),
            "curve": {
                "cost": _tidy(table.cost[i]),
                "orders": _tidy(table.orders[i]),
                "gmv": _tidy(table.orders[i] * bank.order_value[i]),
                "orders_low": _tidy(table.low[i]),
                "orders_high": _tidy(table.high[i]),
                "tested": table.tested[i].tolist(),
            },
            "line": _line(bank.monotone[i]) if i in bank.monotone else None,
            "observations": _observed(bank.observations[i]),
        }
        for i, cell in enumerate(bank.cells)
    ]


def _parameters(bank: PosteriorBank, i: int) -> Json:
    """Medians of the drawn parameters."""
    columns = {"height": bank.curves.level, "half_saturation": bank.curves.half, "shape": bank.curves.exponent}
    return {name: _tidy(np.median(column[:, i])) for name, column in columns.items()}


def _line(curves: MonotoneCurves) -> Json:
    """The corners of the mean of the curves."""
    return {"cost": _tidy(curves.cost), "orders": _tidy(curves.orders.mean(axis=0))}


def _observed(days: Observations) -> list[Json]:
    """One object per day."""
    return [
        {
            "date": datetime.date.fromordinal(int(day)).isoformat(),
            "cost": _tidy(cost),
            "orders": _tidy(orders),
            "gmv": _tidy(gmv),
        }
        for day, cost, orders, gmv in zip(days.day, days.cost, days.orders, days.gmv, strict=True)
    ]


def _tidy(value: object) -> Json:
    """A number with DIGITS significant digits, null for NaN; sequences and mappings element by element."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: _tidy(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_tidy(item) for item in value]
    number = float(cast("float", value))
    return float(f"{number:.{DIGITS}g}") if math.isfinite(number) else None
