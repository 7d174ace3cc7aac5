"""Allocating a budget: prices, a core, branch and bound, and the gap that proves how good the answer is.

1. The Lagrangian dual prices the limits and bounds every plan (``solver.dual``).
2. The cells that hesitate at these prices, and the points near to being chosen, make the core; other cells stay at
   their best point. Small problems are all core.
3. Branch and bound over the core's LP (``branch``) finds plans and the cases that prove how good they are; where much
   stays open, a MIP over a small core (``solver.core_mip``) looks for a better plan.
4. Every plan is brought to whole steps that break no limit, judged in exact arithmetic (``repair``).
5. Problems of a dozen cells are then solved to the step by the whole MIP (``solver.whole``).
6. "Infeasible" is a solver's claim: before there is no plan, the plan that oversteps the limits least is sought, and
   only when it oversteps one in exact arithmetic is the conflict explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from adspend.allocation import Allocation, Termination
from adspend.branch import Effort, Search, as_prices
from adspend.core import core_model, narrowed
from adspend.infeasible import conflict, explain_infeasible
from adspend.measures import Floats, Grid, grid, total
from adspend.pinned import pinned
from adspend.problem import Problem
from adspend.proof import Proof
from adspend.repair import repair, roundings, snap
from adspend.solver.core_mip import solve_core
from adspend.solver.dual import minimise_dual
from adspend.solver.whole import solve_whole
from adspend_datasets.text import Text

EXACT = 1e-8  # the gap asked for where the budget is the only limit: nodes then cost next to nothing
MUCH = 1e-3  # a gap after a quarter of the nodes that calls for a better plan, not only for a better bound
MIP_POINTS, MIP_NODES = 60, 200  # enough for published multiple-choice knapsacks, in about a second
LARGEST_CORE = 8000  # points of a search; beyond, the points nearest to being chosen have to do
LARGEST_TABLE, CLOSED = 200, 1e-9  # points of a table, and the gap, for which the whole MIP is asked for the last step
KEPT = 30.0  # gaps: points that lose up to this stay in the search, for a tighter proof than finding a plan needs


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveSettings:
    """How hard to try.

    ``columns`` bounds the first core's table points: enough that a core of them loses nothing measurable. A node
    costs in proportion to the cells, so ``nodes_for_48_cells`` is scaled to the problem's size.
    """

    target_gap: float = 1e-4
    columns: int = 1000
    nodes_for_48_cells: int = 600
    whole_up_to: int = 12  # cells: problems this small are solved to the step
    time_limit: float = 20.0  # seconds for a MIP that PuLP runs

    def nodes(self, size: int) -> int:
        """The nodes allowed for a problem of this size."""
        return max(20, self.nodes_for_48_cells * 48 // max(size, 48))


class _Best:
    """The best plan so far."""

    def __init__(self, problem: Problem, arrays: Grid) -> None:
        self.problem, self.arrays = problem, arrays
        self.spend: tuple[int, ...] | None = None
        self.value = Fraction(-(10**30))
        self.offered: set[bytes] = set()  # many weights round to the same plan

    def offer(self, spend: Sequence[int] | Floats) -> None:
        """Repairs a plan and keeps it when it is better."""
        start = snap(self.problem, self.arrays, np.asarray(spend, dtype=np.float64))
        if start.tobytes() in self.offered:
            return
        self.offered.add(start.tobytes())
        plan = repair(self.problem, self.arrays, start)
        if plan is not None:
            value = total(self.problem, "objective", plan)
            if value > self.value:
                self.spend, self.value = plan, value

    def improve(self, weight: Floats) -> float:
        """Offers what weights (n, K) round to; the best value, micro-yuan."""
        for start in roundings(weight, self.arrays.spend):
            self.offer(start)
        return float(self.value)


def allocate(
    problem: Problem, settings: SolveSettings | None = None, *, known: Sequence[int] | None = None
) -> Allocation:
    """The best spends for a problem, with the prices of its limits and the proof.

    Args:
        problem: cells, options, tables and limits.
        settings: how hard to try.
        known: a plan known to be feasible, if any; the answer is never worse.

    Raises:
        NoPlanError: no plan meets the limits; the faults name the conflict and the smallest change.
    """
    settings = settings or SolveSettings()
    problem = pinned(problem)
    arrays = grid(problem)
    best = _Best(problem, arrays)
    if known is not None:
        best.offer(known)
    search = _search(problem, arrays, best, settings) if arrays.points.any() else None
    if best.spend is None:
        best.offer(np.zeros(problem.size))  # fixed cells only: feasible whenever no limit asks for more
    if best.spend is None:
        found = conflict(problem, arrays, time_limit=settings.time_limit)
        best.offer(found.spend)
        if best.spend is None:
            raise explain_infeasible(problem, found)
    return _allocation(problem, best.spend, search, settings)


def _search(problem: Problem, arrays: Grid, best: _Best, settings: SolveSettings) -> Search:
    """Branch and bound on a core that can meet the limits, and the whole MIP where that is small."""
    dual = minimise_dual(arrays)
    model = core_model(arrays, dual.prices, settings.columns)
    search = Search(arrays, model, problem.step_fen, best.improve, prices=dual.prices)
    target = settings.target_gap if len(problem.limits) > 1 else min(settings.target_gap, EXACT)
    margin = KEPT * (search.root.bound - float(best.value))
    if 0 < margin < abs(search.root.bound) and not search.near(target):
        smaller = narrowed(arrays, search.root.prices, margin, LARGEST_CORE)
        if smaller is not None:
            search = Search(arrays, smaller, problem.step_fen, best.improve, prices=search.root.prices)
    if not search.near(target):
        _branch(arrays, search, best, settings, target)
    open_cells = int(((arrays.points > 0) & (problem.fixed < 0)).sum())
    small = 0 < open_cells <= settings.whole_up_to and arrays.points.max() <= LARGEST_TABLE
    if small and search.bound - float(best.value) > CLOSED * abs(search.bound):
        answer = solve_whole(problem, arrays, time_limit=settings.time_limit)
        if answer is not None:
            best.offer(answer.spend)
    return search


def _branch(arrays: Grid, search: Search, best: _Best, settings: SolveSettings, target: float) -> None:
    """Branches; where a first part of the nodes leaves much open, HiGHS's MIP over a small core looks for a plan."""
    nodes = settings.nodes(search.model.core.size)
    search.run(Effort(target_gap=target, nodes=nodes // 4))
    gap = search.bound - search.best
    if gap > min(MUCH, 1e3 * target) * abs(search.bound):
        margin = search.root.bound - search.best  # no better plan is outside it
        core = narrowed(arrays, search.root.prices, margin, MIP_POINTS)
        core = core or core_model(arrays, search.root.prices, MIP_POINTS)
        answer = solve_core(core, nodes=MIP_NODES, time_limit=settings.time_limit)
        if answer is not None:
            search.best = best.improve(core.spread(answer))
    search.run(Effort(target_gap=target, nodes=nodes))


def _allocation(problem: Problem, spend: tuple[int, ...], search: Search | None, settings: SolveSettings) -> Allocation:
    if search is None:
        words = Text("各单元预算已由测试与锁定决定", "every budget is decided by tests and locks")
        free = Proof(vectors=(as_prices(np.zeros(len(problem.limits))),))
        return Allocation(spend=spend, proof=free, termination=Termination.OPTIMAL, formulation=words)
    gap = (search.bound - float(total(problem, "objective", spend))) / max(abs(search.bound), 1.0)
    proof = search.proof()
    return Allocation(
        spend=spend,
        proof=proof,
        termination=Termination.OPTIMAL if gap <= settings.target_gap else Termination.NODE_LIMIT,
        formulation=_formulation(search, proof.leaves, near=gap <= settings.target_gap),
    )


def _formulation(search: Search, leaves: int, *, near: bool) -> Text:
    core, nodes = search.model.core.size, search.nodes
    cases = Text("一组价格即可证明", "one set of prices proves it")
    if leaves > 1:
        cases = Text(f"分 {leaves} 种情形证明", f"proven in {leaves} cases")
    stop = Text("", "") if near else Text("；未到目标差距，取已得最好解", "; the best found, short of the target gap")
    return Text(
        f"拉格朗日对偶定价，{core} 个单元的分支定界（{nodes} 个节点），{cases.zh}{stop.zh}",
        f"prices from the Lagrangian dual, branch and bound over {core} cells ({nodes} nodes), {cases.en}{stop.en}",
    )
