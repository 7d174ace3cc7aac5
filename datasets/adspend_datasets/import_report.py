"""The import report: what was read from which file, and every transformation with its count."""

from __future__ import annotations

from dataclasses import dataclass

from adspend_datasets.errors import Fault
from adspend_datasets.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One transformation made on the way in, and how many values or rows it touched."""

    text: Text
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImport:
    """One file as it was understood. ``rows_read`` counts data rows; ``rows_kept`` those that became report rows."""

    name: str
    sha256: str
    encoding: str  # "utf-8", "gb18030" ... or "xlsx"
    profile: str
    sheet: str  # "" for CSV
    rows_read: int
    rows_kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Control sums over the report for a person to compare with the platform, over the values that are there.

    None where every value is missing.
    """

    rows: int
    cost_fen: int | None
    orders: int | None
    gmv_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The story of an import: files, steps, warnings and control sums."""

    files: tuple[FileImport, ...]
    steps: tuple[Step, ...]
    warnings: tuple[Text, ...]
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What one stage of reading has to say beside its result. Notes add up, so no stage knows another.

    >>> (Notes(warnings=(Text("甲", "a"),)) + Notes(warnings=(Text("乙", "b"),))).warnings[1].en
    'b'
    """

    faults: tuple[Fault, ...] = ()
    steps: tuple[Step, ...] = ()
    warnings: tuple[Text, ...] = ()

    def __add__(self, other: Notes) -> Notes:
        return Notes(
            faults=self.faults + other.faults,
            steps=self.steps + other.steps,
            warnings=self.warnings + other.warnings,
        )


def step(zh: str, en: str, count: int) -> Notes:
    """Notes of one step, or of none where nothing was touched.

    >>> step("去掉空行", "empty rows dropped", 0).steps
    ()
    """
    return Notes(steps=(Step(text=Text(zh, en), count=count),)) if count else Notes()
