"""Headers matched to a profile's fields by name: renamed, reordered and extra columns are all one case."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adspend_datasets.errors import Fault
from adspend_datasets.header_words import HeaderWords, header_words
from adspend_datasets.profile import MONEY_FIELDS, RATE_FIELDS, FieldName, FieldRule, Profile
from adspend_datasets.raw_table import RawTable
from adspend_datasets.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table that carries a field: its index, its header as written, and the unit of its numbers."""

    index: int
    header: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderMatch:
    """A header row understood by a profile. ``row`` is the header's index in the table.

    ``second`` lists headers that mean a field which an earlier header already gives; ``unknown`` those of no meaning.
    """

    profile: Profile
    row: int
    columns: dict[FieldName, tuple[Column, ...]]
    detail: tuple[Column, ...]
    second: tuple[Column, ...]
    unknown: tuple[Column, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields that no column gives."""
        return tuple(
            names for names in self.profile.required if not any(name in self.columns for name in names.split("|"))
        )


def match_header(table: RawTable, row: int, profile: Profile) -> HeaderMatch:
    """Matches row ``row`` of a table with a profile; says what is missing, and judges nothing."""
    found: list[tuple[int, str, HeaderWords]] = [
        (index, text.strip(), header_words(text)) for index, text in enumerate(table.cells[row]) if text.strip()
    ]
    named: dict[str, list[tuple[int, str, HeaderWords]]] = defaultdict(list)
    for column in found:
        named[column[2].name].append(column)
    columns: dict[FieldName, tuple[Column, ...]] = {}
    second: list[Column] = []
    used: set[int] = set()
    for name, rule in profile.fields.items():
        matches = [
            Column(index=index, header=text, unit=_unit(name, rule, words))
            for wanted in dict.fromkeys(header_words(header).name for header in rule.headers)
            for index, text, words in named.get(wanted, ())
            if index not in used
        ]
        if matches:
            columns[name] = tuple(matches if rule.join else matches[:1])
            second.extend(() if rule.join else matches[1:])
            used.update(column.index for column in matches)
    rest = [(index, text, words) for index, text, words in found if index not in used]
    detail_names = {header_words(header).name for header in profile.detail}
    ignored_names = {header_words(header).name for header in profile.ignored}
    return HeaderMatch(
        profile=profile,
        row=row,
        columns=columns,
        second=tuple(second),
        detail=tuple(Column(index=i, header=text, unit="") for i, text, words in rest if words.name in detail_names),
        unknown=tuple(
            Column(index=index, header=text, unit="")
            for index, text, words in rest
            if words.name not in detail_names and words.name not in ignored_names
        ),
    )


def _unit(name: FieldName, rule: FieldRule, words: HeaderWords) -> str:
    """The unit of a column's numbers: the profile's, or the header's where the profile leaves it open."""
    for header, unit in rule.header_units.items():
        if header_words(header).name == words.name:
            return unit
    if rule.unit == "header":
        return words.unit or "yuan"
    if name in RATE_FIELDS:
        return words.unit
    return rule.unit or ""


def header_faults(table: RawTable, match: HeaderMatch, currency: str) -> tuple[Fault, ...]:
    """What is wrong with a header that a profile understands: missing fields, twins, contradicting units."""
    return (*_missing(table, match), *_twins(table, match), *_units(table, match, currency))


def _missing(table: RawTable, match: HeaderMatch) -> Iterable[Fault]:
    for names in match.missing:
        options = [rule.headers for name, rule in match.profile.fields.items() if name in names.split("|")]
        wanted = [header for headers in options for header in headers]
        near = nearest([column.header for column in match.unknown], wanted)
        hint = Text(f"；最接近的是「{near}」", f"; the nearest header is '{near}'") if near else Text("", "")
        law = Text(f"缺少必需的列「{wanted[0]}」", f"the required column '{wanted[0]}' is missing")
        remedy = Text(
            f"可用的列名：{'、'.join(wanted[:6])}{hint.zh}", f"accepted headers: {', '.join(wanted[:6])}{hint.en}"
        )
        yield Fault(code="E-HEADER-MISSING", law=law, remedy=remedy, place=table.place(match.row, wanted[0]))


def _twins(table: RawTable, match: HeaderMatch) -> Iterable[Fault]:
    """Two columns of the same name: which one counts is a guess."""
    for columns in match.columns.values():
        for column in columns:
            twins = [other for other in match.second if header_words(other.header) == header_words(column.header)]
            if twins:
                law = Text("列名不能重复", "a header must not occur twice")
                remedy = Text("请删去多余的一列", "delete the column that is not wanted")
                place = table.place(match.row, column.header)
                yield Fault(code="E-HEADER-TWICE", law=law, remedy=remedy, value=column.header, place=place)


def _units(table: RawTable, match: HeaderMatch, currency: str) -> Iterable[Fault]:
    for name in MONEY_FIELDS:
        for column in match.columns.get(name, ()):
            stated = header_words(column.header)
            place = table.place(match.row, column.header)
            if stated.unit and stated.unit != column.unit:
                law = Text(
                    f"该列按平台约定以「{_UNIT_WORDS[column.unit].zh}」为单位，列名却写了别的单位",
                    f"by the platform profile this column is in {_UNIT_WORDS[column.unit].en}, but its header differs",
                )
                remedy = Text(
                    "请换算后改列名，或在平台文件里改 unit", "convert it and rename it, or set unit in a profile"
                )
                yield Fault(code="E-UNIT-HEADER", law=law, remedy=remedy, value=column.header, place=place)
            if stated.currency and stated.currency != currency:
                law = Text(f"金额必须是 {currency}", f"amounts must be in {currency}")
                remedy = Text(
                    "请按店铺币种导出，或改店铺的 currency", "export in the shop's currency, or set its currency"
                )
                yield Fault(code="E-CURRENCY", law=law, remedy=remedy, value=column.header, place=place)


_UNIT_WORDS = {
    "yuan": Text("元", "main units (yuan)"),
    "wan": Text("万元", "10,000 yuan"),
    "fen": Text("分", "fen (hundredths)"),
    "micros": Text("百万分之一元", "micros"),
    "yuan_e5": Text("千分之一分", "thousandths of a fen"),
}


def nearest(present: Sequence[str], wanted: Sequence[str]) -> str:
    """The header present that is most like a wanted one, "" where none is.

    >>> nearest(["消费", "订单"], ["消耗", "花费"])
    '消费'
    """
    scores = {
        header: max(
            (
                difflib.SequenceMatcher(None, header_words(header).name, header_words(want).name).ratio()
                for want in wanted
            ),
            default=0.0,
        )
        for header in present
    }
    best = max(scores, key=lambda header: scores[header], default="")
    return best if best and scores[best] >= 0.5 else ""
