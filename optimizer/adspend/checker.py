"""The independent checker (独立检验): judges a plan file in exact arithmetic and trusts nothing that made it.

Standard library only, integers and fractions only, and no import from the rest of the project, so that a fault in the
engine cannot hide here; ``python -m adspend.checker plan.json`` needs this one file. The rules are ``LAWS``.

Notation: cell i spends x_i fen; measures are linear between table points and 0 at 0; limit r holds when
sum_i (spend_ri x_i + orders_ri orders_i(x_i) + gmv_ri gmv_i(x_i) + active_ri [x_i > 0]) <= rhs_r.
"""

from __future__ import annotations

import json
import math
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

SCHEMA = "adspend.plan/1"
MEASURES = ("spend", "orders", "gmv", "active")
MICRO, MICRO_PER_FEN = 1_000_000, 10_000
COLUMNS = ("spend_fen", "objective_micro", "value_micro", "orders_micro", "gmv_micro")
ROUNDING = Fraction(1, 10**9)  # relative: a float field may differ from its exact value by its own precision only


LAWS = {
    "P0": ("计划文件格式必须完整", "the plan's form must be complete"),
    "P1": ("金额必须是整数分，预算不得为负", "amounts must be whole fen, budgets not negative"),
    "P2": ("合计必须等于 planned_fen 且不超当日预算", "budgets must sum to planned_fen, within the day's budget"),
    "P3": ("预算不得超过单元上限", "a budget must not exceed its cell's maximum"),
    "P4": ("预算必须为 0 或不低于单元下限", "a budget must be 0 or at least its cell's minimum"),
    "P5": ("每条限制必须成立", "every limit must hold"),
    "P6": ("单元不得重复，系数每单元一个整数", "cells must be distinct, coefficients one integer per cell"),
    "P7": ("曲线须为等长整数列，从下限升到上限", "tables must be integers rising from minimum to maximum"),
    "P8": ("动作必须与数字一致，FAIL 单元不得加", "actions must agree with the numbers; FAIL never rises"),
    "P9": ("锁定的单元必须等于锁定值", "a fixed cell must get its fixed spend"),
    "P10": ("预算必须是步长的整数倍", "a budget must be a multiple of the step"),
    "P11": ("没有曲线的单元不得投放", "a cell without a curve must get nothing"),
    "P12": ("预期必须等于曲线上的值", "expectations must equal the curve's values"),
    "P13": ("证明中的目标值必须等于计划的目标值", "the certificate's value must equal the plan's"),
    "P14": ("上界与差距必须由非负乘子推出", "bound and gap must follow from non-negative multipliers"),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan breaks, where, and what was found."""

    rule: str
    place: str
    found: str

    def pick(self, language: str) -> str:
        """One line in "zh" or "en"."""
        law_zh, law_en = LAWS[self.rule]
        return f"{self.rule} {self.place}: {law_zh if language == 'zh' else law_en} ({self.found})"


def check(plan: Mapping[str, Any]) -> tuple[Violation, ...]:
    """Every rule the plan breaks. A plan too malformed to judge breaks P0; this function never raises."""
    try:
        form = tuple(_form(plan))
        return form or tuple(_rules(plan))
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError, IndexError, RecursionError) as error:
        return (Violation("P0", "plan", f"{type(error).__name__}: {error}"),)


def _rules(plan: Mapping[str, Any]) -> Iterator[Violation]:
    yield from _totals(plan)
    for i, cell in enumerate(plan["cells"]):
        yield from _range(cell, i, plan["step_fen"])
        yield from _action(cell, i, plan["step_fen"])
    if any(_outside(cell) for cell in plan["cells"]):
        return  # measures of a spend outside its table do not exist; P3, P4 or P11 has said so
    for i, cell in enumerate(plan["cells"]):
        yield from _expectations(cell, i)
    yield from _limits(plan)
    yield from _certificate(plan)


def _form(plan: Mapping[str, Any]) -> Iterator[Violation]:
    """P0, P1, P6, P7: everything the other rules take for granted."""
    if plan["schema"] != SCHEMA:
        yield Violation("P0", "schema", str(plan["schema"]))
    for key in ("budget_fen", "planned_fen", "step_fen"):
        if not _whole(plan[key]) or plan[key] < (1 if key == "step_fen" else 0):
            yield Violation("P1", key, repr(plan[key]))
    n, seen = len(plan["cells"]), set()
    for i, cell in enumerate(plan["cells"]):
        name = (str(cell["segment"]), str(cell["slot"]), str(cell["lever"]))
        if name in seen:
            yield Violation("P6", f"cells[{i}]", " × ".join(name))
        seen.add(name)
        yield from _amounts_form(cell, i)
        yield from _table_form(cell, i)
    for limit in plan["limits"]:
        yield from _limit_form(limit, n)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _amounts_form(cell: Mapping[str, Any], i: int) -> Iterator[Violation]:
    for key in ("budget_fen", "expected_gmv_fen", "expected_net_fen", "p10_net_fen"):
        if not _whole(cell[key]) or (key == "budget_fen" and cell[key] < 0):
            yield Violation("P1", f"cells[{i}].{key}", repr(cell[key]))
    for key in ("yesterday_fen", "fixed_fen", "minimum_fen", "maximum_fen"):
        if cell[key] is not None and (not _whole(cell[key]) or cell[key] < 0):
            yield Violation("P1", f"cells[{i}].{key}", repr(cell[key]))


def _table_form(cell: Mapping[str, Any], i: int) -> Iterator[Violation]:
    curve, ends = cell["curve"], [cell["minimum_fen"], cell["maximum_fen"]]
    if curve is None:
        if ends != [None, None]:
            yield Violation("P7", f"cells[{i}].curve", f"null, {ends}")
        return
    lengths = {len(curve[name]) for name in COLUMNS}
    if len(lengths) != 1 or not all(_whole(value) for name in COLUMNS for value in curve[name]):
        yield Violation("P7", f"cells[{i}].curve", f"lengths {sorted(lengths)}")
        return
    spend = curve["spend_fen"]
    rising = bool(spend) and spend[0] > 0 and all(low < high for low, high in pairwise(spend))
    if not rising or [spend[0], spend[-1]] != ends:
        yield Violation("P7", f"cells[{i}].curve", f"spend {spend[:2]} ... {spend[-1:]}, range {ends}")


def _limit_form(limit: Mapping[str, Any], n: int) -> Iterator[Violation]:
    for measure in MEASURES:
        column = limit[measure]
        listed = isinstance(column, list) and len(column) == n and all(_whole(value) for value in column)
        if not (column is None or _whole(column) or listed):
            yield Violation("P6", f"limits[{limit['key']}]", measure)
    if not _whole(limit["rhs"]):
        yield Violation("P0", f"limits[{limit['key']}].rhs", repr(limit["rhs"]))


def _totals(plan: Mapping[str, Any]) -> Iterator[Violation]:
    total = sum(cell["budget_fen"] for cell in plan["cells"])
    if total > plan["budget_fen"]:
        yield Violation("P2", "budget_fen", f"{total} > {plan['budget_fen']}")
    if total != plan["planned_fen"]:
        yield Violation("P2", "planned_fen", f"{total} != {plan['planned_fen']}")


def _range(cell: Mapping[str, Any], i: int, step: int) -> Iterator[Violation]:
    place, budget, fixed = f"cells[{i}]", cell["budget_fen"], cell["fixed_fen"]
    if budget % step:
        yield Violation("P10", place, f"{budget} % {step}")
    if fixed is not None and budget != fixed:
        yield Violation("P9", place, f"{budget} != {fixed}")
    if budget and cell["curve"] is None:
        yield Violation("P11", place, str(budget))
    elif budget and budget > cell["maximum_fen"]:
        yield Violation("P3", place, f"{budget} > {cell['maximum_fen']}")
    elif budget and budget < cell["minimum_fen"]:
        yield Violation("P4", place, f"{budget} < {cell['minimum_fen']}")


def _outside(cell: Mapping[str, Any]) -> bool:
    budget = cell["budget_fen"]
    return bool(budget) and (cell["curve"] is None or not cell["minimum_fen"] <= budget <= cell["maximum_fen"])


def _action(cell: Mapping[str, Any], i: int, step: int) -> Iterator[Violation]:
    """P8. A change of less than a step is a hold: observed costs are not on the step grid."""
    action, budget, yesterday = cell["action"], cell["budget_fen"], cell["yesterday_fen"] or 0
    possible = {
        "pause": budget == 0,
        "test": budget > 0,
        "start": budget > 0 and yesterday == 0,
        "hold": budget > 0 and yesterday > 0 and abs(budget - yesterday) < step,
        "raise": yesterday > 0 and budget > yesterday,
        "cut": 0 < budget < yesterday,
    }
    rises = action in ("raise", "start") and cell["fixed_fen"] is None
    if not possible.get(action, False) or (cell["grade"] == "FAIL" and rises):
        yield Violation("P8", f"cells[{i}]", f"{cell['grade']} {action}: {yesterday} -> {budget}")


def _at(curve: Mapping[str, Any] | None, column: str, spend: int) -> Fraction:
    """A measure at ``spend``, which is 0 or inside the table."""
    if not spend or curve is None:
        return Fraction(0)
    x, y = curve["spend_fen"], curve[column]
    k = bisect_left(x, spend)
    if x[k] == spend:
        return Fraction(y[k])
    return Fraction(y[k - 1]) + Fraction((y[k] - y[k - 1]) * (spend - x[k - 1]), x[k] - x[k - 1])


def _expectations(cell: Mapping[str, Any], i: int) -> Iterator[Violation]:
    curve, spend = cell["curve"], cell["budget_fen"]
    net = round(_at(curve, "value_micro", spend) / MICRO_PER_FEN - spend)
    gmv = round(_at(curve, "gmv_micro", spend) / MICRO_PER_FEN)
    for key, want in (("expected_net_fen", net), ("expected_gmv_fen", gmv)):
        if cell[key] != want:
            yield Violation("P12", f"cells[{i}].{key}", f"{cell[key]} != {want}")
    orders = _at(curve, "orders_micro", spend) / MICRO
    if not _close(cell["expected_orders"], orders):
        yield Violation("P12", f"cells[{i}].expected_orders", f"{cell['expected_orders']} != {float(orders)}")


def _close(stored: Any, exact: Fraction) -> bool:  # noqa: ANN401  whatever the file holds
    if isinstance(stored, bool) or not isinstance(stored, int | float) or not math.isfinite(stored):
        return False
    return abs(Fraction(stored) - exact) <= ROUNDING * max(Fraction(1), abs(exact))


def _coefficient(column: int | list[int] | None, i: int) -> int:
    if column is None:
        return 0
    return column[i] if isinstance(column, list) else column


def _use(limit: Mapping[str, Any], cell: Mapping[str, Any], i: int, spend: int) -> Fraction:
    """What cell i uses of a limit at ``spend``."""
    if not spend:
        return Fraction(0)
    left = Fraction(_coefficient(limit["spend"], i) * spend + _coefficient(limit["active"], i))
    for measure in ("orders", "gmv"):
        if coefficient := _coefficient(limit[measure], i):
            left += coefficient * _at(cell["curve"], f"{measure}_micro", spend)
    return left


def _limits(plan: Mapping[str, Any]) -> Iterator[Violation]:
    for limit in plan["limits"]:
        used = sum((_use(limit, cell, i, cell["budget_fen"]) for i, cell in enumerate(plan["cells"])), Fraction(0))
        if used > limit["rhs"]:
            yield Violation("P5", f"limits[{limit['key']}]", f"{float(used):.6f} > {limit['rhs']}")


def _certificate(plan: Mapping[str, Any]) -> Iterator[Violation]:
    stored = plan["certificate"]
    value = math.floor(sum(_at(cell["curve"], "objective_micro", cell["budget_fen"]) for cell in plan["cells"]))
    if stored["value_micro"] != value or not _close(stored["value"], Fraction(value, MICRO)):
        yield Violation("P13", "certificate.value", f"{stored['value_micro']} != {value}")
    prices = {key: Fraction(text) for key, text in stored["multipliers"].items()}
    unknown = set(prices) - {limit["key"] for limit in plan["limits"]}
    if unknown or any(price < 0 for price in prices.values()):
        yield Violation("P14", "certificate.multipliers", f"unknown {sorted(unknown)} or negative")
        return
    bound = math.ceil(_bound(plan, prices))
    if stored["bound_micro"] != bound or not _close(stored["bound"], Fraction(bound, MICRO)):
        yield Violation("P14", "certificate.bound", f"{stored['bound_micro']} != {bound}")
    gap = Fraction(bound - value, bound) if bound > 0 else Fraction(0)
    if value > bound or not _close(stored["gap"], gap):
        yield Violation("P14", "certificate.gap", f"{stored['gap']} != {float(gap)}")


def _bound(plan: Mapping[str, Any], prices: Mapping[str, Fraction]) -> Fraction:
    """The Lagrangian bound at these prices; with one common denominator the inner maximum is over integers."""
    common = math.lcm(*(price.denominator for price in prices.values()))
    priced = [(int(prices[limit["key"]] * common), limit) for limit in plan["limits"] if prices.get(limit["key"])]
    bound = Fraction(sum(weight * limit["rhs"] for weight, limit in priced))
    for i, cell in enumerate(plan["cells"]):
        if (fixed := cell["fixed_fen"]) is not None:
            charge = sum(weight * _use(limit, cell, i, fixed) for weight, limit in priced)
            bound += common * _at(cell["curve"], "objective_micro", fixed) - charge
        elif cell["curve"] is not None:
            bound += max(0, _best(cell["curve"], i, priced, common))
    return bound / common


def _best(curve: Mapping[str, Any], i: int, priced: list[tuple[int, Mapping[str, Any]]], common: int) -> int:
    """The most that an active cell adds, times ``common``; linear pieces have their maximum at a point."""
    weights = {
        measure: sum(weight * _coefficient(limit[measure], i) for weight, limit in priced) for measure in MEASURES
    }
    points = zip(*(curve[name] for name in ("objective_micro", "spend_fen", "orders_micro", "gmv_micro")), strict=True)
    most = max(
        common * objective - weights["spend"] * spend - weights["orders"] * orders - weights["gmv"] * gmv
        for objective, spend, orders, gmv in points
    )
    return int(most - weights["active"])


def main(argv: list[str] | None = None) -> int:
    """Prints the violations of a plan file; 0 when there are none."""
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) != 1:
        print("usage: python -m adspend.checker plan.json", file=sys.stderr)
        return 2
    with open(arguments[0], encoding="utf-8") as file:  # noqa: PTH123  one import fewer to trust
        violations = check(json.load(file))
    for violation in violations:
        print(violation.pick("en"))
    print(f"{len(violations)} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
