"""Valid plan documents (``adspend.plan/2``) made without the engine: plans found by chance, honestly told.

A ``Draft`` is what a document is made from, so that a test can change one thing (a limit, a table, a price) and have
everything else follow; ``random_draft`` makes one. Any prices of 0 or more give a valid certificate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from adspend.problem import MICRO, MICRO_PER_FEN, Ints, Limit, Problem, Table
from oracles.brute_force import NOTHING, Measures, choices, feasible, lagrangian, measures, usage

TEXT = {"zh": "示例", "en": "example"}
PRICE_SCALES = {"spend": 20_000, "orders": 200, "gmv": 2, "active": 10**9}  # 2 yuan a yuan, 200 an order, 1000 a cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What a document says of a cell besides its numbers."""

    action: str
    yesterday_fen: int | None
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """A plan and what its document says of it; ``prices`` are micro-yuan per unit of a limit, by its key."""

    problem: Problem
    spend: tuple[int, ...]
    habits: tuple[Habit, ...]
    prices: Mapping[str, Fraction]
    budget_fen: int

    def document(self) -> dict[str, Any]:
        """The document as JSON values, in the order of the schema."""
        return {
            "schema": "adspend.plan/2",
            "shop": "示例旗舰店",
            "currency": "CNY",
            "date": "2026-11-23",
            "seed": 0,
            "stage": TEXT,
            "budget_fen": self.budget_fen,
            "planned_fen": sum(self.spend),
            "step_fen": self.problem.step_fen,
            "break_even_roi": 2.5,
            "formulation": TEXT,
            "cells": [self._cell(i) for i in range(len(self.spend))],
            "options": [],
            "limits": [_limit(limit) for limit in self.problem.limits],
            "certificate": self._certificate(),
            **{key: [] for key in ("binding", "comparisons", "frontier", "notices", "inputs")},
            "versions": {},
        }

    def measures(self, i: int) -> Measures:
        """What cell i does at its planned spend; nothing where its table has no such spend."""
        table, spend = self.problem.tables[i], self.spend[i]
        known = table is not None and table.minimum <= spend <= table.maximum
        return measures(table, spend) if known else NOTHING

    def _cell(self, i: int) -> dict[str, Any]:
        cell, table, fixed, at = self.problem.cells[i], self.problem.tables[i], self.problem.fixed[i], self.measures(i)
        return {
            "segment": cell.segment,
            "slot": cell.slot,
            "lever": cell.lever,
            "action": self.habits[i].action,
            "budget_fen": self.spend[i],
            "yesterday_fen": self.habits[i].yesterday_fen,
            "fixed_fen": None if fixed < 0 else int(fixed),
            "minimum_fen": None if table is None else table.minimum,
            "maximum_fen": None if table is None else table.maximum,
            "expected_orders": float(at.orders / MICRO),
            "expected_gmv_fen": round(at.gmv / MICRO_PER_FEN),
            "expected_net_fen": round(at.value / MICRO_PER_FEN - at.spend),
            "p10_net_fen": 0,
            "marginal_return": None,
            "grade": self.habits[i].grade,
            "grade_reasons": [],
            "limits": [],
            "reason": TEXT,
            "curve": None if table is None else _curve(table),
            "chart": None,
        }

    def _certificate(self) -> dict[str, Any]:
        value = math.floor(sum((self.measures(i).objective for i in range(len(self.spend))), Fraction(0)))
        bound = math.ceil(lagrangian(self.problem, self.prices))
        return {
            "value": value / MICRO,
            "bound": bound / MICRO,
            "gap": (bound - value) / abs(bound) if bound else 0.0,
            "value_micro": value,
            "bound_micro": bound,
            "multipliers": {key: str(price) for key, price in self.prices.items()},
            "branches": None,
        }


def _curve(table: Table) -> dict[str, Any]:
    columns = {"objective": table.objective, "value": table.value, "orders": table.orders, "gmv": table.gmv}
    own = {f"{key}_micro": column.tolist() for key, column in columns.items()}
    more = {name: column.tolist() for name, column in table.more.items()}
    return {"spend_fen": table.spend.tolist(), "more": more} | own


def _limit(limit: Limit) -> dict[str, Any]:
    columns = {"spend": limit.spend, "orders": limit.orders, "gmv": limit.gmv, "active": limit.active}
    more = {name: _column(column) for name, column in limit.more.items()}
    return {"key": limit.key, "name": TEXT, "unit": TEXT, "rhs": limit.rhs, "more": more} | {
        measure: _column(column) for measure, column in columns.items()
    }


def _column(column: Ints | None) -> int | list[int] | None:
    """One integer may stand for the same coefficient in every cell."""
    if column is not None and np.all(column == column[0]):
        return int(column[0])
    return None if column is None else [int(value) for value in column]


def random_draft(rng: np.random.Generator, problem: Problem) -> Draft | None:
    """A valid plan with random prices, actions and grades; None where chance finds no feasible plan."""
    spend = some_plan(rng, problem)
    if spend is None:
        return None
    budget = [limit.rhs for limit in problem.limits if limit.key == "budget"]
    return Draft(
        problem=problem,
        spend=spend,
        habits=tuple(
            random_habit(rng, x, problem.step_fen, locked=bool(problem.fixed[i] >= 0)) for i, x in enumerate(spend)
        ),
        prices={limit.key: random_price(rng, limit) for limit in problem.limits if rng.random() < 0.7},
        budget_fen=budget[0] if budget else sum(spend) + int(rng.integers(0, 2)),
    )


def some_plan(rng: np.random.Generator, problem: Problem) -> tuple[int, ...] | None:
    """A feasible plan by chance: one that spends something if it can be found, else the least that cells may spend."""
    options = [_some(rng, choices(problem, i)) for i in range(len(problem.cells))]
    uses = [np.array([_shares(problem, i, x) for x in spends]) for i, spends in enumerate(options)]
    room = np.array([limit.rhs / _scale(limit) for limit in problem.limits])
    starts = [[int(rng.integers(len(spends))) for spends in options], [0] * len(options)]
    for start in starts:
        picked = _descend(rng, uses, room, start)
        plan = tuple(spends[k] for spends, k in zip(options, picked, strict=True))
        if not feasible(problem, plan):
            return plan
    return None


def _descend(
    rng: np.random.Generator, uses: list[np.ndarray], room: np.ndarray, picked: list[int], changes: int = 300
) -> list[int]:
    """Random changes to one cell at a time, kept unless the limits are broken by more than before."""
    used = sum((uses[i][k] for i, k in enumerate(picked)), np.zeros(len(room)))
    for _ in range(changes):
        i = int(rng.integers(len(picked)))
        k = int(rng.integers(len(uses[i])))
        changed = used + uses[i][k] - uses[i][picked[i]]
        if np.maximum(changed - room, 0).sum() <= np.maximum(used - room, 0).sum():
            picked[i], used = k, changed
    return picked


def _some(rng: np.random.Generator, spends: list[int], most: int = 10) -> list[int]:
    """The least of the spends, and some of the others."""
    others = [int(x) for x in rng.permutation(spends[1:])[:most]]
    return [spends[0], *others]


def _shares(problem: Problem, i: int, spend: int) -> list[float]:
    """What cell i uses of each limit, on a scale common to all limits; floats, because this only guides the search."""
    at = measures(problem.tables[i], spend)
    return [float(usage(limit, i, at)) / _scale(limit) for limit in problem.limits]


def _scale(limit: Limit) -> float:
    columns = (limit.spend, limit.orders, limit.gmv, limit.active)
    return float(max(abs(limit.rhs), *(np.abs(column).max() for column in columns if column is not None), 1))


def random_habit(rng: np.random.Generator, spend: int, step_fen: int, *, locked: bool) -> Habit:
    """An action that agrees with the spend, with a yesterday and a grade that agree with the action."""
    close = max(1, spend - step_fen + 1), spend + step_fen
    yesterdays: dict[str, int | None] = {
        "test": int(rng.integers(0, 2 * spend + 1)),
        "start": None if rng.random() < 0.5 else 0,
        "hold": int(rng.integers(*close)),
        "cut": int(rng.integers(spend + 1, 3 * spend + 2)),
    }
    if spend > 1:
        yesterdays["raise"] = int(rng.integers(1, spend))
    if spend == 0:
        yesterdays = {"pause": None if rng.random() < 0.3 else int(rng.integers(0, 10 * step_fen))}
    action = str(rng.choice(sorted(yesterdays)))
    yesterday = yesterdays[action]
    trusted = spend > (yesterday or 0) and action != "test" and not locked
    grade = str(rng.choice(["PASS", "REVIEW"] if trusted else ["PASS", "REVIEW", "FAIL"]))
    return Habit(action=action, yesterday_fen=yesterday, grade=grade)


def random_price(rng: np.random.Generator, limit: Limit) -> Fraction:
    """A price of any size up to the most that a unit of the row can be worth; sometimes 0."""
    columns = {"spend": limit.spend, "orders": limit.orders, "gmv": limit.gmv, "active": limit.active}
    weights = {measure: int(np.abs(column).max()) for measure, column in columns.items() if column is not None}
    most = min((Fraction(PRICE_SCALES[key], weight) for key, weight in weights.items() if weight), default=Fraction(1))
    return most * Fraction(int(rng.integers(0, 1000)), int(rng.integers(1000, 2000)))


def hand_made_plan() -> dict[str, Any]:
    """One cell at 2 yuan, half-way between its table's points at 1 and 3; 2 yuan of budget at 0.4 yuan a yuan.

    Objective (1 + 1.6) / 2 = 1.3 yuan; value 3.3, so 1.3 net; GMV (5 + 9) / 2 = 7; orders (1 + 3) / 2 = 2.
    Bound: 2 * 0.4 + max(0, 1 - 0.4, 1.6 - 3 * 0.4) = 0.8 + 0.6 = 1.4 yuan. Gap: 0.1 / 1.4.
    """
    cell: dict[str, Any] = {"segment": "新客", "slot": "20:00-22:00", "lever": "", "action": "raise", "grade": "PASS"}
    cell |= {"budget_fen": 200, "yesterday_fen": 150, "fixed_fen": None, "minimum_fen": 100, "maximum_fen": 300}
    cell |= {"expected_orders": 2.0, "expected_gmv_fen": 700, "expected_net_fen": 130, "p10_net_fen": -20}
    cell |= {"marginal_return": 0.3}
    cell["curve"] = {
        "spend_fen": [100, 300],
        "objective_micro": [1_000_000, 1_600_000],
        "value_micro": [2_000_000, 4_600_000],
        "orders_micro": [1_000_000, 3_000_000],
        "gmv_micro": [5_000_000, 9_000_000],
        "more": {},
    }
    return {
        "schema": "adspend.plan/2",
        "date": "2026-11-23",
        "budget_fen": 200,
        "planned_fen": 200,
        "step_fen": 100,
        "cells": [cell],
        "options": [],
        "limits": [{"key": "budget", "rhs": 200, "spend": 1, "orders": None, "gmv": None, "active": None, "more": {}}],
        "certificate": {
            "value": 1.3,
            "bound": 1.4,
            "gap": 0.1 / 1.4,
            "value_micro": 1_300_000,
            "bound_micro": 1_400_000,
            "multipliers": {"budget": "4000"},
            "branches": None,
        },
    }
