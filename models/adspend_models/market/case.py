"""A market case (测试市场): a world with the numbers that a shop file and a simulation of it need."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import final

from adspend_datasets.cell import Cell
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar
from adspend_models.market.products import Product
from adspend_models.market.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MarketCase:
    """One shop to be planned for.

    Attributes:
        name: of the family.
        seed: of the shop and of its luck.
        world: its truth and luck.
        first: the first day to plan.
        daily_budget: yuan; likewise ``min_if_active``, ``max`` and ``step`` of a cell.
        gross_margin: share of GMV.
        refund_rate: share of GMV refunded in the end, on a normal day.
        commission_rate: share of GMV.
        calendar: festivals that the shop knows beforehand.
        products: of a shop whose stock is limited, with ``stock`` units of each a day.
    """

    name: str
    seed: int
    world: World
    first: datetime.date
    daily_budget: int
    gross_margin: float = 0.54
    refund_rate: float = 0.46
    commission_rate: float = 0.05
    min_if_active: int = 300
    max: int = 6_000
    step: int = 1
    calendar: FestivalCalendar = NO_FESTIVAL
    products: tuple[Product, ...] = ()
    stock: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuses a budget that cannot pay for one cell and limits that contradict each other."""
        if not 0 < self.step <= self.min_if_active <= min(self.max, self.daily_budget):
            raise ValueError(f"`0 < step <= min_if_active <= max, daily_budget` must hold, but got {self}")
        if len(self.products) != len(self.stock):
            raise ValueError(f"every product needs its stock, but got {len(self.products)} and {len(self.stock)}")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The world's cells."""
        return self.world.truth.cells

    @property
    def segments(self) -> tuple[str, ...]:
        """Names of the segments, in order of appearance."""
        return tuple(dict.fromkeys(cell.segment for cell in self.cells))

    @property
    def slots(self) -> tuple[str, ...]:
        """Labels of the slots, in order of appearance."""
        return tuple(dict.fromkeys(cell.slot for cell in self.cells))

    @property
    def net_rate(self) -> float:
        """Net value before ad cost per yuan of GMV on a normal day."""
        return (1 - self.refund_rate) * (self.gross_margin - self.commission_rate)
