"""Where the last fit of a shop stopped, for a run of days that fits it every morning."""

from __future__ import annotations

from collections.abc import Sequence

from adspend_datasets.cell import Cell
from adspend_models.empirical_bayes import Learned


class Memory:
    """Keeps one fit; empty at first.

    The first fit under an empty memory is the one without. Later ones end as near to the fixed point, but not at the
    same last digits, so whoever must be able to repeat a single day gives none.
    """

    def __init__(self) -> None:
        self._cells: tuple[Cell, ...] = ()
        self._learned: Learned | None = None

    def of(self, cells: Sequence[Cell]) -> Learned | None:
        """What was learned, if it was of these cells."""
        return self._learned if self._cells == tuple(cells) else None

    def keep(self, cells: Sequence[Cell], learned: Learned) -> None:
        """Replaces what was kept."""
        self._cells, self._learned = tuple(cells), learned
