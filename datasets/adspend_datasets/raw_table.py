"""A table as it stands in a file: text cells with the file's row numbers, before any meaning is given to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.errors import Fault, Place
from adspend_datasets.refusal import RefusedValue

T = TypeVar("T")

Texts = NDArray[np.object_]
Mask = NDArray[np.bool_]

MOST_FAULTS = 100  # of one kind in one column are listed one by one


class Kind(IntEnum):
    """What a spreadsheet cell held. A CSV cell is always TEXT."""

    TEXT = 0
    NUMBER = 1
    ERROR = 2
    UNCALCULATED = 3  # a formula without a stored value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawTable:
    """One sheet or one CSV file.

    Shapes: n rows, m columns; ``cells`` and ``kinds`` (n, m), ``rows`` and ``widths`` (n,). ``rows`` are line numbers
    of the file, 1 = first. Cells have no outer blanks. ``widths`` counts the cells that a row had in the file; shorter
    rows are padded with "". ``merged`` holds first row, first column, last row, last column, from 0.
    """

    file: str
    sheet: str
    cells: Texts
    kinds: NDArray[np.int8]
    rows: NDArray[np.int64]
    widths: NDArray[np.int64]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: int = 0
    epoch_1904: bool = False

    def keep(self, mask: Mask) -> RawTable:
        """The rows where ``mask`` (n,) holds."""
        return replace(
            self, cells=self.cells[mask], kinds=self.kinds[mask], rows=self.rows[mask], widths=self.widths[mask]
        )

    def place(self, index: int, column: str = "") -> Place:
        """Where row ``index`` of this table stands."""
        return Place(self.file, int(self.rows[index]), column, self.sheet)


def parse_each(texts: Iterable[str], parse: Callable[[str], T]) -> tuple[dict[str, T], dict[str, RefusedValue]]:
    """Parses every distinct text once: what each became, and what each was refused for."""
    parsed: dict[str, T] = {}
    refused: dict[str, RefusedValue] = {}
    for text in dict.fromkeys(texts):
        try:
            parsed[text] = parse(text)
        except RefusedValue as refusal:
            refused[text] = refusal
    return parsed, refused


def faults_of(
    table: RawTable, header: str, texts: Iterable[str], refused: Mapping[str, RefusedValue]
) -> tuple[Fault, ...]:
    """A fault for every row whose text was refused; ``texts`` (n,) is the column named ``header``."""
    if not refused:
        return ()
    return capped(
        [refused[text].at(table.place(index, header), text) for index, text in enumerate(texts) if text in refused]
    )


def capped(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """The first ``MOST_FAULTS`` faults of each kind; the last of them holds the rows of the others."""
    kinds: dict[Fault, list[Fault]] = {}
    for fault in faults:
        kinds.setdefault(fault.kind, []).append(fault)
    return tuple(fault for same in kinds.values() for fault in _first(same))


def _first(same: Sequence[Fault]) -> tuple[Fault, ...]:
    *listed, last = same[:MOST_FAULTS]
    rest = tuple(fault.place.row for fault in same[MOST_FAULTS:] if fault.place.row is not None)
    return (*listed, replace(last, also=rest) if rest else last)
