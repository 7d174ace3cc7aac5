"""What a plan maximises: net profit, GMV, or as little cost as a GMV target allows.

| mode | objective of a cell | options (fees, rebates, hit costs) |
|---|---|---|
| net | value - spend | count in yuan |
| gmv | GMV | do not count |
| cost | - spend | count in yuan |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from adspend.problem import MICRO_PER_FEN, Problem, Table
from adspend.shop import Shop


def cell_objectives(shop: Shop, tables: Sequence[Table | None]) -> tuple[Table | None, ...]:
    """The cells' tables with the objective of the shop's mode; net profit is what they come with."""
    mode = shop.objective.mode
    if mode == "net":
        return tuple(tables)
    return tuple(
        None
        if table is None
        else replace(table, objective=table.gmv if mode == "gmv" else -table.spend * MICRO_PER_FEN)
        for table in tables
    )


def option_objectives(shop: Shop, tables: Sequence[Table]) -> tuple[Table, ...]:
    """The options' tables: in GMV mode money beside the budget does not count."""
    if shop.objective.mode != "gmv":
        return tuple(tables)
    return tuple(replace(table, objective=np.zeros_like(table.objective)) for table in tables)


def in_net_profit(problem: Problem) -> Problem:
    """The same cells and limits with net profit to maximise, whatever the shop aims at.

    What other budgets earn is told in one unit, so that it adds up over shops. Options keep what they count for.
    """
    cells = tuple(
        None if table is None else replace(table, objective=table.value - table.spend * MICRO_PER_FEN)
        for table in problem.tables[: len(problem.cells)]
    )
    return replace(problem, tables=(*cells, *problem.tables[len(problem.cells) :]))
