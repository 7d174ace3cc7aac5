"""Running HiGHS through PuLP, and saying honestly what came back.

Traps this file exists for (each pinned by a test in ``tests/optimizer/solver``):
- On a time-out PuLP reports status "Optimal", and without an incumbent every value reads 0.0: values may only be read
  when HiGHS itself says that its primal solution is feasible.
- ``pulp.HiGHS`` flips the sign of duals under LpMaximize: every model here is a minimisation.
- HiGHS threads are process-global and a fork after a threaded solve hangs: always one thread.
- PuLP maps characters of names to "_", so two cells could become one variable: names are indices, never user text.
"""

from __future__ import annotations

from enum import StrEnum

import highspy
import pulp


class Outcome(StrEnum):
    """What a run yielded."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"  # stopped early with a solution
    INFEASIBLE = "infeasible"
    NOTHING = "nothing"  # no values may be read


def new_model() -> pulp.LpProblem:
    """An empty minimisation model."""
    return pulp.LpProblem("adspend", pulp.LpMinimize)


def run(model: pulp.LpProblem, *, time_limit: float, gap: float = 0.0) -> Outcome:
    """Solves the model: one thread, fixed seed, no output.

    Args:
        model: a minimisation model.
        time_limit: seconds.
        gap: relative MIP gap at which to stop.
    """
    model.solve(pulp.HiGHS(msg=False, threads=1, timeLimit=time_limit, gapRel=gap, gapAbs=0.0, random_seed=0))
    solver: highspy.Highs = model.solverModel
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kOptimal:
        return Outcome.OPTIMAL
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Outcome.INFEASIBLE
    feasible = highspy.SolutionStatus.kSolutionStatusFeasible
    return Outcome.FEASIBLE if solver.getInfo().primal_solution_status == int(feasible) else Outcome.NOTHING
