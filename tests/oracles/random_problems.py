"""Random allocation problems: S-shaped tables, every kind of limit, locks, ties, tight and loose budgets.

``random_problem`` makes problems like a shop's at any size; ``small_problems`` lets hypothesis make the unlike ones:
tables of any shape, rows of any sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from adspend.problem import MICRO_PER_FEN, Ints, Limit, Problem, Table
from adspend_datasets.cell import Cell
from adspend_datasets.text import same

SEGMENTS = ("新客", "老客", "回流", "粉丝")
EVERY_LIMIT = ("budget", "share", "least_share", "roi", "stock", "active")
SOME = 0.1  # share of cells that are locked, closed (no table), of one point, or the twin of the cell before


def random_problem(
    rng: np.random.Generator,
    n_cells: int,
    *,
    points: int = 8,
    step_fen: int = 10_000,
    most_steps: int = 60,
    s_shaped: bool = True,
    limits: Sequence[str] = EVERY_LIMIT,
    locks: bool = True,
) -> Problem:
    """A problem with Hill tables. Without locks it always has a plan: spending nothing.

    Args:
        rng: the source of chance; equal states give equal problems.
        n_cells: number of cells.
        points: most points of a table (fewer where a cell's range holds fewer steps).
        step_fen: the step grid.
        most_steps: a cell's maximum, in steps, is at most this; keep it small for brute force.
        s_shaped: Hill exponents of 1 to 4; else 0.5 to 1, which is concave but for the minimum.
        limits: which rows to add, of ``EVERY_LIMIT``.
        locks: whether some cells are fixed by a person; rows may then leave no plan at all.
    """
    segments = SEGMENTS[: max(2, n_cells // 3)]
    cells = tuple(Cell(segments[i % len(segments)], f"slot {i // len(segments)}") for i in range(n_cells))
    tables: list[Table | None] = []  # a closed cell has none
    for i in range(n_cells):
        twin, closed = rng.random(2) < SOME
        table = _hill_table(rng, points, step_fen, most_steps, s_shaped=s_shaped)
        tables.append(tables[-1] if twin and i else None if closed else table)
    fixed = np.full(n_cells, -1, dtype=np.int64)
    for i, known in enumerate(tables):
        if locks and rng.random() < SOME:
            fixed[i] = 0 if known is None or rng.random() < 0.3 else _grid_spend(rng, known, step_fen)
    rows = tuple(_row(rng, name, cells, tables) for name in limits)
    return Problem(cells=cells, tables=tuple(tables), limits=rows, step_fen=step_fen, fixed=fixed)


def _hill_table(rng: np.random.Generator, points: int, step_fen: int, most_steps: int, *, s_shaped: bool) -> Table:
    """Net value and orders by a Hill curve at ``points`` spends on the grid; gmv = orders x a price per order."""
    low = int(rng.integers(1, max(2, most_steps // 4)))
    high = low if rng.random() < SOME else int(rng.integers(max(low, most_steps // 3), most_steps + 1))
    steps = np.unique(np.rint(np.linspace(low, high, min(points, high - low + 1))).astype(np.int64))
    spend = steps * step_fen
    exponent = rng.uniform(1.0, 4.0) if s_shaped else rng.uniform(0.5, 1.0)
    half = rng.uniform(0.1, 0.8) * most_steps * step_fen
    response = spend**exponent / (spend**exponent + half**exponent)
    best_return = rng.uniform(0.7, 4.0)  # net value per yuan at half saturation: some cells never pay
    value = np.rint(2 * best_return * half * MICRO_PER_FEN * response).astype(np.int64)
    margin, price = rng.uniform(0.15, 0.5), rng.uniform(40.0, 300.0)  # net value per yuan of GMV; yuan per order
    gmv = np.rint(value / margin).astype(np.int64)
    orders = np.rint(gmv / price).astype(np.int64)
    return Table(spend=spend, objective=value - spend * MICRO_PER_FEN, value=value, orders=orders, gmv=gmv)


def _grid_spend(rng: np.random.Generator, table: Table, step_fen: int) -> int:
    return table.minimum + step_fen * int(rng.integers(0, (table.maximum - table.minimum) // step_fen + 1))


def _row(rng: np.random.Generator, name: str, cells: Sequence[Cell], tables: Sequence[Table | None]) -> Limit:
    n = len(cells)
    most = sum(table.maximum for table in tables if table is not None)
    picked = cells[int(rng.integers(n))].segment
    group = np.array([cell.segment == picked for cell in cells])
    if name == "budget":  # from tight to loose
        return Limit(key=name, name=same(name), rhs=int(most * rng.uniform(0.1, 1.2)), spend=np.ones(n, dtype=np.int64))
    if name == "share":
        return Limit(key=name, name=same(name), rhs=0, spend=share_row(group, Fraction(int(rng.integers(3, 10)), 10)))
    if name == "least_share":
        return Limit(key=name, name=same(name), rhs=0, spend=-share_row(group, Fraction(int(rng.integers(1, 5)), 20)))
    if name == "roi":
        return roi_floor(Fraction(int(rng.integers(5, 80)), 10), n)
    if name == "stock":
        orders = sum(int(table.orders.max()) for table in tables if table is not None)
        return Limit(key=name, name=same(name), rhs=int(orders * rng.uniform(0.1, 1)), orders=group.astype(np.int64))
    if name == "active":
        return Limit(
            key=name, name=same(name), rhs=int(rng.integers(min(2, n), n + 1)), active=np.ones(n, dtype=np.int64)
        )
    raise ValueError(f"limits are of {EVERY_LIMIT}, got {name!r}")


def share_row(group: np.ndarray, share: Fraction) -> Ints:
    """Coefficients of "the group gets at most this share of the planned spend", with right-hand side 0."""
    return np.where(group, share.denominator - share.numerator, -share.numerator).astype(np.int64)


def roi_floor(floor: Fraction, n: int) -> Limit:
    """Sum of GMV >= floor x sum of spend."""
    return Limit(
        key="roi",
        name=same("roi"),
        rhs=0,
        spend=np.full(n, floor.numerator * MICRO_PER_FEN, dtype=np.int64),
        gmv=np.full(n, -floor.denominator, dtype=np.int64),
    )


@st.composite
def small_tables(draw: st.DrawFn, step_fen: int, most_steps: int = 6) -> Table:
    """A table of any shape: it may fall, jump, be negative, and have points off the step grid between its ends."""
    low = draw(st.integers(1, most_steps))
    high = draw(st.integers(low, most_steps))
    inner = draw(st.sets(st.integers(low * step_fen + 1, max(low, high) * step_fen), max_size=3)) if high > low else ()
    spend = np.array(sorted({low * step_fen, high * step_fen, *inner}), dtype=np.int64)
    columns = [
        np.array(draw(st.lists(st.integers(least, 1_000), min_size=spend.size, max_size=spend.size)), dtype=np.int64)
        for least in (-1_000, -1_000, 0, 0)
    ]
    return Table(spend=spend, objective=columns[0], value=columns[1], orders=columns[2], gmv=columns[3])


@st.composite
def small_limits(draw: st.DrawFn, key: str, n: int) -> Limit:
    """A row of any signs over any measures."""
    spend, orders, gmv, active = (
        np.array(draw(st.lists(st.integers(-most, most), min_size=n, max_size=n)), dtype=np.int64)
        if draw(st.booleans())
        else None
        for most in (3, 5, 5, 100)
    )
    rhs = draw(st.integers(-500, 2_000))
    return Limit(key=key, name=same(key), rhs=rhs, spend=spend, orders=orders, gmv=gmv, active=active)


@st.composite
def small_problems(draw: st.DrawFn, max_cells: int = 3, max_limits: int = 3) -> Problem:
    """A problem small enough for brute force, from which nothing odd is left out; it may have no plan."""
    n = draw(st.integers(1, max_cells))
    step_fen = draw(st.sampled_from((1, 7, 100)))
    tables = tuple(draw(st.one_of(st.none(), *[small_tables(step_fen)] * 4)) for _ in range(n))
    fixed = np.full(n, -1, dtype=np.int64)
    for i, table in enumerate(tables):
        if draw(st.integers(0, 5)) == 5:
            fixed[i] = 0 if table is None else draw(st.sampled_from((0, table.minimum, table.maximum)))
    return Problem(
        cells=tuple(Cell("新客", f"slot {i}") for i in range(n)),
        tables=tables,
        limits=tuple(draw(small_limits(f"row {r}", n)) for r in range(draw(st.integers(0, max_limits)))),
        step_fen=step_fen,
        fixed=fixed,
    )
