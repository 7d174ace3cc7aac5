"""The sections of a shop file that a livestream needs: stock, service, groups, rebates, fees, hosts, money spent."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, model_validator

from adspend.money import ceil_to_step, fen
from adspend.shop_faults import BrokenLaw
from adspend.shop_sections import Name, Section, Share, Slot, Yuan
from adspend_datasets.cell import Cell

Units = Annotated[int, Field(ge=0, le=10**8)]  # beyond any shop's day; in micro-orders per share it fits in 64 bits
Factor = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]


class ScopedSection(Section):
    """A section about some cells: those of its segments and slots, all where a list is empty."""

    segments: tuple[Name, ...] = ()
    slots: tuple[Slot, ...] = ()

    def covers(self, cell: Cell) -> bool:
        """Whether a cell is meant."""
        return (not self.segments or cell.segment in self.segments) and (not self.slots or cell.slot in self.slots)


class ProductSection(ScopedSection):
    """A product (引流款、爆款、二推款): which share of its cells' orders it takes, and how many units there are.

    With ``hit_stock`` it may be one of the day's hits: chosen as one it has so many units instead, at ``hit_cost``.
    """

    name: Name
    role: Literal["traffic", "hit", "second"] = "second"
    order_share: Share
    stock: Units
    inbound: Units = 0
    safety: Units = 0
    hit_stock: Units | None = None
    hit_cost: Yuan = Decimal(0)

    @model_validator(mode="after")
    def _consistent(self) -> ProductSection:
        if self.safety > self.stock + self.inbound:
            raise BrokenLaw("safety 不得超过 stock + inbound", "`safety <= stock + inbound` must hold")
        if self.hit_stock is not None and self.hit_stock < self.stock:
            raise BrokenLaw("hit_stock 不得少于 stock", "`hit_stock >= stock` must hold")
        if self.hit_cost and self.hit_stock is None:
            raise BrokenLaw("有 hit_cost 就须有 hit_stock", "`hit_cost` needs `hit_stock`")
        return self


class HitsSection(Section):
    """How many products are hits in a day (每天 2~3 个爆款)."""

    min: int = Field(default=2, ge=0)
    max: int = Field(default=3, ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> HitsSection:
        if self.min > self.max:
            raise BrokenLaw("必须满足 min ≤ max", "`min <= max` must hold")
        return self


class ServiceSection(Section):
    """Customer service in a slot: agents, sessions that one can hold, consultations per order."""

    slot: Slot
    agents: Units
    sessions_per_agent: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
    consult_rate: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]


class GroupSection(ScopedSection):
    """Cells that are counted together: a FACT field, a lever such as boost tasks, an account, a brand.

    ``min`` and ``max`` bound its share of the planned spend, ``min_budget`` and ``max_budget`` its spend in yuan;
    ``commission_rate`` is what its GMV costs on top of the shop's economics.
    """

    kind: Literal["field", "lever", "account", "brand"]
    name: Name
    min: Share = 0.0
    max: Share = 1.0
    min_budget: Yuan = Decimal(0)
    max_budget: Yuan | None = None
    commission_rate: Share = 0.0

    @model_validator(mode="after")
    def _ordered(self) -> GroupSection:
        if self.min > self.max or (self.max_budget is not None and self.min_budget > self.max_budget):
            raise BrokenLaw(
                "必须满足 min ≤ max，min_budget ≤ max_budget", "`min <= max` and `min_budget <= max_budget` must hold"
            )
        return self


class RebateSection(Section):
    """A rebate tier (返点): from so much planned spend on, this share of the spend comes back, up to the next tier."""

    start: Annotated[Yuan, Field(gt=0)]
    rate: Share


class FeeSection(ScopedSection):
    """A fee paid once if any of its cells runs: a host's or a Top-KOL's slot (开播费、坑位费)."""

    name: Name
    fee: Yuan


class HostSection(Section):
    """The host of a slot: what orders, GMV and value are multiplied by against the hosts observed."""

    slot: Slot
    factor: Factor


class SpentSection(Section):
    """What a cell has spent today already, for a plan made during the day."""

    segment: Name
    slot: Slot
    spent: Yuan


class PlatformSection(Section):
    """A budget changed during the day must be at least this multiple of what is spent, rounded up to so many yuan.

    Defaults: the platform's rule for changes within a day (105 %, whole hundreds).
    """

    spent_factor: Annotated[float, Field(ge=1, le=10, allow_inf_nan=False)] = 1.05
    spent_step: Annotated[Yuan, Field(gt=0)] = Decimal(100)

    def least_fen(self, spent: Decimal, step_fen: int) -> int:
        """The least budget of a cell that has spent so many yuan, on the shop's step grid; 0 when it has spent none."""
        least = math.ceil(fen(spent) * Fraction(repr(self.spent_factor)))
        return ceil_to_step(ceil_to_step(least, fen(self.spent_step)), step_fen)


class ObjectiveSection(Section):
    """What the plan maximises: net profit, or GMV (with an ROI floor), or the least cost for a GMV target.

    ``risk`` in (0, 1] asks the ROI floor to hold on average over the worst such share of posterior scenarios (CVaR).
    """

    mode: Literal["net", "gmv", "cost"] = "net"
    target_gmv: Yuan | None = None
    risk: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _target_where_needed(self) -> ObjectiveSection:
        if (self.mode == "cost") != (self.target_gmv is not None):
            raise BrokenLaw('mode = "cost" 与 target_gmv 必须同时给出', '`mode = "cost"` and `target_gmv` go together')
        return self
