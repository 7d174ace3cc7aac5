"""Errors, classed by what the caller should do.

    AdspendError                 anything we say to a person; never a traceback
    ├── UsageError        (2)    correct the command
    ├── NoPlanError       (3)    change a limit: no plan meets them all
    └── BadDataError      (4)    correct the file: every fault in it is listed

The number is the exit code of the command line. A ``Fault`` states the law that was broken, the value found, its
place, and the remedy, in Chinese and English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from adspend_datasets.text import Language, Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: a file, and in it a row (1 = first line of the file), a column or key, a sheet."""

    file: str = ""
    row: int | None = None
    column: str = ""
    sheet: str = ""

    def pick(self, language: Language) -> str:
        """The place in words, empty parts left out.

        >>> Place(file="a.csv", row=3, column="消耗").pick("en")
        'a.csv, row 3, column 消耗'
        """
        row = "" if self.row is None else (f"第 {self.row} 行" if language == "zh" else f"row {self.row}")
        column = self.column and (f"列「{self.column}」" if language == "zh" else f"column {self.column}")
        sheet = self.sheet and (f"工作表「{self.sheet}」" if language == "zh" else f"sheet {self.sheet}")
        return (" " if language == "zh" else ", ").join(part for part in (self.file, sheet, row, column) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One broken law: what must hold, what was found, where, and what to do."""

    code: str
    law: Text
    remedy: Text
    value: str = ""
    place: Place = field(default_factory=Place)

    def pick(self, language: Language) -> str:
        """The fault as one line.

        >>> Fault(code="E-COST", law=Text("消耗不能为负", "cost must not be negative"), value="-3",
        ...       place=Place("a.csv", 2, "cost"), remedy=Text("请改正", "correct it")).pick("en")
        "E-COST a.csv, row 2, column cost: cost must not be negative, but found '-3'. Correct it"
        """
        where = self.place.pick(language)
        if language == "zh":
            found = f"，实际为 '{self.value}'" if self.value else ""
            return f"{self.code} {where}：{self.law.zh}{found}。{self.remedy.zh}"
        found = f", but found '{self.value}'" if self.value else ""
        remedy = self.remedy.en[:1].upper() + self.remedy.en[1:]
        return f"{self.code} {where}: {self.law.en}{found}. {remedy}"


class AdspendError(Exception):
    """The base of every error we raise for a person to read."""

    exit_code: ClassVar[int] = 1

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.pick("en"))

    def __reduce__(self) -> tuple[type[AdspendError], tuple[tuple[Fault, ...]]]:
        """Made again from its faults, not from its words, when a worker process hands it over."""
        return type(self), (self.faults,)

    def pick(self, language: Language) -> str:
        """All faults, one a line."""
        return "\n".join(fault.pick(language) for fault in self.faults)


class UsageError(AdspendError):
    """The command cannot be carried out as typed: correct the command."""

    exit_code = 2


class NoPlanError(AdspendError):
    """No plan meets all limits: the faults name the conflict and the smallest change."""

    exit_code = 3


class BadDataError(AdspendError):
    """A file breaks its laws: the faults list every place at once."""

    exit_code = 4
