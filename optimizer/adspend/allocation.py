"""What a solve returns: the spends and the story of how they were found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from adspend_datasets.text import Text


class Termination(StrEnum):
    """How a solve ended. Only spends that passed the exact feasibility check are ever returned."""

    OPTIMAL = "optimal"  # the solver proved its model to the asked gap
    TIME_LIMIT = "time limit"  # the best found when time ran out
    ROUNDED = "rounded"  # no integer answer came back; the relaxation was rounded and repaired


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Spends (fen, one per cell), the multipliers that price the limits, and how they came about.

    ``multipliers`` are micro-yuan per unit of each limit, non-negative, one per limit in the problem's order.
    """

    spend: tuple[int, ...]
    multipliers: tuple[Fraction, ...]
    termination: Termination
    formulation: Text
