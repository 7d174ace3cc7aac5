"""Festivals (大促): before, on and after a sale, traffic is dearer, buyers convert differently, and more comes back.

    mean_orders(x) = conversion * mean_orders(x / cost) of the wrapped truth;   refund rate times ``refund``

蓄水 (build-up): people fill their carts and wait. 爆发 (burst): everybody buys and every shop bids. 返场 (encore): the
rest of the demand. Windows change each year; no trustworthy multiplier was found, so every number here is an
assumption.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats
from adspend_models.market.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class FestivalPhase:
    """One phase of one event, both dates included, with its multipliers of cost, conversion and refund rate."""

    event: str
    phase: str
    first: datetime.date
    last: datetime.date
    cost: float
    conversion: float
    refund: float

    def __post_init__(self) -> None:
        """Refuses an end before the start and multipliers that are not positive."""
        if self.last < self.first:
            raise ValueError(f"`first <= last` must hold, but got {self.first} and {self.last}")
        if min(self.cost, self.conversion, self.refund) <= 0:
            raise ValueError(f"the multipliers of {self.event} {self.phase} must be above 0")

    @property
    def name(self) -> str:
        """What a report's phase column says."""
        return f"{self.event}{self.phase}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FestivalCalendar:
    """Phases in order of date that do not overlap."""

    phases: tuple[FestivalPhase, ...]

    def __post_init__(self) -> None:
        """Refuses phases that overlap or are out of order."""
        for before, after in zip(self.phases, self.phases[1:], strict=False):
            if after.first <= before.last:
                raise ValueError(f"{after.name} must start after {before.name} ends, {before.last}")

    def on(self, date: datetime.date) -> FestivalPhase | None:
        """The phase of a date, or None on a normal day."""
        return next((phase for phase in self.phases if phase.first <= date <= phase.last), None)

    def name_of(self, date: datetime.date) -> str:
        """Its name, "" on a normal day: what a report's phase column says."""
        phase = self.on(date)
        return "" if phase is None else phase.name


def sale(event: str, burst: datetime.date, *, build_up: int = 7, days: int = 2, encore: int = 3) -> FestivalCalendar:
    """An event with the example multipliers: ``build_up`` days before ``burst``, ``days`` of it, ``encore`` after."""
    one = datetime.timedelta(days=1)
    windows = (
        ("蓄水", burst - build_up * one, burst - one, (1.1, 0.85, 1.0)),
        ("爆发", burst, burst + (days - 1) * one, (1.4, 2.2, 1.15)),
        ("返场", burst + days * one, burst + (days + encore - 1) * one, (1.05, 1.1, 1.1)),
    )
    phases = tuple(
        FestivalPhase(event=event, phase=name, first=first, last=last, cost=cost, conversion=conversion, refund=refund)
        for name, first, last, (cost, conversion, refund) in windows
    )
    return FestivalCalendar(phases=phases)


NO_FESTIVAL = FestivalCalendar(phases=())


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FestivalTruth:
    """A truth under a festival calendar; ``Refunded(calendar=...)`` moves the refund rate."""

    truth: Truth
    calendar: FestivalCalendar

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The wrapped truth's cells."""
        return self.truth.cells

    @property
    def order_value(self) -> Floats:
        """The wrapped truth's order values."""
        return self.truth.order_value

    def mean_orders(self, date: datetime.date, cost: Floats, past: Sequence[Day] = ()) -> Floats:
        """The wrapped truth's orders at what the cost is worth, times the conversion."""
        phase = self.calendar.on(date)
        if phase is None:
            return self.truth.mean_orders(date, cost, past)
        return np.asarray(phase.conversion * self.truth.mean_orders(date, cost / phase.cost, past), dtype=np.float64)

    def natural_orders(self, date: datetime.date, past: Sequence[Day] = ()) -> Floats:
        """Who comes by themselves converts differently too."""
        phase = self.calendar.on(date)
        natural = self.truth.natural_orders(date, past)
        return natural if phase is None else np.asarray(phase.conversion * natural, dtype=np.float64)
