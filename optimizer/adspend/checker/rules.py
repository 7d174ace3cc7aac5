"""The money and the limits: what every cell, every limit and the whole plan must satisfy."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .form import MEASURES
from .laws import Violation, broken
from .proof import certificate

MICRO, MICRO_PER_FEN = 1_000_000, 10_000  # micro-yuan per yuan and per fen
CLOSE = Fraction(1, 10**9)  # relative: a float has about 16 digits, less what interpolation in floats may cost


def rules(plan: Mapping[str, Any]) -> Iterator[Violation]:
    """Every rule that a well-formed plan breaks."""
    cells, options, step = plan["cells"], plan["options"], plan["step_fen"]
    yield from _sums_and_names(plan)
    for i, cell in enumerate(cells):
        yield from _range(f"cells[{i}]", cell, cell["budget_fen"], step)
        yield from _action(f"cells[{i}]", cell, step)
    for i, option in enumerate(options):
        yield from _range(f"options[{i}]", option, option["level_fen"], step)
    spends = [cell["budget_fen"] for cell in cells] + [option["level_fen"] for option in options]
    items = [*cells, *options]
    pairs = [*zip(items, spends, strict=True), *((item, item["fixed_fen"]) for item in items)]
    if not all(_on_curve(item, spend) for item, spend in pairs):
        return  # a spend outside its curve has no measures; P3, P4, P9 or P11 has said so
    measures = [measures_at(item["curve"], spend) for item, spend in zip(items, spends, strict=True)]
    for i, cell in enumerate(cells):
        yield from _expectations(f"cells[{i}]", cell, measures[i])
    for limit in plan["limits"]:
        yield from _limit(limit, measures)
    value = math.floor(total(at["objective"] for at in measures))
    yield from _value(plan["certificate"], value)
    yield from certificate(plan, value, differ)


def _sums_and_names(plan: Mapping[str, Any]) -> Iterator[Violation]:
    spent = sum(cell["budget_fen"] for cell in plan["cells"])
    names = [tuple(cell[key] for key in ("segment", "slot", "lever")) for cell in plan["cells"]]
    names += [(kind, item["key"]) for kind in ("options", "limits") for item in plan[kind]]
    seen: set[tuple[str, ...]] = set()
    for name in names:
        if name in seen:
            yield broken("P6", "plan", f"{list(name)!r:.60}")
        seen.add(name)
    yield from differ("P2", "plan.planned_fen", plan["planned_fen"], spent)
    if spent > plan["budget_fen"]:
        yield broken("P2", "plan.budget_fen", f"{spent} > {plan['budget_fen']}")


def differ(rule: str, place: str, stored: float, want: int | Fraction) -> Iterator[Violation]:
    """A violation where they differ; fractions are stored as floats, so those by more than a float's precision."""
    if abs(Fraction(stored) - want) > (CLOSE * abs(want) if isinstance(want, Fraction) else 0):
        yield broken(rule, place, f"{stored} != {want!s:.60}")


def _range(place: str, item: Mapping[str, Any], spend: int, step: int) -> Iterator[Violation]:
    fixed, least, most = (item[key] for key in ("fixed_fen", "minimum_fen", "maximum_fen"))
    wrong = {
        "P10": spend % step != 0,
        "P9": fixed is not None and spend != fixed,
        "P11": spend > 0 and most is None,
        "P3": most is not None and spend > most,
        "P4": least is not None and 0 < spend < least,
    }
    found = f"{spend}, step {step}, fixed {fixed}, range {least}-{most}"
    yield from (broken(rule, place, found) for rule in wrong if wrong[rule])


def _on_curve(item: Mapping[str, Any], spend: int | None) -> bool:
    return not spend or (item["curve"] is not None and bool(item["minimum_fen"] <= spend <= item["maximum_fen"]))


def _action(place: str, cell: Mapping[str, Any], step: int) -> Iterator[Violation]:
    """P8. A hold changes by less than a step. A FAIL cell rises only as a test, or where a person has locked it."""
    action, budget, yesterday = cell["action"], cell["budget_fen"], cell["yesterday_fen"] or 0
    agrees = {
        "pause": budget == 0,
        "test": budget > 0,
        "start": budget > 0 and yesterday == 0,
        "hold": budget > 0 and abs(budget - yesterday) < step,
        "raise": yesterday > 0 and budget > yesterday,
        "cut": 0 < budget < yesterday,
    }
    may_rise = cell["grade"] != "FAIL" or action == "test" or cell["fixed_fen"] is not None
    if not agrees[action] or (budget > yesterday and not may_rise):
        yield broken("P8", place, f"{cell['grade']} {action}: {yesterday} -> {budget}")


def measures_at(curve: Mapping[str, Any] | None, spend: int) -> dict[str, Fraction]:
    """Every measure at a spend on a curve; what a curve does not name is 0."""
    if curve is None or spend == 0:
        return dict.fromkeys((*MEASURES, "objective", "value"), Fraction(0))
    x, measures = curve["spend_fen"], {"spend": Fraction(spend), "active": Fraction(1)}
    k = bisect_left(x, spend)
    below = Fraction(x[k] - spend, x[k] - x[k - 1]) if spend < x[k] else Fraction(0)  # the lower point's share
    columns = {name: curve[f"{name}_micro"] for name in ("objective", "value", "orders", "gmv")}
    for name, y in (curve["more"] | columns).items():
        measures[name] = y[k] + below * (y[k - 1] - y[k])
    return measures


def total(parts: Iterable[Fraction]) -> Fraction:
    """The sum, over one common denominator: adding many fractions one by one is slow."""
    terms = list(parts)
    common = math.lcm(*(term.denominator for term in terms))
    return Fraction(sum(term.numerator * (common // term.denominator) for term in terms), common)


def _limit(limit: Mapping[str, Any], measures: Sequence[Mapping[str, Fraction]]) -> Iterator[Violation]:
    columns = {name: column for name, column in ({n: limit[n] for n in MEASURES} | limit["more"]).items() if column}
    used = total(
        (column[i] if isinstance(column, list) else column) * at.get(name, Fraction(0))
        for i, at in enumerate(measures)
        for name, column in columns.items()
    )
    if used > limit["rhs"]:
        yield broken("P5", f"limits[{limit['key']}]", f"{limit['rhs']} + {float(used - limit['rhs'])}")


def _expectations(place: str, cell: Mapping[str, Any], at: Mapping[str, Fraction]) -> Iterator[Violation]:
    net = round(at["value"] / MICRO_PER_FEN - at["spend"])  # half to even, as the schema says
    yield from differ("P12", f"{place}.expected_net_fen", cell["expected_net_fen"], net)
    yield from differ("P12", f"{place}.expected_gmv_fen", cell["expected_gmv_fen"], round(at["gmv"] / MICRO_PER_FEN))
    yield from differ("P12", f"{place}.expected_orders", cell["expected_orders"], at["orders"] / MICRO)


def _value(stored: Mapping[str, Any], value: int) -> Iterator[Violation]:
    yield from differ("P13", "certificate.value_micro", stored["value_micro"], value)
    yield from differ("P13", "certificate.value", stored["value"], Fraction(value, MICRO))
