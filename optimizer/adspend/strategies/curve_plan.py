"""The best budgets on given curves, by the engine's own allocator: exact allocation for every strategy that has curves.

Notation: n cells, m costs per cell. Costs yuan per day, orders per day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from adspend.bank_curves import spaced_points
from adspend.caps import CellRange
from adspend.formulate import formulate
from adspend.planned_test import Test
from adspend.problem import Ints
from adspend.shop import Shop
from adspend.solve import SolveSettings, allocate
from adspend.value_curves import Expected
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text
from adspend_models.bank import Floats, Grade, Grading, Observations

# A thousandth of a day's profit is far below what strategies differ by, and ten times as fast as a plan's own gap.
QUICK = SolveSettings(target_gap=1e-3, columns=500, nodes_for_48_cells=60, whole_up_to=0)
AS_GIVEN = Grading(grade=Grade.PASS, reasons=(Text("按给定曲线", "as given"),))
NOTHING = np.empty(0)
NO_DAYS = Observations(day=np.empty(0, dtype=np.int64), cost=NOTHING, orders=NOTHING, gmv=NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderCurves:
    """``ValueCurves`` of any function of cost: ``orders`` maps costs (n, m) to mean orders (n, m), 0 at cost 0.

    ``order_value`` is yuan per order, (n,); ``net_value_rate`` net value before ad cost per yuan of GMV.
    """

    cells: tuple[Cell, ...]
    orders: Callable[[Floats], Floats]
    order_value: Floats
    net_value_rate: float

    @property
    def gradings(self) -> tuple[Grading, ...]:
        """Nothing is judged here."""
        return (AS_GIVEN,) * len(self.cells)

    @property
    def observations(self) -> tuple[Observations, ...]:
        """None."""
        return (NO_DAYS,) * len(self.cells)

    def expected(self, cost: Floats) -> Expected:
        """What ``cost`` (n, m) brings."""
        orders = self.orders(cost)
        gmv = orders * self.order_value[:, None]
        return Expected(value=gmv * self.net_value_rate, orders=orders, gmv=gmv)

    def value_draws(self, cost: Floats) -> Floats:
        """One draw, the curves themselves: (1, n, m)."""
        return self.expected(cost).value[None]

    def observed_value(self, i: int) -> Floats:
        """None."""
        del i
        return NOTHING

    def spend_points(self, i: int, minimum_fen: int, maximum_fen: int, step_fen: int) -> Ints:
        """The points of the engine's own curves."""
        del i
        return spaced_points(minimum_fen, maximum_fen, step_fen)


def best_budgets(
    shop: Shop,
    curves: OrderCurves,
    ranges: Sequence[CellRange],
    tests: Sequence[Test] = (),
    settings: SolveSettings = QUICK,
) -> Ints:
    """The most profitable budgets on the curves under all of the shop's limits, fen (n,); ``tests`` are held fixed.

    Raises:
        NoPlanError: no budgets meet the shop's limits.
    """
    formulation = formulate(shop, curves, ranges, tests)
    allocation = allocate(formulation.problem, settings, known=formulation.known)
    return np.array(allocation.spend[: len(curves.cells)], dtype=np.int64)
