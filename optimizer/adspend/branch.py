"""Branch and bound whose tree is the proof: search for a better plan and for the cases that show there is none.

Every node holds some cells to a range of their table points. Its LP gives prices; the Lagrangian at those prices, over
all points of the ranges, bounds every plan in the node, so the bound never rests on the solver's word. The cell that
would lose most by spending its weights' mean is split there: "at most this point, or at least the next". The search
goes on at the better child while that is near the best open bound, else at the best open node; it stops at the target
gap or after a fixed number of nodes, never by the clock, so that the same problem gives the same plan.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from adspend.bound import price
from adspend.lagrangian import net_values
from adspend.measures import Floats, Grid
from adspend.problem import MICRO
from adspend.proof import Leaf, Proof, Split, Tree
from adspend.solver.columns import ColumnModel, LpAnswer

WEIGHT = 1e-6  # a smaller weight is the solver's noise
OVERSTEP = 1e-7  # of a limit's size: an LP that oversteps by less oversteps none
PLUNGE = 0.3  # of the gap: how far below the best open bound a child may lie and still be followed at once
TIE = 1e-3  # yuan: of cells that would lose alike, the one farthest from a decision
SMALL, MOST_ROUNDS = 1e-7, 8  # of the bound: a point that beats its cell's columns by less is left out; and how often
REPAIR_EVERY = 10  # nodes
MOST_TRIALS = 6  # cells tried at a node
SMALLEST_FALL = 1e-3  # of the gap: a side that does not fall counts for something
MOST_VECTORS = 64  # of a proof; further leaves bring their own

SplitAt = tuple[int, int, int]  # core cell, highest level below, lowest level above
Levels = NDArray[np.intp]
Improve = Callable[[Floats, float], float]  # weights (n, K), a bound -> the value of the best plan known; micro-yuan


@dataclass(slots=True, eq=False)
class _Node:
    """Ranges of the core cells (levels: 0 off, k the k-th point), the LP's answer, and the bound (micro-yuan)."""

    low: Levels
    high: Levels
    prices: Floats
    bound: float
    answer: LpAnswer | None
    split: SplitAt | None = None
    children: list[_Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """When to stop: at a relative gap, or after so many nodes."""

    target_gap: float
    nodes: int


class Search:
    """One search over the core of a column model."""

    def __init__(self, grid: Grid, model: ColumnModel, step_fen: int, improve: Improve, *, prices: Floats) -> None:
        """Solves the root; ``improve`` makes plans of weights, and ``prices`` may bound better than the root's own."""
        self.grid, self.model, self.step, self.improve = grid, model, step_fen, improve
        self.nodes = 0
        self.falls: dict[int, tuple[float, float]] = {}
        self.own = grid.points[model.core].astype(np.intp)
        self.scale = float(np.abs(grid.columns["objective"]).max(axis=1, initial=0.0).sum())
        low = model.low.astype(np.intp)
        self.root = self._node(low, self.own.copy(), np.zeros(grid.rhs.size))
        given = self._bound(prices, net_values(grid, prices), low, self.own)
        if given < self.root.bound:
            self.root.prices, self.root.bound = prices, given
        self.best = self._improve(self.root)
        self.queue: list[tuple[float, int, _Node]] = [(-self.root.bound, 0, self.root)]

    def run(self, effort: Effort) -> None:
        """Searches until the effort is spent; a second run goes on where the first stopped."""
        queue = self.queue
        while queue and self.nodes < effort.nodes and not self._near(-queue[0][0], effort):
            node = heapq.heappop(queue)[2]
            while self.nodes < effort.nodes and self._expand(node):
                first, second = sorted(node.children, key=lambda child: -child.bound)
                heapq.heappush(queue, (-second.bound, self.nodes, second))
                top = -queue[0][0]
                if self._near(first.bound, effort) or first.bound < top - PLUNGE * (top - self.best):
                    heapq.heappush(queue, (-first.bound, self.nodes + 1, first))
                    break
                node = first

    @property
    def bound(self) -> float:
        """What no plan can beat, micro-yuan."""
        return max(leaf.bound for leaf in _open(self.root))

    def proof(self) -> Proof:
        """The cases that prove the best bound found, with as few price vectors as will do."""
        worst = self.bound
        vectors: list[Floats] = [self.root.prices]
        nets: list[Floats] = [net_values(self.grid, self.root.prices)]
        tree = self._tree(self.root, worst, vectors, nets)
        return Proof(vectors=tuple(as_prices(vector) for vector in vectors), tree=tree)

    def near(self, target_gap: float) -> bool:
        """Whether the root alone proves the best plan to within the gap."""
        return self.root.bound - self.best <= target_gap * abs(self.root.bound)

    def _near(self, bound: float, effort: Effort) -> bool:
        return bound - self.best <= effort.target_gap * abs(bound)

    def _node(self, low: Levels, high: Levels, inherited: Floats) -> _Node:
        """A node at the better of its own prices and its parent's."""
        self.nodes += 1
        answer = self._solve(low, high)
        known = [inherited] if answer is None else [answer.prices, inherited]
        bounds = [self._bound(prices, net_values(self.grid, prices), low, high) for prices in known]
        best = int(np.argmin(bounds))
        return _Node(low, high, known[best], bounds[best], answer)

    def _solve(self, low: Levels, high: Levels) -> LpAnswer | None:
        """The LP of the ranges, with every column that would change its bound by much."""
        answer = None
        for _ in range(MOST_ROUNDS):
            self.model.narrow(low, high)
            answer = self.model.solve()
            missing = None if answer is None else self._missing(answer.prices, low, high)
            if missing is None:
                break
            self.model = self.model.grown(missing)
        return answer

    def _missing(self, prices: Floats, low: Levels, high: Levels) -> NDArray[np.bool_] | None:
        """The best point of each core cell that beats its columns at the prices; None where none does by much."""
        net = net_values(self.grid, prices)[self.model.core]
        level = np.arange(1, net.shape[1] + 1)
        net[(level < low[:, None]) | (level > high[:, None])] = -np.inf
        inside = np.where(self.model.chosen[self.model.core], net, -np.inf).max(axis=1)
        inside = np.where(low == 0, np.maximum(inside, 0.0), inside)
        best = net.argmax(axis=1)
        found = net[np.arange(best.size), best]
        better = found > inside + SMALL * max(abs(self.scale), 1.0)
        missing = np.zeros_like(net, dtype=bool)
        missing[better, best[better]] = True
        return missing if better.any() else None

    def _bound(self, prices: Floats, net: Floats, low: Levels, high: Levels) -> float:
        """The Lagrangian over the ranges, micro-yuan."""
        best = net.max(axis=1)
        best = np.where(self.grid.must_run, best, np.maximum(best, 0.0))
        changed = np.nonzero((low > self.grid.must_run[self.model.core]) | (high < self.own))[0]
        cells = self.model.core[changed]
        level = np.arange(1, net.shape[1] + 1)
        inside = (level >= low[changed, None]) & (level <= high[changed, None])
        within = np.where(inside, net[cells], -np.inf).max(axis=1, initial=-np.inf)
        best[cells] = np.where(low[changed] == 0, np.maximum(within, 0.0), within)
        return float(best.sum() + prices @ self.grid.rhs)

    def _improve(self, node: _Node) -> float:
        weight = np.zeros(self.grid.spend.shape) if node.answer is None else self.model.spread(node.answer)
        return self.improve(weight, self.root.bound)

    def _expand(self, node: _Node) -> bool:
        """Splits a node in two; False where nothing is left to split or nothing better can be in it."""
        if node.bound <= self.best or (node.answer is not None and node.answer.overstep > OVERSTEP):
            return False  # where limits are overstepped the penalty has brought the bound down already
        self._split(node)
        if not node.children:
            self.best = self._improve(node)
            return False
        if self.nodes % REPAIR_EVERY < 2:
            self.best = self._improve(max(node.children, key=lambda child: child.bound))
        return True

    def _split(self, node: _Node) -> None:
        """Splits where both sides promise to fall most: by trial where a cell is new, by experience where it is not."""
        best, trials = 0.0, 0
        for split in self._candidates(node):
            known = self.falls.get(split[0])
            children: list[_Node] = []
            if known is None:
                if trials == MOST_TRIALS and node.split is not None:
                    continue
                children, trials = self._children(node, split), trials + 1
                known = self.falls[split[0]]
            score = known[0] * known[1]
            if node.split is None or score > best:
                best, node.split, node.children = score, split, children
        if node.split is not None and not node.children:
            node.children = self._children(node, node.split)

    def _children(self, node: _Node, split: SplitAt) -> list[_Node]:
        """Both sides of a split, and how far the bound fell, remembered as a running mean."""
        i, below, above = split
        high, low = node.high.copy(), node.low.copy()
        high[i], low[i] = below, above
        children = [self._node(node.low, high, node.prices), self._node(low, node.high, node.prices)]
        most = max(node.bound - self.best, 1.0)
        fell = [min(max(node.bound - child.bound, SMALLEST_FALL * most), most) / most for child in children]
        past = self.falls.get(i, (fell[0], fell[1]))
        self.falls[i] = (0.7 * past[0] + 0.3 * fell[0], 0.7 * past[1] + 0.3 * fell[1])
        return children

    def _candidates(self, node: _Node) -> list[SplitAt]:
        """Where the node may be split, the cell that would lose most at its mean spend first."""
        if node.answer is None:
            return []
        answer, core = node.answer, self.model.core
        fractional = np.unique(answer.cells[(answer.weight > WEIGHT) & (answer.weight < 1 - WEIGHT)])
        net = net_values(self.grid, answer.prices) / MICRO
        found = [self._candidate(i, answer, net[core[i]]) for i in np.searchsorted(core, fractional).tolist()]
        return [split for _, split in sorted((c for c in found if c is not None), reverse=True)]

    def _candidate(self, i: int, answer: LpAnswer, net: Floats) -> tuple[float, SplitAt] | None:
        """What core cell i would lose at its mean spend, and where to split it; None where it may stay as it is."""
        columns = slice(*np.searchsorted(answer.cells, [self.model.core[i], self.model.core[i] + 1]))
        weight = answer.weight[columns]
        level = np.concatenate([[0], answer.points[columns] + 1])
        share = np.concatenate([[max(0.0, 1.0 - weight.sum())], weight])
        used = np.sort(level[share > WEIGHT])
        spend = np.concatenate([[0.0], self.grid.spend[self.model.core[i], : self.own[i]]])
        mean = float((share * spend[level]).sum())
        if used.size < 2:
            return None
        lost = float(net[used.max() - 1] - np.interp(mean, spend, np.concatenate([[0.0], net[: self.own[i]]])))
        least, most = int(used[0]), int(used[-1])
        lost += TIE * float(np.minimum(share, 1.0 - share).max())
        if most == least + 1:
            joined = least > 0 and spend[most] - spend[least] > self.step
            return None if joined else (lost, (i, least, most))
        at = int(np.clip(np.searchsorted(spend, mean, side="right") - 1, least, most - 1))
        if at == 0 or spend[at + 1] - spend[at] <= self.step:
            return lost, (i, at, at + 1)
        inside = max(at, least + 1)
        return lost, (i, inside, inside)

    def _tree(self, node: _Node, worst: float, vectors: list[Floats], nets: list[Floats]) -> Tree:
        """The part of the proof below a node; a node whose own prices prove enough needs no cases."""
        if node.children and node.bound > worst:
            assert node.split is not None
            i, below, above = node.split
            index = int(self.model.core[i])
            spend = np.concatenate([[0.0], self.grid.spend[index]])
            parts = [self._tree(child, worst, vectors, nets) for child in node.children]
            return Split(index, int(spend[below]), int(spend[above]), parts[0], parts[1])
        return Leaf(self._vector(node, worst, vectors, nets))

    def _vector(self, node: _Node, worst: float, vectors: list[Floats], nets: list[Floats]) -> int:
        """A price vector that proves a leaf: one already in use where one will do."""
        for v, (prices, net) in enumerate(zip(vectors[:MOST_VECTORS], nets, strict=False)):
            if self._bound(prices, net, node.low, node.high) <= worst:
                return v
        vectors.append(node.prices)
        nets.append(net_values(self.grid, node.prices))
        return len(vectors) - 1


def as_prices(prices: Floats) -> tuple[Fraction, ...]:
    """Float prices as short exact ones."""
    return tuple(price(value) for value in prices.tolist())


def _open(node: _Node) -> list[_Node]:
    return [leaf for child in node.children for leaf in _open(child)] if node.children else [node]
