"""The whole MIP cannot fill the steep part of an S-shaped curve without paying for the flat part before it."""

from __future__ import annotations

import numpy as np

from adspend.limits import budget_limit
from adspend.measures import grid
from adspend.problem import MICRO_PER_FEN, Problem, Table
from adspend.solver.whole import solve_whole
from adspend_datasets.cell import Cell


def table(spend_yuan: list[int], net_yuan: list[float]) -> Table:
    """A table from net values; orders and GMV do not matter here."""
    spend = np.array(spend_yuan, dtype=np.int64) * 100
    objective = np.rint(np.array(net_yuan) * 1e6).astype(np.int64)
    zero = np.zeros_like(spend)
    return Table(spend=spend, objective=objective, value=objective + spend * MICRO_PER_FEN, orders=zero, gmv=zero)


def test_later_segments_wait_for_earlier_ones() -> None:
    """With 300 yuan the S-shaped cell loses 32, the plain one earns 112 at 200: by hand, only the plain one runs.

    Segments 6 and 7 of the S-shape lie behind its steepest one: a model that orders only neighbouring segments fills
    them first and believes that 300 yuan earn 640.
    """
    s_shaped = table(
        [100, 200, 300, 400, 500, 600, 700, 800], [-94.1, -132.6, -31.6, 262.0, 709.7, 1197.1, 1619.3, 1931.1]
    )
    plain = table([100, 200], [82.8, 112.1])
    problem = Problem(
        cells=(Cell("s", "ALL"), Cell("p", "ALL")),
        tables=(s_shaped, plain),
        limits=(budget_limit(300_00, 2),),
        step_fen=100_00,
        fixed=np.array([-1, -1]),
    )
    answer = solve_whole(problem, grid(problem), time_limit=10)
    assert answer is not None
    assert answer.spend.tolist() == [0, 200_00]
