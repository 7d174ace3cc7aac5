"""Dynamic programming over the budget in steps: the optimum, where the budget is the only limit.

    best_i(b) = max over the spends x of cell i, x <= b, of best_{i-1}(b - x) + objective_i(x),   b in steps

Every multiple of the step is a spend, between the table's points too. Time grows with n x budget x spends of a cell.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from adspend.problem import Problem, Table
from benchmarks.allocation.methods.whole_steps import Floats, budget_of


def exact_dp(problem: Problem) -> tuple[int, ...]:
    """Spends in fen; of equal plans one that spends less in the later cells.

    Raises:
        ValueError: a limit beside a plain budget.
    """
    budget = budget_of(problem) // problem.step_fen
    (row, *others) = problem.limits
    if others or set(row.columns) != {"spend"} or row.spend is None or (row.spend != 1).any():
        raise ValueError(f"only a plain budget can be planned exactly, got {[limit.key for limit in problem.limits]}")
    best = np.zeros(budget + 1)
    chosen = np.zeros((problem.size, budget + 1), dtype=np.int32)  # steps of each cell at each budget
    for i, table in enumerate(problem.tables):
        if table is not None and table.minimum // problem.step_fen <= budget:
            best, chosen[i] = _with_cell(best, table, problem.step_fen)
    spend = np.zeros(problem.size, dtype=np.int64)
    left = budget
    for i in range(problem.size - 1, -1, -1):
        spend[i] = chosen[i, left]
        left -= int(spend[i])
    return tuple((spend * problem.step_fen).tolist())


def _with_cell(best: Floats, table: Table, step: int) -> tuple[Floats, np.ndarray]:
    """The best values with one more cell, and the steps it then gets; (budget + 1,) each."""
    first, last = table.minimum // step, min(table.maximum // step, best.size - 1)
    steps = np.arange(first, last + 1)
    gain = np.interp(steps * step, table.spend, table.objective)
    padded = np.concatenate([np.full(last, -np.inf), best])
    # Row b of the windows holds best(b - last) ... best(b); going down from best(b - first) follows the steps.
    before = sliding_window_view(padded, last + 1)[:, last - first :: -1]
    total = before + gain
    k = total.argmax(axis=1)
    on = total[np.arange(best.size), k]
    return np.maximum(best, on), np.where(on > best, steps[k], 0).astype(np.int32)
