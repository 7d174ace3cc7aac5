"""Problems made by hand in yuan: short ways to write down tables, limits and cells whose answer is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from adspend.limits import budget_limit
from adspend.problem import MICRO, MICRO_PER_FEN, Ints, Limit, Problem, Table
from adspend_datasets.cell import Cell
from adspend_datasets.text import same


def ints(*values: int) -> Ints:
    """Integers as an array."""
    return np.array(values, dtype=np.int64)


def table(
    spend_yuan: Sequence[float],
    net_yuan: Sequence[float],
    *,
    orders: Sequence[float] | None = None,
    gmv_yuan: Sequence[float] | None = None,
) -> Table:
    """A table from net values after ad cost; orders and GMV are 0 unless given."""
    spend = np.rint(np.asarray(spend_yuan, dtype=np.float64) * 100).astype(np.int64)
    objective = _micro(net_yuan)
    zero = np.zeros_like(spend)
    return Table(
        spend=spend,
        objective=objective,
        value=objective + spend * MICRO_PER_FEN,
        orders=zero if orders is None else _micro(orders),
        gmv=zero if gmv_yuan is None else _micro(gmv_yuan),
    )


def _micro(amounts: Sequence[float]) -> Ints:
    return np.rint(np.asarray(amounts, dtype=np.float64) * MICRO).astype(np.int64)


def sampled(curve: Callable[[np.ndarray], np.ndarray], costs_yuan: np.ndarray) -> Table:
    """A table that maximises a response as it stands, without its cost: ``objective`` is the curve itself."""
    response = _micro(curve(costs_yuan).tolist())
    spend = np.rint(costs_yuan * 100).astype(np.int64)
    zero = np.zeros_like(spend)
    return Table(spend=spend, objective=response, value=response, orders=zero, gmv=zero)


def row(key: str, rhs: int, **columns: Ints) -> Limit:
    """A limit from its columns."""
    return Limit(key=key, name=same(key), rhs=rhs, **columns)  # type: ignore[arg-type]  # columns only


def problem(
    tables: Sequence[Table | None],
    *,
    budget_yuan: float | None = None,
    limits: Sequence[Limit] = (),
    step_yuan: float = 1,
    fixed: Sequence[int] | None = None,
) -> Problem:
    """A problem over ``tables``; ``fixed`` in fen."""
    n = len(tables)
    budget = () if budget_yuan is None else (budget_limit(round(budget_yuan * 100), n),)
    return Problem(
        cells=tuple(Cell("新客", f"slot {i}") for i in range(n)),
        tables=tuple(tables),
        limits=(*budget, *limits),
        step_fen=round(step_yuan * 100),
        fixed=ints(*[-1] * n) if fixed is None else ints(*fixed),
    )
