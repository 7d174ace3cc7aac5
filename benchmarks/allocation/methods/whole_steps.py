"""Continuous spends as whole steps of the same total, each 0 or within its box: rounding that favours no method."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adspend.problem import Problem

Floats = NDArray[np.float64]

NOISE = 1e-6  # of a step: what a solver's last digits may lack


def budget_of(problem: Problem) -> int:
    """The right-hand side of the budget row, fen.

    Raises:
        ValueError: the problem has no budget row, or has cells that a person has fixed.
    """
    refuse_fixed(problem)
    for limit in problem.limits:
        if limit.key == "budget":
            return limit.rhs
    raise ValueError(f"the compared methods need a limit named budget, got {[limit.key for limit in problem.limits]}")


def refuse_fixed(problem: Problem) -> None:
    """Raises a ``ValueError`` where a person has fixed a cell."""
    if (problem.fixed >= 0).any():
        raise ValueError(f"the compared methods know no fixed cells, got {int((problem.fixed >= 0).sum())} of them")


def boxes(problem: Problem) -> tuple[Floats, Floats]:
    """The least spend of an active cell and the most spend, fen, (n,) each; 0 for a cell without a table."""
    least = np.array([0 if table is None else table.minimum for table in problem.tables], dtype=np.float64)
    most = np.array([0 if table is None else table.maximum for table in problem.tables], dtype=np.float64)
    return least, most


def in_whole_steps(problem: Problem, target: Floats) -> tuple[int, ...]:
    """Spends near ``target`` (fen, (n,)) on the step grid, whose sum exceeds neither the target's nor the budget.

    Rounded down first (to 0 below the minimum). What that frees switches paused cells on, the largest targets first,
    and then goes out step by step to the cells that lack most of their target.
    """
    step = problem.step_fen
    least, most = boxes(problem)
    target = np.clip(target, 0.0, most)
    x = np.floor(target / step + NOISE) * step
    x = np.where(x < least, 0.0, x)
    total = min(float(budget_of(problem)), float(target.sum()) + NOISE * step)
    x = _switched_on(x, target, least, total - x.sum())
    while (steps := int((total - x.sum()) // step)) > 0:
        open_cells = np.nonzero((x > 0) & (x + step <= most))[0]
        if open_cells.size == 0:
            break
        lacking = np.argsort(-(target - x)[open_cells], kind="stable")
        x[open_cells[lacking[:steps]]] += step
    return tuple(np.rint(x).astype(np.int64).tolist())


def _switched_on(x: Floats, target: Floats, least: Floats, left: float) -> Floats:
    """Paused cells at their minimum, by falling target, as far as ``left`` goes."""
    paused = np.nonzero((x == 0) & (target > 0))[0]
    order = paused[np.argsort(-target[paused], kind="stable")]
    chosen = order[np.cumsum(least[order]) <= left]
    x = x.copy()
    x[chosen] = least[chosen]
    return x
