"""Allocating a budget: relaxation, core MIP, repair, and the gap that proves how good the answer is.

1. The LP relaxation gives the bound and the limits' prices.
2. The core MIP decides exactly over the cells where the relaxation hesitates; small problems are all core.
3. The answer is brought to whole steps that break no limit, checked in exact arithmetic.
4. While the certified gap is above the target and the core can grow, it grows.
5. "Infeasible" and "out of time" are a solver's claims: before there is no plan, the plan that oversteps the limits
   least is sought, and only when it oversteps one in exact arithmetic is the conflict explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from adspend.allocation import Allocation, Termination
from adspend.bound import lagrangian_bound
from adspend.infeasible import conflict, explain_infeasible
from adspend.measures import MEASURES, Floats, Grid, exact, grid, total
from adspend.problem import Problem, Table
from adspend.repair import repair
from adspend.solver.core import choose_core, solve_core
from adspend.solver.highs import Outcome
from adspend.solver.relaxation import Relaxation, relax
from adspend_datasets.text import Text

ROUNDED_WORDS = Text(
    "凹包线性松弛，取整后修复（松弛几乎全为整数，无需整数规划）",
    "concave-envelope LP, rounded and repaired (the relaxation was all but integral: no MIP needed)",
)

GREEDY_WORDS = Text(
    "按边际回报取整分配：求解器未在时限内给出答案", "rounded by marginal return: the solver gave no answer in time"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveSettings:
    """How hard to try. ``core_sizes`` are tried in turn while the certified gap exceeds ``target_gap``.

    16 cells recovered all that a fractional-only core lost on 48-cell shops; the larger core is for tight coupling.
    """

    target_gap: float = 1e-4
    core_sizes: tuple[int, ...] = (16, 48)
    all_core_up_to: int = 12  # problems this small are solved whole, to gap 0
    time_limit: float = 20.0  # seconds for each model


def allocate(
    problem: Problem, settings: SolveSettings | None = None, *, known: Sequence[int] | None = None
) -> Allocation:
    """The best spends for a problem, with the prices of its limits.

    Args:
        problem: cells, tables and limits.
        settings: how hard to try.
        known: a plan known to be feasible, if any; the answer is never worse.

    Raises:
        NoPlanError: no plan meets the limits; the faults name the conflict and the smallest change.
    """
    settings = settings or SolveSettings()
    problem = pinned(problem)
    arrays = grid(problem)
    relaxation = relax(problem, arrays, time_limit=settings.time_limit)
    if relaxation is None:
        best = _greedy(problem, arrays, [known or np.zeros(len(problem.cells))])
    else:
        best = _from_relaxation(problem, arrays, relaxation, known, settings)
    if best is None:
        found = conflict(problem, arrays, time_limit=settings.time_limit)
        best = _greedy(problem, arrays, [found.spend])
        if best is None:
            raise explain_infeasible(problem, found)
    return best


def _from_relaxation(
    problem: Problem, arrays: Grid, relaxation: Relaxation, known: Sequence[int] | None, settings: SolveSettings
) -> Allocation | None:
    """The best of the rounded relaxation and the core MIPs; the core is everything in small problems."""
    best = _rounded(problem, arrays, relaxation, known)
    bound = lagrangian_bound(problem, relaxation.prices)
    open_cells = sum(table is not None for table in problem.tables) - int((problem.fixed > 0).sum())
    whole = open_cells <= settings.all_core_up_to
    for size in () if open_cells == 0 else (open_cells,) if whole else settings.core_sizes:
        if best is not None and not whole and _gap(problem, best, bound) <= settings.target_gap:
            break
        best = _better(problem, best, _from_core(problem, arrays, relaxation, size, settings, whole=whole))
    return best


def _greedy(problem: Problem, arrays: Grid, starts: Sequence[Sequence[int] | Floats]) -> Allocation | None:
    """The answer where no relaxation came back: repaired starts without prices, so the certified gap is wide."""
    free = (Fraction(0),) * len(problem.limits)
    return _best_repaired(problem, arrays, [np.asarray(x, dtype=np.float64) for x in starts], free, GREEDY_WORDS)


def pinned(problem: Problem) -> Problem:
    """The same problem with each fixed cell's table cut down to its one spend.

    Measures between two points are rounded to the micro-unit, so that every later step works on whole numbers.
    """
    tables = list(problem.tables)
    for i, (table, spend) in enumerate(zip(problem.tables, problem.fixed.tolist(), strict=True)):
        if spend >= 0:
            tables[i] = None if spend == 0 or table is None else _point(table, spend)
    return replace(problem, tables=tuple(tables))


def _point(table: Table, spend: int) -> Table:
    measures = {name: np.array([round(exact(table, name, spend))], dtype=np.int64) for name in MEASURES}
    return Table(spend=np.array([spend], dtype=np.int64), **measures)


def _gap(problem: Problem, allocation: Allocation, bound: Fraction) -> float:
    return float(bound - total(problem, "objective", allocation.spend)) / max(float(bound), 1.0)


def _better(problem: Problem, first: Allocation | None, second: Allocation | None) -> Allocation | None:
    if first is None or second is None:
        return first or second
    ahead = total(problem, "objective", second.spend) >= total(problem, "objective", first.spend)
    return second if ahead else first


def _rounded(problem: Problem, arrays: Grid, relaxation: Relaxation, known: Sequence[int] | None) -> Allocation | None:
    """The relaxation's mean spend per cell, rounded and repaired: the answer that needs no integer solver."""
    spends: list[Floats] = [
        (relaxation.weight * arrays.spend).sum(axis=1) * (relaxation.weight.sum(axis=1) > 0.5),
        np.take_along_axis(arrays.spend, relaxation.weight.argmax(axis=1)[:, None], axis=1)[:, 0]
        * (relaxation.weight.max(axis=1) > 0.5),
        np.zeros(len(problem.cells)),  # fixed cells only: feasible whenever no limit asks for more
    ]
    if known is not None:
        spends.append(np.array(known, dtype=np.float64))
    words = Text("各单元预算已由测试与锁定决定", "every budget is decided by tests and locks")
    if (problem.fixed < 0).any():
        words = ROUNDED_WORDS
    return _best_repaired(problem, arrays, spends, relaxation.prices, words)


def _best_repaired(
    problem: Problem, arrays: Grid, starts: Sequence[Floats], prices: tuple[Fraction, ...], words: Text
) -> Allocation | None:
    found = None
    for start in starts:
        plan = repair(problem, arrays, start)
        if plan is not None:
            rounded = Allocation(spend=plan, multipliers=prices, termination=Termination.ROUNDED, formulation=words)
            found = _better(problem, found, rounded)
    return found


def _from_core(
    problem: Problem, arrays: Grid, relaxation: Relaxation, size: int, settings: SolveSettings, *, whole: bool
) -> Allocation | None:
    core = choose_core(problem, arrays, relaxation, size)
    gap = 0.0 if whole else settings.target_gap / 2
    answer = solve_core(problem, arrays, relaxation, core, time_limit=settings.time_limit, gap=gap)
    if answer is None:
        return None
    spend = repair(problem, arrays, answer.spend)
    if spend is None:
        return None
    optimal = answer.outcome is Outcome.OPTIMAL
    return Allocation(
        spend=spend,
        multipliers=relaxation.prices,
        termination=Termination.OPTIMAL if optimal else Termination.TIME_LIMIT,
        formulation=_formulation(int(core.sum()), whole=whole, optimal=optimal),
    )


def _formulation(core: int, *, whole: bool, optimal: bool) -> Text:
    late = (
        Text("", "") if optimal else Text("；到时限，取已得最好解", "; stopped at the time limit with the best found")
    )
    if whole:
        return Text(
            f"整体混合整数规划（{core} 个单元足够小，精确求解）{late.zh}",
            f"one MIP over all {core} open cells (few enough to solve exactly){late.en}",
        )
    return Text(
        f"凹包线性松弛定界，{core} 个犹豫单元用混合整数规划精确求解{late.zh}",
        f"concave-envelope LP for the bound, then a MIP over the {core} cells where it hesitates{late.en}",
    )
