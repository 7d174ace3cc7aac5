"""Published multi-resource knapsack instances as allocation problems: one level of every class, several resources.

A class is a cell, a level a spend of 1, 2, ... steps, and each resource a measure of its own, so the allocator meets
its coupling limits without any curve. "Exactly one level" is one row: as many active cells as classes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from adspend.problem import MICRO, Limit, Problem, Table
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text


def multiple_choice(path: Path, *, resources: int | None = None) -> Problem:
    """The instance in a file (first line "classes resources", then the capacities, then each class).

    Args:
        path: the file.
        resources: keep only so many of the first resources; all by default.
    """
    numbers = iter(int(word) for word in path.read_text(encoding="ascii").split())
    classes, all_resources = next(numbers), next(numbers)
    capacities = [next(numbers) for _ in range(all_resources)][:resources]
    tables = []
    for _ in range(classes):
        rows = [[next(numbers) for _ in range(all_resources + 1)] for _ in range(next(numbers))]
        tables.append(_table(np.array(rows, dtype=np.int64), len(capacities)))
    every = np.ones(classes, dtype=np.int64)
    limits = [
        Limit(key=f"resource {r}", name=Text("资源", "resource"), rhs=rhs, more={f"resource {r}": every})
        for r, rhs in enumerate(capacities)
    ]
    limits.append(Limit(key="one of each", name=Text("各选一", "one of each"), rhs=-classes, active=-every))
    return Problem(
        cells=tuple(Cell(f"class {i}", "ALL") for i in range(classes)),
        tables=tuple(tables),
        limits=tuple(limits),
        step_fen=1,
        fixed=np.full(classes, -1, dtype=np.int64),
    )


def _table(rows: np.ndarray, resources: int) -> Table:
    """Levels in order of value; ``rows`` has the value and then the weights."""
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    value, nothing = rows[:, 0] * MICRO, np.zeros(len(rows), dtype=np.int64)
    return Table(
        spend=np.arange(1, len(rows) + 1, dtype=np.int64),
        objective=value,
        value=value,
        orders=nothing,
        gmv=nothing,
        more={f"resource {r}": rows[:, r + 1] for r in range(resources)},
    )
