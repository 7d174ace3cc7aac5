"""A designed test as a value: which cells, levels and days, what they cost and what they teach."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from adspend_datasets.cell import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTest:
    """One cell's test. Money in fen.

    Attributes:
        cell: The cell.
        schedule_fen: The level on each day, 0 where it is not tested.
        gain_fen: Expected value of what it teaches, per planned day.
        expected_net_fen: What the test days earn by themselves, net of their cost.
        change: Chance that it changes the cell's budget.
        power: Chance that afterwards it is 95 % sure whether the cell is worth its money.
        stop_fen: Stop when this much is spent without an order.
        tested_fen: The largest spend observed before.
        mean_orders: Orders expected on each day.
    """

    cell: Cell
    schedule_fen: tuple[int, ...]
    gain_fen: int
    expected_net_fen: int
    change: float
    power: float
    stop_fen: int
    tested_fen: int
    mean_orders: tuple[float, ...]

    @property
    def cost_fen(self) -> int:
        """What the test spends."""
        return sum(self.schedule_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestDesign:
    """The test of a shop. Money in fen; gains are per planned day.

    Attributes:
        shop: Its name.
        date: The first day.
        days: How many.
        budget_fen: The most the test may spend.
        price: Net yuan that the last yuan of the daily budget earns.
        tests: The cells under test, most worth first.
        untested: Cells left alone.
        gain_fen: What the chosen tests teach together.
        bound_fen: The most any choice within the budget could teach.
        equal_gain_fen: What equal levels in every cell would teach for the same money.
        seed: Of the randomisation.
    """

    __test__ = False  # not a pytest class

    shop: str
    date: datetime.date
    days: int
    budget_fen: int
    price: float
    tests: tuple[CellTest, ...]
    untested: tuple[Cell, ...]
    gain_fen: int
    bound_fen: int
    equal_gain_fen: int
    seed: int

    @property
    def cost_fen(self) -> int:
        """What the test spends."""
        return sum(test.cost_fen for test in self.tests)

    @property
    def expected_net_fen(self) -> int:
        """What the test days earn by themselves, net of their cost."""
        return sum(test.expected_net_fen for test in self.tests)

    @property
    def dates(self) -> tuple[datetime.date, ...]:
        """The test's days."""
        return tuple(self.date + datetime.timedelta(days=day) for day in range(self.days))

    @property
    def payback_days(self) -> float | None:
        """Planned days until what was learned has paid for the test; 0 when it pays for itself, None when never."""
        loss = -self.expected_net_fen
        if loss <= 0:
            return 0.0
        return loss / self.gain_fen if self.gain_fen else None
