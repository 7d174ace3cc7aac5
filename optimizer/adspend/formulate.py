"""From a shop, its curves and its history to the allocation problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from adspend.allocation import Allocation
from adspend.caps import CellRange
from adspend.limits import shop_limits
from adspend.live_limits import live_limits
from adspend.measures import broken
from adspend.money import fen
from adspend.objectives import cell_objectives, option_objectives
from adspend.planned_test import Test
from adspend.problem import MICRO_PER_FEN, Ints, Problem, Table
from adspend.shop import Shop
from adspend.solve import allocate
from adspend.tabulate import tabulate
from adspend.value_curves import ValueCurves
from adspend_datasets.errors import NoPlanError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Formulation:
    """The problem, which of its cells are tests, and a plan that choosing the tests has shown to be feasible."""

    problem: Problem
    tests: frozenset[int]
    known: tuple[int, ...] | None = None  # a plan already known to meet every limit


def locked_spends(shop: Shop) -> dict[int, int]:
    """Cell index -> budget (fen) that a person has decided."""
    where = {(cell.segment, cell.slot): i for i, cell in enumerate(shop.grid)}
    return {where[lock.segment, lock.slot]: fen(lock.budget) for lock in shop.locks}


def formulate(
    shop: Shop,
    curves: ValueCurves,
    ranges: Sequence[CellRange],
    tests: Sequence[Test],
    solver: Callable[..., Allocation] = allocate,
) -> Formulation:
    """The day's problem with as many of the proposed tests as the limits allow, the rest of the money free to earn."""
    spends = {test.index: test.spend_fen for test in tests}
    tested = _problem(shop, curves, ranges, spends)
    known = (_tests_alone(tested) or _plan_with_most_tests(tested, spends, solver)) if spends else None
    chosen = {i: spend for i, spend in spends.items() if known is not None and known[i]}
    problem = tested if chosen == spends else _problem(shop, curves, ranges, chosen)
    return Formulation(problem=problem, tests=frozenset(chosen), known=known)


def _problem(shop: Shop, curves: ValueCurves, ranges: Sequence[CellRange], tests: dict[int, int]) -> Problem:
    """The problem in which locks and tests are fixed."""
    fixed = np.full(len(ranges), -1, dtype=np.int64)
    for i, spend in {**tests, **locked_spends(shop)}.items():
        fixed[i] = spend
    points = [_points(shop, curves, i, int(fixed[i]), cell_range) for i, cell_range in enumerate(ranges)]
    live = live_limits(shop, curves.cells)
    return Problem(
        cells=curves.cells,
        tables=(*cell_objectives(shop, tabulate(curves, points)), *option_objectives(shop, live.tables)),
        limits=live.limits(shop_limits(shop, curves.cells)),
        step_fen=shop.step_fen,
        fixed=np.concatenate([fixed, np.full(len(live.options), -1, dtype=np.int64)]),
        options=tuple(live.options),
    )


def _points(shop: Shop, curves: ValueCurves, i: int, fixed: int, cell_range: CellRange) -> Ints | None:
    if fixed >= 0:
        return np.array([fixed], dtype=np.int64) if fixed else None
    if not cell_range.is_open:
        return None
    return curves.spend_points(i, cell_range.minimum_fen, cell_range.most_fen, shop.step_fen)


def _tests_alone(problem: Problem) -> tuple[int, ...] | None:
    """What is fixed and nothing else, where that is a plan: mostly no limit asks for more, and no solve is needed."""
    plan = tuple(np.maximum(problem.fixed, 0).tolist())
    return None if broken(problem, plan) else plan


def _plan_with_most_tests(
    problem: Problem, tests: dict[int, int], solver: Callable[..., Allocation]
) -> tuple[int, ...] | None:
    """A plan within all limits that spends as much as possible on the tests; None where locks alone conflict."""
    fixed = problem.fixed.copy()
    tables: list[Table | None] = []
    for i, table in enumerate(problem.tables):
        if i in tests:
            fixed[i] = -1
        reward = MICRO_PER_FEN if i in tests else 0
        tables.append(None if table is None else replace(table, objective=table.spend * reward))
    try:
        return solver(replace(problem, tables=tuple(tables), fixed=fixed)).spend
    except NoPlanError:
        return None  # the day's own solve says so in its own words
