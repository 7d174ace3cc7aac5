"""The independent checker (独立检验): judges a plan file in exact arithmetic and trusts nothing that made it.

Standard library only, integers and fractions only, and no import from the rest of the project, so that a fault in the
engine cannot hide here; ``python -m adspend.checker plan.json`` needs this one file. The rules are ``LAWS``.

Notation: cell i spends x_i fen; its measures are linear between table points and 0 at 0. Limit r holds when
    sum_i (spend_ri x_i + orders_ri orders_i(x_i) + gmv_ri gmv_i(x_i) + active_ri [x_i > 0]) <= rhs_r.
For any multipliers p_r >= 0 no plan within the limits is worth more than the bound
    sum_r p_r rhs_r + sum_i max_s (objective_i(s) - sum_r p_r (what cell i uses of limit r at s)),
s over 0 and the table points (the fixed spend alone where there is one): linear pieces have their maximum at an end.
"""

from __future__ import annotations

import json
import math
import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

MICRO, MICRO_PER_FEN = 1_000_000, 10_000  # micro-yuan per yuan and per fen
CLOSE = Fraction(1, 10**9)  # relative: a float has about 16 digits, less what interpolation in floats may cost
MEASURES = ("spend", "orders", "gmv", "active")  # what limits count
TABLE = ("spend_fen", "objective_micro", "value_micro", "orders_micro", "gmv_micro")
LAWS = {
    "P0": ("字段与类型必须符合格式", "fields and types must follow the schema"),
    "P1": ("金额必须是不小于 0 的整数分", "amounts must be whole fen, 0 or more"),
    "P2": ("预算合计必须等于计划额且不超过总预算", "budgets must sum to planned_fen, within the day's budget"),
    "P3": ("预算不得超过单元上限", "a budget must not exceed its cell's maximum"),
    "P4": ("预算必须为 0 或不低于起投门槛", "a budget must be 0 or at least its cell's minimum"),
    "P5": ("每条限制都必须成立", "every limit must hold"),
    "P6": ("单元与限制不得重复，系数每单元一个", "cells and limits must be distinct, one coefficient per cell"),
    "P7": ("曲线各列须等长，花费须从下限递增到上限", "tables must rise from minimum to maximum in equal columns"),
    "P8": ("动作必须与数字一致，FAIL 单元不得加量", "actions must agree with the numbers, a FAIL cell never rises"),
    "P9": ("锁定的单元必须等于锁定值", "a fixed cell must get exactly its fixed spend"),
    "P10": ("预算必须是步长的整数倍", "a budget must be a multiple of the step"),
    "P11": ("没有曲线的单元不得投放", "a cell without a curve must get nothing"),
    "P12": ("预期结果必须等于曲线上的值", "expectations must equal the curve's values"),
    "P13": ("证明中的目标值必须等于计划的目标值", "the certificate's value must equal the plan's"),
    "P14": ("上界与差距必须能由非负乘子推出", "bound and gap must follow from non-negative multipliers"),
}
# What each object must hold: kind (see ``_fits``) -> its fields. What only people read is not judged.
PLAN = {"adspend.plan/1": "schema", "date": "date", "amount": "budget_fen planned_fen", "step": "step_fen"}
PLAN |= {"list": "cells limits", "object": "certificate"}
CELL = {"text": "segment slot lever", "test|start|raise|hold|cut|pause": "action", "PASS|REVIEW|FAIL": "grade"}
CELL |= {"amount": "budget_fen", "amount?": "yesterday_fen fixed_fen minimum_fen maximum_fen", "table?": "curve"}
CELL |= {"whole": "expected_gmv_fen expected_net_fen p10_net_fen"}
CELL |= {"number": "expected_orders", "number?": "marginal_return"}
LIMIT = {"text": "key", "whole": "rhs", "column": " ".join(MEASURES)}
CERTIFICATE = {"number": "value bound gap", "whole": "value_micro bound_micro", "object": "multipliers"}
PATTERNS = {"date": "[0-9]{4}-[0-9]{2}-[0-9]{2}", "price": "[0-9]{1,999}(/0{0,99}[1-9][0-9]{0,999})?"}  # not "1e999999"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan breaks, where, and what was found."""

    rule: str
    place: str
    found: str
    law_zh: str
    law_en: str

    def pick(self, language: str) -> str:
        """One line in "zh" or "en"."""
        return f"{self.rule} {self.place}: {self.law_zh if language == 'zh' else self.law_en} ({self.found})"

    def __str__(self) -> str:
        return self.pick("en")


def _broken(rule: str, place: str, found: str) -> Violation:
    return Violation(rule, place, found, *LAWS[rule])


def check(plan: Mapping[str, Any]) -> tuple[Violation, ...]:
    """Every rule that the plan breaks; one without form (P0, P1, P6, P7) is not judged further. Never raises."""
    try:
        return tuple(_fields("plan", PLAN, plan)) or tuple(_parts(plan)) or tuple(_rules(plan))
    except Exception as error:  # the last resort: what cannot be judged is not a valid plan
        return (_broken("P0", "plan", type(error).__name__),)


def _whole(value: object, least: int = -(2**63)) -> bool:
    """Whether it is an integer as the engine knows them: of 64 bits, and true is not 1."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**63


def _fits(kind: str, value: object) -> bool:
    """Whether a value is of a kind; a "?" also allows null, a "|" separates the words allowed."""
    if kind.endswith("?"):
        return value is None or _fits(kind[:-1], value)
    if kind in ("amount", "step"):
        return _whole(value, 0 if kind == "amount" else 1)
    if kind in ("text", "list", "object"):
        return isinstance(value, {"text": str, "list": list, "object": dict}[kind])
    if kind in ("whole", "number"):
        return _whole(value) or (kind == "number" and isinstance(value, float) and math.isfinite(value))
    if kind == "wholes":
        return isinstance(value, list) and all(_whole(item) for item in value)
    if kind == "table":
        return isinstance(value, dict) and all(_fits("wholes", value.get(column)) for column in TABLE)
    if kind == "column":
        return value is None or _whole(value) or _fits("wholes", value)
    if kind in PATTERNS:
        return isinstance(value, str) and re.fullmatch(PATTERNS[kind], value) is not None
    return value in kind.split("|")


def _fields(place: str, form: Mapping[str, str], holder: object) -> Iterator[Violation]:
    """P0, P1: the fields of an object that are missing or not of their kind."""
    if not isinstance(holder, Mapping):
        yield _broken("P0", place, f"{holder!r:.60}")
        return
    for kind, keys in form.items():
        for key in keys.split():
            if key not in holder or not _fits(kind, holder[key]):
                rule = "P1" if kind in ("amount", "amount?", "step") and key in holder else "P0"
                yield _broken(rule, f"{place}.{key}", f"{holder.get(key, 'missing')!r:.60}")


def _parts(plan: Mapping[str, Any]) -> Iterator[Violation]:
    """P0, P1, P6, P7: what the other rules take for granted."""
    for i, cell in enumerate(plan["cells"]):
        yield from list(_fields(f"cells[{i}]", CELL, cell)) or _table(f"cells[{i}].curve", cell)
    for r, limit in enumerate(plan["limits"]):
        yield from list(_fields(f"limits[{r}]", LIMIT, limit)) or _columns(f"limits[{r}]", limit, len(plan["cells"]))
    yield from _fields("certificate", CERTIFICATE, plan["certificate"])


def _table(place: str, cell: Mapping[str, Any]) -> Iterator[Violation]:
    ends, columns = [cell["minimum_fen"], cell["maximum_fen"]], [(cell["curve"] or {}).get(key, []) for key in TABLE]
    spend, lengths = columns[0], [len(column) for column in columns]
    rising = all(low < high for low, high in pairwise([0, *spend])) and bool(spend) == (cell["curve"] is not None)
    if len(set(lengths)) != 1 or not rising or ends != ([spend[0], spend[-1]] if spend else [None, None]):
        yield _broken("P7", place, f"{lengths}, {ends}, {spend!r:.60}")


def _columns(place: str, limit: Mapping[str, Any], n: int) -> Iterator[Violation]:
    for key in MEASURES:
        if isinstance(limit[key], list) and len(limit[key]) != n:
            yield _broken("P6", f"{place}.{key}", f"{len(limit[key])} != {n}")


def _rules(plan: Mapping[str, Any]) -> Iterator[Violation]:
    cells, total = plan["cells"], sum(cell["budget_fen"] for cell in plan["cells"])
    names = [[cell[key] for key in ("segment", "slot", "lever")] for cell in cells]
    names += [[limit["key"]] for limit in plan["limits"]]
    yield from (_broken("P6", "plan", f"{name!r:.60}") for i, name in enumerate(names) if name in names[:i])
    yield from _differ("P2", "plan.planned_fen", plan["planned_fen"], total)
    if total > plan["budget_fen"]:
        yield _broken("P2", "plan.budget_fen", f"{total} > {plan['budget_fen']}")
    for i, cell in enumerate(cells):
        yield from _range(f"cells[{i}]", cell, plan["step_fen"])
        yield from _action(f"cells[{i}]", cell, plan["step_fen"])
    if not all(_on_curve(cell, spend) for cell in cells for spend in (cell["budget_fen"], cell["fixed_fen"])):
        return  # a spend outside its curve has no measures; P3, P4, P9 or P11 has said so
    measures = [_measures(cell["curve"], cell["budget_fen"]) for cell in cells]
    for i, cell in enumerate(cells):
        yield from _expectations(f"cells[{i}]", cell, measures[i])
    for limit in plan["limits"]:
        counted = [key for key in MEASURES if limit[key]]
        used = _total(_coefficient(limit[key], i) * at[key] for i, at in enumerate(measures) for key in counted)
        if used > limit["rhs"]:
            yield _broken("P5", f"limits[{limit['key']}]", f"{limit['rhs']} + {float(used - limit['rhs'])}")
    yield from _certificate(plan, math.floor(_total(at["objective"] for at in measures)))


def _differ(rule: str, place: str, stored: float, want: int | Fraction) -> Iterator[Violation]:
    """A violation where they differ; fractions are stored as floats, so those by more than a float's precision."""
    if abs(Fraction(stored) - want) > (CLOSE * abs(want) if isinstance(want, Fraction) else 0):
        yield _broken(rule, place, f"{stored} != {want!s:.60}")


def _range(place: str, cell: Mapping[str, Any], step: int) -> Iterator[Violation]:
    budget, fixed, least, most = (cell[key] for key in ("budget_fen", "fixed_fen", "minimum_fen", "maximum_fen"))
    broken = {
        "P10": budget % step != 0,
        "P9": fixed is not None and budget != fixed,
        "P11": budget > 0 and most is None,
        "P3": most is not None and budget > most,
        "P4": least is not None and 0 < budget < least,
    }
    found = f"{budget}, step {step}, fixed {fixed}, range {least}-{most}"
    yield from (_broken(rule, place, found) for rule in broken if broken[rule])


def _on_curve(cell: Mapping[str, Any], spend: int | None) -> bool:
    return not spend or (cell["curve"] is not None and bool(cell["minimum_fen"] <= spend <= cell["maximum_fen"]))


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
        yield _broken("P8", place, f"{cell['grade']} {action}: {yesterday} -> {budget}")


def _measures(curve: Mapping[str, Any] | None, spend: int) -> dict[str, Fraction]:
    """Every measure of a cell at a spend on its curve."""
    if curve is None or spend == 0:
        return dict.fromkeys((*MEASURES, "objective", "value"), Fraction(0))
    x, measures = curve["spend_fen"], {"spend": Fraction(spend), "active": Fraction(1)}
    k = bisect_left(x, spend)
    below = Fraction(x[k] - spend, x[k] - x[k - 1]) if spend < x[k] else Fraction(0)  # the lower point's share
    for name in ("objective", "value", "orders", "gmv"):
        y = curve[f"{name}_micro"]
        measures[name] = y[k] + below * (y[k - 1] - y[k])
    return measures


def _total(parts: Iterable[Fraction]) -> Fraction:
    """The sum, over one common denominator: adding many fractions one by one is slow."""
    terms = list(parts)
    common = math.lcm(*(term.denominator for term in terms))
    return Fraction(sum(term.numerator * (common // term.denominator) for term in terms), common)


def _coefficient(column: int | list[int] | None, i: int) -> int:
    return column[i] if isinstance(column, list) else column or 0


def _expectations(place: str, cell: Mapping[str, Any], at: Mapping[str, Fraction]) -> Iterator[Violation]:
    net = round(at["value"] / MICRO_PER_FEN - at["spend"])  # half to even, as the schema says
    yield from _differ("P12", f"{place}.expected_net_fen", cell["expected_net_fen"], net)
    yield from _differ("P12", f"{place}.expected_gmv_fen", cell["expected_gmv_fen"], round(at["gmv"] / MICRO_PER_FEN))
    yield from _differ("P12", f"{place}.expected_orders", cell["expected_orders"], at["orders"] / MICRO)


def _certificate(plan: Mapping[str, Any], value: int) -> Iterator[Violation]:
    stored, keys = plan["certificate"], [limit["key"] for limit in plan["limits"]]
    yield from _differ("P13", "certificate.value_micro", stored["value_micro"], value)
    yield from _differ("P13", "certificate.value", stored["value"], Fraction(value, MICRO))
    prices = stored["multipliers"]
    if wrong := [key for key in prices if key not in keys or not _fits("price", prices[key])]:
        yield _broken("P14", "certificate.multipliers", f"{wrong!r:.60}")
        return
    bound = math.ceil(_bound(plan, {key: Fraction(text) for key, text in prices.items()}))
    yield from _differ("P14", "certificate.bound_micro", stored["bound_micro"], bound)
    yield from _differ("P14", "certificate.bound", stored["bound"], Fraction(bound, MICRO))
    gap = Fraction(bound - value, bound) if bound > 0 else Fraction(0)
    yield from _differ("P14", "certificate.gap", stored["gap"], gap)
    if value > bound:
        yield _broken("P14", "certificate", f"{value} > {bound}")


def _bound(plan: Mapping[str, Any], prices: Mapping[str, Fraction]) -> Fraction:
    """The bound at these prices; times their common denominator, the inner maximum is over integers."""
    common = math.lcm(*(price.denominator for price in prices.values()))
    rows = [(int(common * prices[limit["key"]]), limit) for limit in plan["limits"] if prices.get(limit["key"])]
    parts = [Fraction(sum(weight * limit["rhs"] for weight, limit in rows))]
    for i, cell in enumerate(plan["cells"]):
        spend, orders, gmv, active = (sum(w * _coefficient(limit[key], i) for w, limit in rows) for key in MEASURES)
        nets = (common * v - spend * x - orders * o - gmv * g - active * z for x, o, g, z, v in _choices(cell))
        parts.append(Fraction(max(nets)))
    return _total(parts) / common


def _choices(cell: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What limits count, and the objective, at each spend that may be best."""
    curve, fixed = cell["curve"], cell["fixed_fen"]
    if fixed is None:
        yield 0, 0, 0, 0, 0
        for x, v, _, o, g in zip(*(curve[column] for column in TABLE), strict=True) if curve is not None else ():
            yield x, o, g, 1, v
    else:
        yield tuple(_measures(curve, fixed)[key] for key in (*MEASURES, "objective"))


def main(argv: Sequence[str]) -> int:
    """Prints what a plan file breaks. Returns 0 where there is nothing, 1 where there is, 2 without a file name."""
    if len(argv) != 1:
        print("usage: python -m adspend.checker plan.json", file=sys.stderr)
        return 2
    try:
        with open(argv[0], encoding="utf-8") as file:  # noqa: PTH123  one import fewer to trust
            violations = check(json.load(file))
    except (OSError, ValueError, RecursionError) as error:
        violations = (_broken("P0", argv[0], f"{error}"),)
    print(*violations, f"{len(violations)} violations", sep="\n")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
