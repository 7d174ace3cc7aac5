"""The panels (市场样本): on which worlds policies are searched, chosen and judged; the three never share a world.

| panel | families | seeds | what for |
|---|---|---|---|
| training | ``TRAINING_FAMILIES`` | 1000-1049 | the search |
| selection | ``TRAINING_FAMILIES`` | 1050-1099 | which of the best: a search overfits its own worlds |
| held-out | ``HELD_OUT_FAMILIES`` | 100-199 | the verdict on the one that was chosen: families never tuned on |

A twin of a shop has no families: its seeds are draws of the posterior, and the seeds above are different draws of 200.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, final

from adspend.market_shop import market_shop
from adspend.shop import Shop
from adspend_models.market.families import FAMILIES
from adspend_models.market.festival import NO_FESTIVAL, FestivalCalendar
from adspend_models.market.twin import twin_world
from adspend_models.market.world import World
from adspend_models.posterior import PosteriorBank

TRAINING_FAMILIES = ("stationary", "s_shaped", "sparse", "snowball+seeding", "service+stock", "drift+host")
HELD_OUT_FAMILIES = ("concave", "festival", "fatigue+decay", "learning+delivery", "heavy noise", "everything")
TRAINING_SEEDS = range(1000, 1050)
SELECTION_SEEDS = range(1050, 1100)
HELD_OUT_SEEDS = range(100, 200)
TWIN_DRAWS = 200  # the seeds above are 200 different draws of so many


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """A world, its shop, its first day and its festivals."""

    world: World
    shop: Shop
    first: datetime.date
    calendar: FestivalCalendar = NO_FESTIVAL


class Ground(Protocol):
    """A world by its name: small, picklable, opened where the work is done."""

    @property
    def name(self) -> str:
        """Unique in a study."""
        ...

    @property
    def seed(self) -> int:
        """Of the world and of whoever plays on it: every policy meets the same luck."""
        ...

    def open(self) -> Scene:
        """The world itself."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MarketGround:
    """A shop of a family, segments x slots cells."""

    family: str
    seed: int
    segments: int = 6
    slots: int = 8

    @property
    def name(self) -> str:
        """FAMILY:SEED, as ``adspend simulate --world`` takes it."""
        return f"{self.family}:{self.seed}"

    def open(self) -> Scene:
        """The family's shop of this seed."""
        case = FAMILIES[self.family](self.seed, self.segments, self.slots)
        return Scene(world=case.world, shop=market_shop(case), first=case.first, calendar=case.calendar)


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwinGround:
    """A shop's own twin: one draw of its fitted curves."""

    bank: PosteriorBank
    shop: Shop
    first: datetime.date
    seed: int

    @property
    def name(self) -> str:
        """twin:SEED."""
        return f"twin:{self.seed}"

    def open(self) -> Scene:
        """The twin of this seed."""
        world = twin_world(self.bank, self.seed, refund_rate=self.shop.economics.refund_rate)
        return Scene(world=world, shop=self.shop, first=self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """The worlds of a study."""

    training: tuple[Ground, ...]
    selection: tuple[Ground, ...]
    held_out: tuple[Ground, ...]

    def __post_init__(self) -> None:
        """Refuses an empty panel, two held-out worlds too few for an interval, and a world in two panels."""
        names = [ground.name for panel in (self.training, self.selection, self.held_out) for ground in panel]
        if not self.training or not self.selection or len(self.held_out) < 2 or len(set(names)) < len(names):
            raise ValueError(f"panels must be disjoint, not empty, and hold out at least 2 worlds, but got {names}")


def market_panels(
    families: Sequence[str] = TRAINING_FAMILIES,
    held_out: Sequence[str] = HELD_OUT_FAMILIES,
    *,
    worlds: int,
    fresh: int,
    segments: int = 6,
    slots: int = 8,
) -> Panels:
    """``worlds`` shops a family to search on and as many to choose on, ``fresh`` a family to judge on."""

    def grounds(names: Sequence[str], seeds: range) -> tuple[Ground, ...]:
        return tuple(
            MarketGround(family=name, seed=seed, segments=segments, slots=slots) for name in names for seed in seeds
        )

    return Panels(
        training=grounds(families, TRAINING_SEEDS[:worlds]),
        selection=grounds(families, SELECTION_SEEDS[:worlds]),
        held_out=grounds(held_out, HELD_OUT_SEEDS[:fresh]),
    )


def twin_panels(bank: PosteriorBank, shop: Shop, first: datetime.date, *, worlds: int, fresh: int) -> Panels:
    """``worlds`` twins to search on and as many to choose on, ``fresh`` to judge on.

    Raises:
        ValueError: a bank whose draws are not 200, where two panels could share one.
    """
    if bank.draws != TWIN_DRAWS:
        raise ValueError(f"`bank.draws == {TWIN_DRAWS}` must hold, but got {bank.draws}")

    def grounds(seeds: range) -> tuple[Ground, ...]:
        return tuple(TwinGround(bank=bank, shop=shop, first=first, seed=seed) for seed in seeds)

    return Panels(
        training=grounds(TRAINING_SEEDS[:worlds]),
        selection=grounds(SELECTION_SEEDS[:worlds]),
        held_out=grounds(HELD_OUT_SEEDS[:fresh]),
    )
