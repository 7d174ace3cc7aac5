"""Random allocation instances on which every method is run: curves, boxes, minimum-or-zero, coupling rows, any size.

Notation: n cells, K table points, E the even split (600 yuan), B = n E the budget. Hill curves
``v(x) = top x^s / (h^s + x^s)`` with s of 0.5 to 1 (concave) or 1.6 to 4 (S-shaped, as other allocators' curves allow).

- Without a minimum, cell i gets a spend within its box and the response itself is maximised: the problem that other
  allocators state. A box's lower end is paid beforehand: the problem is about what comes on top of it, ``base`` holds
  what it earns.
- With minimum-or-zero, a cell gets 0 or a spend within its box, at least 300 yuan, and net profit is maximised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from adspend.limits import budget_limit, most_active_limit, roi_floor_limit, share_limits
from adspend.problem import MICRO_PER_FEN, Ints, Limit, Problem, Table
from adspend.shop import ShareSection
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text

Floats = NDArray[np.float64]

STEP, EVEN, LEAST = 20_00, 600_00, 300_00  # fen: 30 steps in an even split, so that tight boxes hold several
POINTS = 48  # of a table: fewer where the box holds fewer steps
SEGMENTS = 8
NET_PER_GMV, ORDER_VALUE = 0.28, 329  # of the sample shop: net value per yuan of GMV, yuan of GMV per order
MOST_SHARE, LEAST_SHARE = 0.3, 0.1  # of a segment; an even share is 0.125, and four cells may share a budget
ROI_FLOOR = 6.5  # near what the budget alone would earn
STOCK = 0.5  # of what the stocked half of the cells would sell at half saturation


class Box(StrEnum):
    """What a cell's spend may be."""

    FREE = "0..12 E"  # the whole budget at 12 cells
    WIDE = "0.5..2 E"
    TIGHT = "0.7..1.3 E"


ENDS = {Box.FREE: (0.0, 12.0), Box.WIDE: (0.5, 2.0), Box.TIGHT: (0.7, 1.3)}  # in even splits
MOST_ACTIVE = {Box.FREE: 0.33, Box.WIDE: 0.67, Box.TIGHT: 0.9}  # share of the cells: binding, and most money is usable


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A kind of instance; ``coupled`` adds group shares, an ROI floor, a stock and a most-active row to the budget."""

    s_shaped: bool
    box: Box
    minimum_or_zero: bool
    coupled: bool = False

    def __post_init__(self) -> None:
        """Refuses coupling rows over spends that are partly paid beforehand."""
        if self.coupled and not self.minimum_or_zero and ENDS[self.box][0] > 0:
            raise ValueError(f"coupling rows need cells that may be 0, got the box {self.box} without minimum-or-zero")

    @property
    def name(self) -> str:
        """The curves, and the rows beside the budget."""
        return ("S-shaped" if self.s_shaped else "concave") + (", coupled" if self.coupled else "")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """A problem; what the boxes' lower ends earn (micro-yuan); and the budget with them (fen)."""

    problem: Problem
    base: int
    budget: int


def make_instance(rng: np.random.Generator, family: Family, n: int) -> Instance:
    """An instance of ``n`` cells; equal states of ``rng`` give equal instances."""
    least, spend = _spends(family)
    exponent = rng.uniform(1.6, 4.0, n) if family.s_shaped else rng.uniform(0.5, 1.0, n)
    half = 1200_00 * np.exp(rng.normal(0, 0.6, n))
    top = 2 * 2.0 * np.exp(rng.normal(0, 0.35, n)) * half * MICRO_PER_FEN  # returns 2 yuan a yuan at half saturation
    value = np.rint(_hill(spend + least, top, half, exponent)).astype(np.int64)
    base = np.rint(_hill(np.array([least]), top, half, exponent)).astype(np.int64)
    cells = tuple(Cell(f"segment {i % SEGMENTS}", f"slot {i // SEGMENTS}") for i in range(n))
    tables = _tables(spend, value - base, net=family.minimum_or_zero)
    limits = [budget_limit((EVEN - least) * n, n)]
    if family.coupled:
        limits += _coupling_rows(cells, float(top.mean() / 2), MOST_ACTIVE[family.box])
    problem = Problem(
        cells=cells, tables=tables, limits=tuple(limits), step_fen=STEP, fixed=np.full(n, -1, dtype=np.int64)
    )
    return Instance(problem=problem, base=int(base.sum()), budget=EVEN * n)


def _spends(family: Family) -> tuple[int, Ints]:
    """What every cell is paid beforehand (fen), and the table points above it (K,): denser where curves bend."""
    low, high = (round(end * EVEN / STEP) for end in ENDS[family.box])
    paid = 0 if family.minimum_or_zero else low
    first = max(low, LEAST // STEP) if family.minimum_or_zero else 1
    last = high - paid
    ramp = np.linspace(0.0, 1.0, min(POINTS, last - first + 1)) ** 1.5
    return paid * STEP, np.unique(np.rint(first + (last - first) * ramp).astype(np.int64)) * STEP


def _hill(spend: Ints, top: Floats, half: Floats, exponent: Floats) -> Floats:
    """Responses, shape (n, K), micro-yuan."""
    ratio = (spend / half[:, None]) ** exponent[:, None]
    return np.asarray(top[:, None] * ratio / (1.0 + ratio))


def _tables(spend: Ints, value: Ints, *, net: bool) -> tuple[Table, ...]:
    """One table per row of ``value`` (n, K); the arrays are shared, which keeps large instances small."""
    objective = value - spend * MICRO_PER_FEN if net else value
    gmv = np.rint(value / NET_PER_GMV).astype(np.int64)
    orders = np.rint(gmv / ORDER_VALUE).astype(np.int64)
    return tuple(
        Table(spend=spend, objective=objective[i], value=value[i], orders=orders[i], gmv=gmv[i])
        for i in range(len(value))
    )


def _coupling_rows(cells: tuple[Cell, ...], mean_half_value: float, most_active: float) -> list[Limit]:
    """Every segment's share, the ROI floor, the stock of a product sold in every second cell, and the active cells.

    ``mean_half_value`` is the mean value of a cell at half saturation, micro-yuan.
    """
    n = len(cells)
    stocked = np.arange(n) % 2
    sold = mean_half_value / NET_PER_GMV / ORDER_VALUE  # micro-orders of a cell at half saturation
    rows = [
        roi_floor_limit(ROI_FLOOR, n),
        most_active_limit(max(1, round(most_active * n)), n),
        Limit(
            key="stock",
            name=Text("库存", "stock"),
            rhs=round(STOCK * sold * int(stocked.sum())),
            orders=stocked.astype(np.int64),
        ),
    ]
    for s in range(min(SEGMENTS, n)):
        least = LEAST_SHARE if s == 1 else 0.0
        rows += share_limits(ShareSection(by="segment", of=f"segment {s}", min=least, max=MOST_SHARE), cells)
    return rows
