"""The form of a plan file: which fields each object must hold, and of which kind."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from .laws import Violation, broken

MEASURES = ("spend", "orders", "gmv", "active")  # what limits count, beside what a plan names under "more"
TABLE = ("spend_fen", "objective_micro", "value_micro", "orders_micro", "gmv_micro")
# What each object must hold: kind (see ``fits``) -> its fields. What only people read is not judged.
PLAN = {"adspend.plan/2": "schema", "date": "date", "amount": "budget_fen planned_fen", "step": "step_fen"}
PLAN |= {"list": "cells options limits", "object": "certificate"}
CELL = {"text": "segment slot lever", "test|start|raise|hold|cut|pause": "action", "PASS|REVIEW|FAIL": "grade"}
CELL |= {"amount": "budget_fen", "amount?": "yesterday_fen fixed_fen minimum_fen maximum_fen", "table?": "curve"}
CELL |= {"whole": "expected_gmv_fen expected_net_fen p10_net_fen"}
CELL |= {"number": "expected_orders", "number?": "marginal_return"}
OPTION = {"text": "key", "amount": "level_fen", "amount?": "fixed_fen minimum_fen maximum_fen", "table?": "curve"}
LIMIT = {"text": "key", "whole": "rhs", "column": " ".join(MEASURES), "columns": "more"}
CERTIFICATE = {"number": "value bound gap", "whole": "value_micro bound_micro", "object": "multipliers"}
CERTIFICATE |= {"branches?": "branches"}
PATTERNS = {"date": "[0-9]{4}-[0-9]{2}-[0-9]{2}", "price": "[0-9]{1,999}(/0{0,99}[1-9][0-9]{0,999})?"}  # not "1e999999"


def is_whole(value: object, least: int = -(2**63)) -> bool:
    """Whether it is an integer as the engine knows them: of 64 bits, and true is not 1."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**63


def fits(kind: str, value: object) -> bool:
    """Whether a value is of a kind; a "?" also allows null, a "|" separates the words allowed."""
    if kind.endswith("?"):
        return value is None or fits(kind[:-1], value)
    if kind in ("amount", "step"):
        return is_whole(value, 0 if kind == "amount" else 1)
    if kind in ("text", "list", "object"):
        return isinstance(value, {"text": str, "list": list, "object": dict}[kind])
    if kind in ("whole", "number"):
        return is_whole(value) or (kind == "number" and isinstance(value, float) and math.isfinite(value))
    if kind == "wholes":
        return isinstance(value, list) and all(is_whole(item) for item in value)
    if kind in _OBJECTS:
        return isinstance(value, dict) and _OBJECTS[kind](value)
    if kind == "column":
        return value is None or is_whole(value) or fits("wholes", value)
    if kind in PATTERNS:
        return isinstance(value, str) and re.fullmatch(PATTERNS[kind], value) is not None
    return value in kind.split("|")


def _is_table(value: Mapping[str, Any]) -> bool:
    columns = [value.get(column) for column in TABLE]
    more = value.get("more")
    return isinstance(more, dict) and all(fits("wholes", column) for column in [*columns, *more.values()])


def _are_columns(value: Mapping[str, Any]) -> bool:
    return all(fits("column", column) for column in value.values())


def _are_branches(value: Mapping[str, Any]) -> bool:
    lists = [value.get("vectors"), value.get("tree")]
    kinds = ("object", "wholes")
    return all(
        isinstance(many, list) and all(fits(kind, one) for one in many) for many, kind in zip(lists, kinds, strict=True)
    )


_OBJECTS = {"table": _is_table, "columns": _are_columns, "branches": _are_branches}


def fields(place: str, form: Mapping[str, str], holder: object) -> Iterator[Violation]:
    """P0, P1: the fields of an object that are missing or not of their kind."""
    if not isinstance(holder, Mapping):
        yield broken("P0", place, f"{holder!r:.60}")
        return
    for kind, keys in form.items():
        for key in keys.split():
            if key not in holder or not fits(kind, holder[key]):
                rule = "P1" if kind in ("amount", "amount?", "step") and key in holder else "P0"
                yield broken(rule, f"{place}.{key}", f"{holder.get(key, 'missing')!r:.60}")


def parts(plan: Mapping[str, Any]) -> Iterator[Violation]:
    """P0, P1, P6, P7: what the other rules take for granted."""
    for i, cell in enumerate(plan["cells"]):
        yield from list(fields(f"cells[{i}]", CELL, cell)) or _table(f"cells[{i}].curve", cell)
    for i, option in enumerate(plan["options"]):
        yield from list(fields(f"options[{i}]", OPTION, option)) or _table(f"options[{i}].curve", option)
    n = len(plan["cells"]) + len(plan["options"])
    for r, limit in enumerate(plan["limits"]):
        yield from list(fields(f"limits[{r}]", LIMIT, limit)) or _columns(f"limits[{r}]", limit, n)
    yield from fields("certificate", CERTIFICATE, plan["certificate"])


def _table(place: str, cell: Mapping[str, Any]) -> Iterator[Violation]:
    ends, columns = [cell["minimum_fen"], cell["maximum_fen"]], [(cell["curve"] or {}).get(key, []) for key in TABLE]
    columns += (cell["curve"] or {"more": {}})["more"].values()
    spend, lengths = columns[0], [len(column) for column in columns]
    rising = all(low < high for low, high in pairwise([0, *spend])) and bool(spend) == (cell["curve"] is not None)
    if len(set(lengths)) != 1 or not rising or ends != ([spend[0], spend[-1]] if spend else [None, None]):
        yield broken("P7", place, f"{lengths}, {ends}, {spend!r:.60}")


def _columns(place: str, limit: Mapping[str, Any], n: int) -> Iterator[Violation]:
    for key, column in ({key: limit[key] for key in MEASURES} | limit["more"]).items():
        if isinstance(column, list) and len(column) != n:
            yield broken("P6", f"{place}.{key}", f"{len(column)} != {n}")
