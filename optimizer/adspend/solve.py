"""Allocating a budget: prices, a core, branch and bound, and the gap that proves how good the answer is.

1. The Lagrangian dual prices the limits and bounds every plan (``solver.dual``). Where what the cells choose at its
   prices breaks no limit, and filled up comes well within the gap asked for, nothing else is needed.
2. Else the cells that hesitate at these prices, and the points near to being chosen, make the core; other cells stay at
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
from adspend.lagrangian import best_choices, chosen_spend
from adspend.measures import Floats, Grid, broken, grid, total
from adspend.pinned import pinned
from adspend.problem import Problem
from adspend.proof import Proof
from adspend.repair import repair, roundings, snap
from adspend.solver.core_mip import solve_core
from adspend.solver.dual import Dual, minimise_dual
from adspend.solver.whole import solve_whole
from adspend_datasets.text import Text

EXACT = 1e-8  # the gap asked for where the budget is the only limit: nodes then cost next to nothing
MUCH = 1e-3  # a gap after a quarter of the nodes that calls for a better plan, not only for a better bound
MIP_POINTS, MIP_NODES = 60, 200  # enough for published multiple-choice knapsacks, in about a second
LARGEST_CORE = 8000  # points of a search; beyond, the points nearest to being chosen have to do
LARGEST_TABLE, CLOSED = 200, 1e-9  # points of a table, and the gap, for which the whole MIP is asked for the last step
DEARER = 1 + 1e-6  # of the dual's prices: at the prices themselves a cell may hold what the last yuan cannot pay
WELL_WITHIN = 0.1  # of the gap asked for: a search mostly ends well within it, and a plan without one shall be as good
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proven:
    """What no plan can beat (micro-yuan), its proof, and how it was found."""

    bound: float
    proof: Proof
    how: Text


class _Best:
    """The best plan so far, and the relative gap at which it is good enough."""

    def __init__(self, problem: Problem, arrays: Grid, target_gap: float) -> None:
        self.problem, self.arrays, self.target_gap = problem, arrays, target_gap
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

    def surely_near(self, bound: float) -> bool:
        """Whether the plan is so near to ``bound`` (micro-yuan) that no other need be tried."""
        return bound - float(self.value) <= WELL_WITHIN * self.target_gap * abs(bound)

    def improve(self, weight: Floats, bound: float) -> float:
        """Offers what weights (n, K) round to, until that is surely near the bound; the best value, micro-yuan."""
        for start in roundings(weight, self.arrays.spend):
            self.offer(start)
            if self.surely_near(bound):
                break
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
    gap = settings.target_gap if len(problem.limits) > 1 else min(settings.target_gap, EXACT)
    best = _Best(problem, arrays, gap)
    proven = _proven(problem, arrays, best, settings, known) if arrays.points.any() else _decided(problem)
    if known is not None and total(problem, "objective", known) > best.value:
        best.offer(known)
    if best.spend is None:
        best.offer(np.zeros(problem.size))  # fixed cells only: feasible whenever no limit asks for more
    if best.spend is None:
        found = conflict(problem, arrays, time_limit=settings.time_limit)
        best.offer(found.spend)
        if best.spend is None:
            raise explain_infeasible(problem, found)
    return _allocation(problem, best.spend, proven, settings)


def _proven(
    problem: Problem, arrays: Grid, best: _Best, settings: SolveSettings, known: Sequence[int] | None
) -> _Proven:
    """The best plan's bound: the dual's where that will do, else a search's; small problems to the step."""
    dual = minimise_dual(arrays)
    open_cells = int(((arrays.points > 0) & (problem.fixed < 0)).sum())
    small = 0 < open_cells <= settings.whole_up_to and arrays.points.max() <= LARGEST_TABLE
    priced = None if small else _priced(problem, arrays, best, dual)
    if priced is not None:
        return priced
    search = _search(problem, arrays, best, settings, dual.prices, known)
    if small and search.bound - float(best.value) > CLOSED * abs(search.bound):
        answer = solve_whole(problem, arrays, time_limit=settings.time_limit)
        if answer is not None:
            best.offer(answer.spend)
    return _searched(search)


def _search(
    problem: Problem,
    arrays: Grid,
    best: _Best,
    settings: SolveSettings,
    prices: Floats,
    known: Sequence[int] | None,
) -> Search:
    """Branch and bound on a core that can meet the limits."""
    model = core_model(arrays, prices, settings.columns)
    search = Search(arrays, model, problem.step_fen, best.improve, prices=prices)
    if known is not None and not search.near(best.target_gap):
        best.offer(known)
        search.best = float(best.value)
    margin = KEPT * (search.root.bound - float(best.value))
    if 0 < margin < abs(search.root.bound) and not search.near(best.target_gap):
        smaller = narrowed(arrays, search.root.prices, margin, LARGEST_CORE)
        if smaller is not None:
            search = Search(arrays, smaller, problem.step_fen, best.improve, prices=search.root.prices)
    if not search.near(best.target_gap):
        _branch(arrays, search, best, settings)
    return search


def _branch(arrays: Grid, search: Search, best: _Best, settings: SolveSettings) -> None:
    """Branches; where a first part of the nodes leaves much open, HiGHS's MIP over a small core looks for a plan."""
    nodes, target = settings.nodes(search.model.core.size), best.target_gap
    search.run(Effort(target_gap=target, nodes=nodes // 4))
    gap = search.bound - search.best
    if gap > min(MUCH, 1e3 * target) * abs(search.bound):
        margin = search.root.bound - search.best  # no better plan is outside it
        core = narrowed(arrays, search.root.prices, margin, MIP_POINTS)
        core = core or core_model(arrays, search.root.prices, MIP_POINTS)
        answer = solve_core(core, nodes=MIP_NODES, time_limit=settings.time_limit)
        if answer is not None:
            search.best = best.improve(core.spread(answer), search.bound)
    search.run(Effort(target_gap=target, nodes=nodes))


def _decided(problem: Problem) -> _Proven:
    """Nothing is open: the plan is what is fixed."""
    words = Text("各单元预算已由测试与锁定决定", "every budget is decided by tests and locks")
    free = Proof(vectors=(as_prices(np.zeros(len(problem.limits))),))
    return _Proven(bound=0.0, proof=free, how=words)


def _allocation(problem: Problem, spend: tuple[int, ...], proven: _Proven, settings: SolveSettings) -> Allocation:
    gap = (proven.bound - float(total(problem, "objective", spend))) / max(abs(proven.bound), 1.0)
    near, how = gap <= settings.target_gap, proven.how
    if not near:
        how = Text(f"{how.zh}；未到目标差距，取已得最好解", f"{how.en}; the best found, short of the target gap")
    return Allocation(
        spend=spend,
        proof=proven.proof,
        termination=Termination.OPTIMAL if near else Termination.NODE_LIMIT,
        formulation=how,
    )


def _priced(problem: Problem, arrays: Grid, best: _Best, dual: Dual) -> _Proven | None:
    """The dual's bound as the proof, where what the cells choose at its prices comes near it once filled up."""
    choice = chosen_spend(arrays, best_choices(arrays, dual.prices * DEARER).point)
    if not dual.possible or broken(problem, choice.astype(np.int64).tolist()):
        return None
    best.offer(choice)
    if not best.surely_near(dual.bound):
        return None
    proof = Proof(vectors=(as_prices(dual.prices),))
    words = Text(
        "拉格朗日对偶定价，各单元按价自选并补足", "prices from the Lagrangian dual, each cell's own choice filled up"
    )
    return _Proven(bound=dual.bound, proof=proof, how=_cases(words, proof))


def _searched(search: Search) -> _Proven:
    core, proof = search.model.core.size, search.proof()
    words = Text(
        f"拉格朗日对偶定价，{core} 个单元的分支定界（{search.nodes} 个节点）",
        f"prices from the Lagrangian dual, branch and bound over {core} cells ({search.nodes} nodes)",
    )
    return _Proven(bound=search.bound, proof=proof, how=_cases(words, proof))


def _cases(words: Text, proof: Proof) -> Text:
    if proof.leaves > 1:
        return Text(f"{words.zh}，分 {proof.leaves} 种情形证明", f"{words.en}, proven in {proof.leaves} cases")
    return Text(f"{words.zh}，一组价格即可证明", f"{words.en}, one set of prices proves it")
