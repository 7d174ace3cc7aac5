"""The branching proof: when one price vector leaves a gap, cases that cover every plan, each with prices of its own.

A split of cell i says "its spend is at most ``most``, or at least ``least``", and nothing that it may take lies
between. A leaf holds the cells that were split on its way to their ranges and names the prices that bound every plan
within them. The largest bound of all leaves bounds every plan. ``adspend.checker`` judges all of this again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from adspend.bound import ExactLagrangian, Range
from adspend.measures import grid
from adspend.problem import Problem


@dataclass(frozen=True, slots=True)
class Leaf:
    """One case; ``vector`` counts the proof's price vectors."""

    vector: int


@dataclass(frozen=True, slots=True)
class Split:
    """Two cases: the spend of cell or option ``index`` is at most ``most`` (fen), or at least ``least``."""

    index: int
    most: int
    least: int
    below: Tree
    above: Tree


Tree = Leaf | Split


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Price vectors (micro-yuan per unit, one price per limit), and the cases; the first prices the plan's limits."""

    vectors: tuple[tuple[Fraction, ...], ...]
    tree: Tree = Leaf(0)

    @property
    def leaves(self) -> int:
        """How many cases there are."""
        return _leaves(self.tree)


def proven_bound(problem: Problem, proof: Proof) -> Fraction:
    """The largest bound of any leaf, micro-yuan, exact."""
    arrays = grid(problem)

    @cache
    def lagrangian(vector: int) -> ExactLagrangian:
        return ExactLagrangian(problem, proof.vectors[vector], arrays)

    return max(lagrangian(leaf.vector).bound(ranges) for leaf, ranges in _cases(problem, proof.tree, {}))


def flat(tree: Tree) -> list[list[int]]:
    """The tree as rows, a case before what follows it: ``[vector]``, or ``[index, most, least]`` and its two parts."""
    if isinstance(tree, Leaf):
        return [[tree.vector]]
    return [[tree.index, tree.most, tree.least], *flat(tree.below), *flat(tree.above)]


def _leaves(tree: Tree) -> int:
    return 1 if isinstance(tree, Leaf) else _leaves(tree.below) + _leaves(tree.above)


def _cases(problem: Problem, tree: Tree, ranges: Mapping[int, Range]) -> Sequence[tuple[Leaf, Mapping[int, Range]]]:
    if isinstance(tree, Leaf):
        return [(tree, ranges)]
    table = problem.tables[tree.index]
    least, most = ranges.get(tree.index, (0, 0 if table is None else table.maximum))
    below = {**ranges, tree.index: (least, min(most, tree.most))}
    above = {**ranges, tree.index: (max(least, tree.least), most)}
    return [*_cases(problem, tree.below, below), *_cases(problem, tree.above, above)]
