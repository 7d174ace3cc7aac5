"""The core as a MIP over table points: HiGHS looks for a better plan where branching finds none."""

from __future__ import annotations

import highspy
import numpy as np

from adspend.solver.columns import ColumnModel, LpAnswer
from adspend.solver.quiet import quiet_highs


def solve_core(model: ColumnModel, *, nodes: int, time_limit: float) -> LpAnswer | None:
    """Weights of 0 or 1 for the model's columns, without prices; None where no plan came back.

    Args:
        model: the LP whose columns become binary.
        nodes: of HiGHS's tree, so that the same problem gives the same plan.
        time_limit: seconds, a guard that ordinary problems do not meet.
    """
    highs = quiet_highs()
    highs.passModel(model.highs.getLp())
    columns = model.cells.size
    kinds = np.array([highspy.HighsVarType.kInteger] * columns)
    highs.changeColsIntegrality(columns, np.arange(columns, dtype=np.int32), kinds)
    for name, value in (("mip_max_nodes", nodes), ("mip_rel_gap", 0.0), ("time_limit", time_limit)):
        highs.setOptionValue(name, value)
    highs.run()
    feasible = int(highspy.SolutionStatus.kSolutionStatusFeasible)
    if highs.getInfo().primal_solution_status != feasible:
        return None
    weight = np.asarray(np.rint(np.array(highs.getSolution().col_value)[:columns]))
    return model.answer(weight, np.zeros(model.size.size), 0.0)
