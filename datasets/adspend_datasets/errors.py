"""Errors, classed by what the caller should do.

    AdspendError                 anything we say to a person; never a traceback
    ├── UsageError        (2)    correct the command
    ├── NoPlanError       (3)    change a limit: no plan meets them all
    └── BadDataError      (4)    correct the file: every fault in it is listed

The number is the exit code of the command line. A ``Fault`` states the law that was broken, the value found, its
place, and the remedy, in Chinese and English.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
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
        return self.pick_rows(() if self.row is None else (self.row,), language)

    def pick_rows(self, rows: Iterable[int], language: Language) -> str:
        """The same of several rows.

        >>> Place(file="a.csv", column="消耗").pick_rows([2, 3, 4, 9], "en")
        'a.csv, rows 2-4, 9, column 消耗'
        """
        row = _rows_in_words(sorted(set(rows)), language)
        column = self.column and (f"列「{self.column}」" if language == "zh" else f"column {self.column}")
        sheet = self.sheet and (f"工作表「{self.sheet}」" if language == "zh" else f"sheet {self.sheet}")
        return (" " if language == "zh" else ", ").join(part for part in (self.file, sheet, row, column) if part)


MOST_VALUES, MOST_RANGES = 3, 10  # of faults told in one line: values shown, row ranges shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One broken law: what must hold, what was found, where, and what to do.

    ``also`` are the rows of more faults of its kind that are not listed one by one.
    """

    code: str
    law: Text
    remedy: Text
    value: str = ""
    place: Place = field(default_factory=Place)
    also: tuple[int, ...] = ()

    @property
    def kind(self) -> Fault:
        """The fault without its row and value: equal for all that break one law in one column."""
        return replace(self, value="", place=replace(self.place, row=None), also=())

    def pick(self, language: Language) -> str:
        """The fault as one line.

        >>> Fault(code="E-COST", law=Text("消耗不能为负", "cost must not be negative"), value="-3",
        ...       place=Place("a.csv", 2, "cost"), remedy=Text("请改正", "correct it")).pick("en")
        "E-COST a.csv, row 2, column cost: cost must not be negative, but found '-3'. Correct it"
        """
        rows = () if self.place.row is None else (self.place.row, *self.also)
        return self._line(self.place.pick_rows(rows, language), [self.value] if self.value else [], language)

    def _line(self, where: str, values: Sequence[str], language: Language) -> str:
        shown = ", ".join(f"'{value}'" for value in values[:MOST_VALUES]) + (" …" if len(values) > MOST_VALUES else "")
        if language == "zh":
            found = f"，实际为 {shown}" if shown else ""
            return f"{self.code} {where}：{self.law.zh}{found}。{self.remedy.zh}"
        found = f", but found {shown}" if shown else ""
        remedy = self.remedy.en[:1].upper() + self.remedy.en[1:]
        return f"{self.code} {where}: {self.law.en}{found}. {remedy}"

    @classmethod
    def pick_kind(cls, faults: Sequence[Fault], language: Language) -> str:
        """Faults of one kind as one line: all their rows, and the first of their values."""
        rows = [row for fault in faults for row in (fault.place.row, *fault.also) if row is not None]
        values = list(dict.fromkeys(fault.value for fault in faults if fault.value))
        return faults[0]._line(faults[0].place.pick_rows(rows, language), values, language)


def _rows_in_words(rows: Sequence[int], language: Language) -> str:
    """Rising row numbers, neighbours joined to ranges; beyond ``MOST_RANGES`` how many rows there are in all."""
    if not rows:
        return ""
    ends = [row for row, later in pairwise((*rows, rows[-1] + 2)) if later > row + 1]
    starts = [rows[0], *(later for row, later in pairwise(rows) if later > row + 1)]
    ranges = [f"{a}" if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True)]
    shown, cut = ranges[:MOST_RANGES], len(ranges) > MOST_RANGES
    if language == "zh":
        return f"第 {'、'.join(shown)} 行" + (f"等共 {len(rows)} 行" if cut else "")
    return f"row{'s' if len(rows) > 1 else ''} {', '.join(shown)}" + (f" ... ({len(rows)} in all)" if cut else "")


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
        """All faults, a line for each law broken in each column, whatever the number of rows."""
        kinds: dict[Fault, list[Fault]] = {}
        for fault in self.faults:
            kinds.setdefault(fault.kind, []).append(fault)
        return "\n".join(Fault.pick_kind(faults, language) for faults in kinds.values())


class UsageError(AdspendError):
    """The command cannot be carried out as typed: correct the command."""

    exit_code = 2


class NoPlanError(AdspendError):
    """No plan meets all limits: the faults name the conflict and the smallest change."""

    exit_code = 3


class BadDataError(AdspendError):
    """A file breaks its laws: the faults list every place at once."""

    exit_code = 4
