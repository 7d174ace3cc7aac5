"""Fixed cells as cells with one point, so that every later step works on whole numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adspend.measures import exact
from adspend.problem import OWN_MEASURES, Problem, Table


def pinned(problem: Problem) -> Problem:
    """The same problem with each fixed cell's table cut down to its one spend, measures rounded to the micro-unit."""
    tables = list(problem.tables)
    for i, (table, spend) in enumerate(zip(problem.tables, problem.fixed.tolist(), strict=True)):
        if spend >= 0:
            tables[i] = None if spend == 0 or table is None else _point(table, spend)
    return replace(problem, tables=tuple(tables))


def _point(table: Table, spend: int) -> Table:
    own, more = (
        {name: np.array([round(exact(table, name, spend))], dtype=np.int64) for name in names}
        for names in (OWN_MEASURES, table.more)
    )
    return Table(spend=np.array([spend], dtype=np.int64), more=more, **own)
