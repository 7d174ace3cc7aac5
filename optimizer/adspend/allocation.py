"""What a solve returns: the spends, the proof, and the story of how they were found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from adspend.proof import Proof
from adspend_datasets.text import Text


class Termination(StrEnum):
    """How a solve ended. Only spends that passed the exact feasibility check are ever returned."""

    OPTIMAL = "optimal"  # proven to the asked gap
    NODE_LIMIT = "node limit"  # the best found within the nodes allowed
    ROUNDED = "rounded"  # no search was possible: rounded and repaired


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Spends (fen, one per cell, then the options' levels), what proves how good they are, and how they came about."""

    spend: tuple[int, ...]
    proof: Proof
    termination: Termination
    formulation: Text

    @property
    def multipliers(self) -> tuple[Fraction, ...]:
        """What each limit is worth, micro-yuan per unit, one per limit in the problem's order."""
        return self.proof.vectors[0]
