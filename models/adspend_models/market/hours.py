"""The hour profile (时段系数): the same cost finds more buyers in the evening, and by day rather at the weekend.

    factor_i = w_i / mean of all w,   w_i = mean hourly weight over the slot, times ``weekend`` by day on Sat and Sun

Source: hourly weights of one public operators' tool (an example, not a measurement); the weekend lift is an
assumption. A slot whose label is not a range of hours weighs the mean, 1.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np

from adspend_datasets.cell import Cell
from adspend_datasets.slots import parse_slot
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats

# From midnight on.
_NIGHT = (0.3, 0.2, 0.1, 0.1, 0.1, 0.2)
_MORNING = (0.5, 0.7, 0.9, 1.0, 1.0, 0.9)
_AFTERNOON = (0.8, 0.7, 0.8, 0.9, 1.0, 1.0)
_EVENING = (1.1, 1.2, 1.3, 1.2, 1.0, 0.6)
HOURLY = (*_NIGHT, *_MORNING, *_AFTERNOON, *_EVENING)
EVENING = 18 * 60  # minute of the day from which weekends no longer differ
SATURDAY = 5


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HourProfile:
    """Weights per slot; ``weekend`` multiplies slots that start before the evening on Saturdays and Sundays."""

    cells: tuple[Cell, ...]
    weekend: float = 1.0
    _weekday: Floats = field(init=False)
    _saturday: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Refuses a lift that is not positive, and weighs the slots once."""
        if self.weekend <= 0:
            raise ValueError(f"`weekend` must be above 0, but got {self.weekend}")
        spans = [parse_slot(cell.slot) for cell in self.cells]
        weight = np.array([np.nan if span is None else slot_weight(*span) for span in spans])
        weight = np.where(np.isnan(weight), 1.0 if np.isnan(weight).all() else np.nanmean(weight), weight)
        by_day = np.array([span is not None and span[0] < EVENING for span in spans])
        object.__setattr__(self, "_weekday", weight / weight.mean())
        object.__setattr__(self, "_saturday", weight / weight.mean() * np.where(by_day, self.weekend, 1.0))

    def factor(self, date: datetime.date, past: Sequence[Day]) -> Floats:  # noqa: ARG002  hours do not remember
        """The slot's weight over the mean weight."""
        return self._saturday if date.weekday() >= SATURDAY else self._weekday


def slot_weight(start: int, end: int) -> float:
    """Mean hourly weight from minute ``start`` to ``end``; the end may lie past midnight.

    >>> round(slot_weight(19 * 60 + 30, 21 * 60 + 30), 3)  # half of 19, all of 20, half of 21 o'clock
    1.25
    """
    return float(np.mean([HOURLY[minute // 60 % 24] for minute in range(start, end)]))
