"""The cell (投放单元): what receives money."""

from __future__ import annotations

from dataclasses import dataclass

ALL = "ALL"  # the slot, or segment, of a platform that does not divide by it


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """An audience segment in a livestream slot, optionally through one lever (standard plan, boost task ...).

    >>> Cell("新客", "20:00-22:00").label
    '新客 × 20:00-22:00'
    """

    segment: str
    slot: str
    lever: str = ""

    @property
    def label(self) -> str:
        """The cell's name as people read it."""
        return " × ".join(part for part in (self.segment, self.slot, self.lever) if part)
