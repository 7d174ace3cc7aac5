"""Warm re-solves of a relaxation under another budget: HiGHS keeps its basis, so each takes milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

import highspy

from adspend.problem import Problem
from adspend.solver.relaxation import Relaxation


def objectives_at_budgets(
    problem: Problem, relaxation: Relaxation, budgets_fen: Sequence[int]
) -> tuple[float | None, ...]:
    """The relaxation's objective (yuan) at each budget; None where no plan exists. The model is left changed."""
    row = next(r for r, limit in enumerate(problem.limits) if limit.key == "budget")
    solver: highspy.Highs = relaxation.model.solverModel
    answers: list[float | None] = []
    for budget in budgets_fen:
        solver.changeRowBounds(row, -highspy.kHighsInf, budget / float(relaxation.scale[row]))
        solver.run()
        optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        answers.append(-solver.getInfo().objective_function_value if optimal else None)
    return tuple(answers)
