"""Lines: the rows of all files in one frame, each still knowing the file, sheet and row it came from.

Between the files' tables and the report stand lines: one per data row, typed, not yet summed. Columns:

| column | dtype | meaning |
|---|---|---|
| origin, row | int64 | index into ``origins``; row number in that file |
| date | datetime64 | calendar day, later the business day |
| minute, length | Int64 | minute of that day and minutes covered; <NA> = whole day |
| segment ... detail | str | names and ids of ``LINE_KEY``; "" = not given |
| by_plan | bool | whether the segment is still to come from the plan mapping |
| snapshot | bool | whether the line is an increment between two snapshots of a live board |
| rest | int64 | a code of the columns that are not used; equal within a file means equal rows |
| cost_fen ... refund_fen | Int64 | the measures of the report |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from adspend_datasets.errors import Fault, Place
from adspend_datasets.profile import FieldName
from adspend_datasets.raw_table import capped
from adspend_datasets.report import MEASURE_COLUMNS
from adspend_datasets.text import Text

# What makes a line unique before lines are summed to the report's cells.
LINE_KEY = (
    "date", "minute", "segment", "slot", "lever", "shop", "plan_id", "plan_name", "room_id", "product", "phase",
    "basis", "detail",
)  # fmt: skip
LINE_COLUMNS = ("origin", "row", *LINE_KEY, "length", "by_plan", "snapshot", "rest", *MEASURE_COLUMNS)


# Columns of the frame that one reader makes, by name.
FrameColumns = dict[str, pd.api.extensions.ExtensionArray | NDArray[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where lines came from: a file's sheet, and its header of each field."""

    file: str
    sheet: str
    headers: dict[FieldName, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """The lines of one or more files. ``frame`` has ``LINE_COLUMNS`` and a plain 0..n-1 index."""

    frame: pd.DataFrame
    origins: tuple[Origin, ...]

    def with_frame(self, frame: pd.DataFrame) -> Lines:
        """The same origins with other lines."""
        return replace(self, frame=frame.reset_index(drop=True))

    def place(self, index: int, *fields: FieldName) -> Place:
        """Where line ``index`` stands; the column is the first of ``fields`` that its file has."""
        origin = self.origins[self.number(index, "origin")]
        column = next((origin.headers[field] for field in fields if field in origin.headers), "")
        return Place(origin.file, self.number(index, "row"), column, origin.sheet)

    def number(self, index: int, column: str) -> int:
        """The integer in ``column`` of line ``index``; it must not be missing."""
        return int(self.frame[column].to_numpy()[index])

    def faults(
        self, indices: Iterable[int], code: str, law: Text, remedy: Text, *fields: FieldName
    ) -> tuple[Fault, ...]:
        """One fault per line, the many cut short."""
        return capped(
            [Fault(code=code, law=law, remedy=remedy, place=self.place(int(index), *fields)) for index in indices]
        )


def joined_lines(parts: Sequence[Lines]) -> Lines:
    """The lines of several files, in the order given."""
    frames: list[pd.DataFrame] = []
    origins: list[Origin] = []
    for part in parts:
        frames.append(part.frame.assign(origin=part.frame["origin"] + len(origins)))
        origins.extend(part.origins)
    return Lines(frame=pd.concat(frames, ignore_index=True), origins=tuple(origins))
