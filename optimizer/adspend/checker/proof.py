"""The certificate: any non-negative prices bound every plan, and so do cases that cover every plan.

Notation: cell or option i spends x_i fen; limit r holds when its use, summed over i, is at most rhs_r; p_r >= 0.

    bound(p) = sum_r p_r rhs_r + sum_i max_s (objective_i(s) - sum_r p_r (what i uses of limit r at s)),

s over 0 and the table's points (the fixed spend alone where there is one): linear pieces have their maximum at an end.
A case holds some x_i between two of their points and bounds the plans in it by prices of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .form import MEASURES, fits
from .laws import Violation, broken

MICRO = 1_000_000
Differ = Callable[[str, str, float, int | Fraction], Iterator[Violation]]
Ranges = dict[int, tuple[int, int]]  # index -> least and most spend


def certificate(plan: Mapping[str, Any], value: int, differ: Differ) -> Iterator[Violation]:
    """P14, P15: bound and gap follow from the prices and cases."""
    stored = plan["certificate"]
    branches = stored["branches"] or {"vectors": [], "tree": [[0]]}
    vectors, keys = [stored["multipliers"], *branches["vectors"]], {limit["key"] for limit in plan["limits"]}
    wrong = [key for prices in vectors for key in prices if key not in keys or not fits("price", prices[key])]
    if wrong:
        yield broken("P14", "certificate.multipliers", f"{wrong!r:.60}")
        return
    cases = _cases(plan, branches["tree"], len(vectors))
    if isinstance(cases, str):
        yield broken("P15", "certificate.branches", cases)
        return
    priced = [_Priced(plan, {key: Fraction(text) for key, text in prices.items()}) for prices in vectors]
    bound = math.ceil(max(priced[vector].bound(ranges) for vector, ranges in cases))
    yield from differ("P14", "certificate.bound_micro", stored["bound_micro"], bound)
    yield from differ("P14", "certificate.bound", stored["bound"], Fraction(bound, MICRO))
    gap = Fraction(bound - value, abs(bound)) if bound else Fraction(0)
    yield from differ("P14", "certificate.gap", stored["gap"], gap)
    if value > bound:
        yield broken("P14", "certificate", f"{value} > {bound}")


def _cases(plan: Mapping[str, Any], tree: Sequence[Sequence[int]], vectors: int) -> list[tuple[int, Ranges]] | str:
    """The cases with their ranges, or what is wrong with the tree.

    Rows stand before what follows them: ``[vector]``, or ``[index, most, least]`` and then its two sides, "at most
    ``most``" first.
    """
    items, cases, waiting = [*plan["cells"], *plan["options"]], [], [Ranges()]
    for row in tree:
        if not waiting or len(row) not in (1, 3):
            return f"{row!r:.60}"
        ranges = waiting.pop()
        if len(row) == 1:
            if not 0 <= row[0] < vectors:
                return f"no prices {row[0]}"
            cases.append((row[0], ranges))
        else:
            index, most, least = row
            if not (0 <= index < len(items) and _splits(items[index], most, least, plan["step_fen"])):
                return f"{row!r:.60} does not split"
            low, high = ranges.get(index, (0, items[index]["maximum_fen"]))
            waiting.append({**ranges, index: (max(low, least), high)})
            waiting.append({**ranges, index: (low, min(high, most))})
    return "the tree is not finished" if waiting else cases


def _splits(item: Mapping[str, Any], most: int, least: int, step: int) -> bool:
    """Whether every spend an item may take is at most ``most`` or at least ``least``, and both are its points."""
    if item["curve"] is None or item["fixed_fen"] is not None:
        return False
    points = item["curve"]["spend_fen"]
    if most == 0:
        return bool(least == points[0])
    return most in points and least in points and (most // step + 1) * step >= least


class _Priced:
    """What every item nets at one price vector, times the prices' common denominator: integers."""

    def __init__(self, plan: Mapping[str, Any], prices: Mapping[str, Fraction]) -> None:
        self.items = [*plan["cells"], *plan["options"]]
        self.common = math.lcm(*(price.denominator for price in prices.values()))
        rows = [
            (int(self.common * prices[limit["key"]]), limit) for limit in plan["limits"] if prices.get(limit["key"])
        ]
        self.rhs = sum(weight * limit["rhs"] for weight, limit in rows)
        self.charges = [_charges(rows, i) for i in range(len(self.items))]
        self.nets = [self._nets(i) for i in range(len(self.items))]
        self.best = [max(net for _, net in nets) for nets in self.nets]
        self.total = self.rhs + sum(self.best)

    def bound(self, ranges: Ranges) -> Fraction:
        """The bound in one case; an item without a point within its range counts at its best: still a bound."""
        change: int | Fraction = 0
        for i, (low, high) in ranges.items():
            change += max((net for x, net in self.nets[i] if low <= x <= high), default=self.best[i]) - self.best[i]
        return Fraction(self.total + change) / self.common

    def _nets(self, i: int) -> list[tuple[int, int | Fraction]]:
        """(spend, net) at each spend that may be best."""
        curve, fixed, charges = self.items[i]["curve"], self.items[i]["fixed_fen"], self.charges[i]
        if fixed is not None:
            return [(fixed, self._net_between(curve, fixed, charges))]
        nets: list[tuple[int, int | Fraction]] = [(0, 0)]
        if curve is not None:
            net = [self.common * value - charges.get("active", 0) for value in curve["objective_micro"]]
            for name, charge in charges.items():
                column = _column(curve, name)
                if column is not None:
                    net = [have - charge * measure for have, measure in zip(net, column, strict=True)]
            nets += zip(curve["spend_fen"], net, strict=True)
        return nets

    def _net_between(self, curve: Mapping[str, Any] | None, spend: int, charges: Mapping[str, int]) -> int | Fraction:
        """The net at a fixed spend, which may lie between two points."""
        if curve is None or spend == 0:
            return 0
        x = curve["spend_fen"]
        k = next(k for k, point in enumerate(x) if point >= spend)
        low = Fraction(x[k] - spend, x[k] - x[k - 1]) if spend < x[k] else Fraction(0)

        def at(column: Sequence[int]) -> Fraction:
            return column[k] + low * (column[k - 1] - column[k])

        net = self.common * at(curve["objective_micro"]) - charges.get("active", 0)
        for name, charge in charges.items():
            column = _column(curve, name)
            net -= charge * at(column) if column is not None else 0
        return net


def _charges(rows: Sequence[tuple[int, Mapping[str, Any]]], i: int) -> dict[str, int]:
    """What item i pays per unit of each measure."""
    charges: dict[str, int] = {}
    for weight, limit in rows:
        for name, column in ({name: limit[name] for name in MEASURES} | limit["more"]).items():
            coefficient = column[i] if isinstance(column, list) else column or 0
            if coefficient:
                charges[name] = charges.get(name, 0) + weight * coefficient
    return charges


def _column(curve: Mapping[str, Any], name: str) -> Sequence[int] | None:
    """A measure's values at the points; None where there are none to charge by (``active``, or not in this table)."""
    found: Sequence[int] | None = curve["more"].get(name)
    if name in ("spend", "orders", "gmv"):
        found = curve["spend_fen" if name == "spend" else f"{name}_micro"]
    return found
