"""A corpus of bad report files: one per way in which people and platforms break them, built in code.

Each ``BadReport`` says how to make its files and what the reader must answer: the code, the row and column of the
fault, and words that the Chinese and the English sentence must hold.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from adspend_datasets.errors import BadDataError
from adspend_datasets.mapping import MappingRule
from adspend_datasets.readers import read_reports

HEADER = "date,segment,slot,cost,impressions,clicks,orders,gmv,refund_gmv"
ROWS = (
    "2026-11-20,新客,20:00-22:00,300.00,6000,200,4,1200.00,",
    "2026-11-20,老客,20:00-22:00,500.00,9000,300,8,2600.00,",
    "2026-11-21,新客,20:00-22:00,310.00,6100,210,5,1500.00,",
    "2026-11-21,老客,20:00-22:00,520.00,9100,310,9,2900.00,",
)
PLANS = "日期,计划ID,计划名称,消耗(元),展示次数,点击次数,直接成交订单数,直接成交金额(元)"
PLAN_ROWS = (
    "2026-11-20,1789000000000000123,直播_新客_晚,300.00,6000,200,4,1200.00",
    "2026-11-20,1789000000000000456,直播_老客_晚,500.00,9000,300,8,2600.00",
    "2026-11-21,1789000000000000123,直播_新客_晚,310.00,6100,210,5,1500.00",
    "2026-11-21,1789000000000000456,直播_老客_晚,520.00,9100,310,9,2900.00",
)
RULES = (MappingRule(plan_name="_(?P<segment>新客|老客)_"),)
# A profile that a user might write.
GENERIC_PROFILE = """
name = "mine"
title = { zh = "自有", en = "mine" }
basis = "direct"
segment_source = "column"
date_order = "dmy"
required = ["date", "segment", "cost", "orders"]
[fields]
date = { headers = ["Tag"] }
segment = { headers = ["Zielgruppe"] }
cost = { headers = ["Ausgaben"], unit = "fen" }
orders = { headers = ["Käufe"], unit = "count" }
"""

Build = Callable[[Path], Sequence[Path]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadReport:
    """One way to break a report, and the answer it must get. ``row`` and ``column`` None or "" mean the whole file."""

    name: str
    build: Build
    code: str
    row: int | None = None
    column: str = ""
    zh: str
    en: str
    options: dict[str, Any] = field(default_factory=dict)


def bad(name: str, code: str, where: str, zh: str, en: str, build: Build, **options: Any) -> BadReport:  # noqa: ANN401
    """A bad report in one line; ``where`` is "row:column", "row", ":column" or ""."""
    row, _, column = where.partition(":")
    place = int(row) if row else None
    return BadReport(name=name, build=build, code=code, row=place, column=column, zh=zh, en=en, options=options)


def text_of(header: str, rows: Sequence[str]) -> str:
    """CSV text."""
    return "\n".join([header, *rows]) + "\n"


def replaced(row: int, old: str, new: str, *, plans: bool = False) -> str:
    """A good file in which one cell of data row ``row`` (1 = first) is changed."""
    rows = list(PLAN_ROWS if plans else ROWS)
    assert old in rows[row - 1]
    rows[row - 1] = rows[row - 1].replace(old, new, 1)
    return text_of(PLANS if plans else HEADER, rows)


def csv_file(text: str, encoding: str = "utf-8") -> Build:
    """A text file."""
    return raw_file(text.encode(encoding))


def raw_file(data: bytes, name: str = "report.csv") -> Build:
    """A file of bytes."""

    def build(folder: Path) -> Sequence[Path]:
        path = folder / name
        path.write_bytes(data)
        return [path]

    return build


def workbook(change: Callable[[openpyxl.Workbook], None], *, plans: bool = False) -> Build:
    """A good workbook, then changed. Ids are text, numbers are numbers."""

    def build(folder: Path) -> Sequence[Path]:
        book = openpyxl.Workbook()
        header, rows, texts = (PLANS, PLAN_ROWS, 3) if plans else (HEADER, ROWS, 3)
        book.active.append(header.split(","))
        for row in rows:
            cells = row.split(",")
            book.active.append([*cells[:texts], *(float(cell) if cell else None for cell in cells[texts:])])
        change(book)
        path = folder / "report.xlsx"
        book.save(path)
        return [path]

    return build


def zip_file(members: dict[str, bytes]) -> Build:
    """A zip file with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return raw_file(buffer.getvalue(), "report.xlsx")


def history(
    cost: Callable[[int], str], gmv: Callable[[int], str] = lambda _: "1200.00", *, traffic: bool = True
) -> str:
    """Twelve days of one cell in November; cost and GMV of day d are given."""
    clicks = "6000,200" if traffic else ","
    orders = "4" if traffic else ""
    return text_of(
        HEADER, [f"2026-11-{d:02d},新客,20:00-22:00,{cost(d)},{clicks},{orders},{gmv(d)}," for d in range(1, 13)]
    )


def two_files(first: str, second: str) -> Build:
    """Two text files."""
    return lambda folder: [*raw_file(first.encode(), "a.csv")(folder), *raw_file(second.encode(), "b.csv")(folder)]


def assert_refused(bad: BadReport, folder: Path) -> None:
    """Asserts that a bad report is refused at its row and column, in both languages, and for nothing else."""
    with pytest.raises(BadDataError) as caught:
        read_reports(bad.build(folder), **bad.options)
    faults = caught.value.faults
    found = [(fault.code, fault.place.row, fault.place.column) for fault in faults]
    assert (bad.code, bad.row, bad.column) in found, caught.value.pick("zh")
    assert {code for code, _, _ in found} == {bad.code}, "no fault may drag others behind it"
    fault = faults[found.index((bad.code, bad.row, bad.column))]
    assert bad.zh in fault.pick("zh")
    english = fault.pick("en")
    assert bad.en.lower() in english.lower()
    assert not re.search(r"\. [a-z]", english), "after a full stop a sentence begins"
    assert caught.value.exit_code == 4
