"""Random S-shaped shops with 25 coupling limits, of any size: what the scale and the monolithic benchmark run on.

Hill curves with exponents 1 to 3.5, minimum-or-zero of 300 yuan, cap 6,000, step 100; a budget of 600 yuan
a cell, a most-active row, an ROI floor, a most share for each of 12 segments and a least share for four, six stocks.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adspend.limits import budget_limit, most_active_limit, roi_floor_limit
from adspend.problem import MICRO_PER_FEN, Ints, Limit, Problem, Table
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text

STEP, LEAST, MOST = 100_00, 300_00, 6000_00
PER_CELL, TYPICAL = 600_00, 1500_00
SEGMENTS, PRODUCTS = 12, 6
NET_PER_GMV, ORDER_VALUE = 0.28, 329.0  # of the sample shop


def coupled_shop(rng: np.random.Generator, n: int, *, group_rows_only: bool = False) -> Problem:
    """A shop of n cells; with group rows only, a budget and the segments' most shares."""
    segment = np.arange(n) % SEGMENTS
    tables = _tables(rng, n)
    limits = [budget_limit(PER_CELL * n, n), *(_share(segment == s, 20, 3) for s in range(SEGMENTS))]
    if not group_rows_only:
        limits += [roi_floor_limit(5.0, n), most_active_limit(max(n // 3, 1), n)]
        limits += [_share(segment == s, 20, 1, least=True) for s in range(4)]
        limits += _stocks(rng, tables)
    named = [_named(limit, r) for r, limit in enumerate(limits)]
    cells = tuple(Cell(f"segment {i % SEGMENTS}", f"slot {i // SEGMENTS}") for i in range(n))
    fixed = np.full(n, -1, dtype=np.int64)
    return Problem(cells=cells, tables=tables, limits=tuple(named), step_fen=STEP, fixed=fixed)


def _tables(rng: np.random.Generator, n: int) -> tuple[Table, ...]:
    spaced = np.arange(LEAST, MOST + 1, STEP, dtype=np.int64)
    exponent, half = rng.uniform(1.0, 3.5, (n, 1)), 1200_00 * np.exp(rng.normal(0, 0.6, (n, 1)))
    best_return = 1.4 * np.exp(rng.normal(0, 0.35, (n, 1)))  # net value per yuan at half saturation
    response = spaced**exponent / (spaced**exponent + half**exponent)
    value = np.rint(2 * best_return * half * MICRO_PER_FEN * response).astype(np.int64)
    gmv = np.rint(value / NET_PER_GMV).astype(np.int64)
    orders = np.rint(gmv / ORDER_VALUE).astype(np.int64)
    net = value - spaced * MICRO_PER_FEN
    return tuple(Table(spend=spaced, objective=net[i], value=value[i], orders=orders[i], gmv=gmv[i]) for i in range(n))


def _share(group: np.ndarray, parts: int, share: int, *, least: bool = False) -> Limit:
    """The group gets at most (at least) share / parts of the planned spend."""
    inside: Ints = np.where(group, parts - share, -share).astype(np.int64)
    return Limit(key="share", name=Text("占比", "share"), rhs=0, spend=-inside if least else inside)


def _stocks(rng: np.random.Generator, tables: tuple[Table, ...]) -> list[Limit]:
    """Six products in random shares of a cell's orders; stock for 90 % of what a third of the cells would sell."""
    sold = rng.integers(0, 500, (PRODUCTS, len(tables)))
    typical = np.array([np.interp(TYPICAL, table.spend, table.orders) for table in tables]) / 3
    stock = (0.9 * sold * typical).sum(axis=1)
    return [
        Limit(key="stock", name=Text("库存", "stock"), rhs=int(rhs), orders=row.astype(np.int64))
        for row, rhs in zip(sold, stock.tolist(), strict=True)
    ]


def _named(limit: Limit, r: int) -> Limit:
    return limit if limit.key == "budget" else replace(limit, key=f"{limit.key}/{r}")
