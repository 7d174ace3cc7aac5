"""The festival calendar (大促日历), an editable CSV: one window a row, both dates included; ``#`` begins a remark.

    phase,start,end
    618,2026-05-26,2026-06-20

Several rows may share a name; windows of different names must not overlap, so that a day has one phase.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import numpy as np

from adspend_datasets.dates import parse_moment
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.festivals import Festivals, FestivalWindow, clashes, is_test
from adspend_datasets.names import clean_name
from adspend_datasets.raw_table import RawTable, capped
from adspend_datasets.refusal import RefusedValue
from adspend_datasets.source_file import SourceFile, read_source
from adspend_datasets.tables import file_tables
from adspend_datasets.text import Text

COLUMNS = ("phase", "start", "end")
REMARK = "#"
_REMARK_LINE = re.compile(rb"^(\xef\xbb\xbf)?\"?#[^\r\n]*", re.MULTILINE)


def read_festivals(path: Path) -> Festivals:
    """The calendar of a file, see ``parse_festivals``."""
    return parse_festivals(read_source(path))


def parse_festivals(source: SourceFile) -> Festivals:
    """The calendar of a CSV (or the first sheet of a workbook).

    Raises:
        BadDataError: columns missing, unknown or twice; a name that is empty, reserved or damaged; a date that is none;
            an end before its start; windows of different names that overlap; no window at all. Every fault of the file
            at once.
    """
    table = _table(source)
    at = _columns(table)
    faults: list[Fault] = []
    rows: dict[FestivalWindow, int] = {}
    for r in range(1, len(table.cells)):
        found = _read_row(table, r, at)
        if isinstance(found, FestivalWindow):
            rows.setdefault(found, r)
        else:
            faults += found
    if len(table.cells) == 1:
        faults.append(_no_window(table))
    ordered = sorted(rows, key=attrgetter("start", "end", "phase"))
    faults += [_overlap(table.place(rows[later], "start"), earlier, later) for earlier, later in clashes(ordered)]
    if faults:
        raise BadDataError(capped(faults))
    return Festivals(windows=tuple(ordered))


def _table(source: SourceFile) -> RawTable:
    """The file's first table without remarks and blank rows, which spreadsheets leave as rows of separators."""
    if not source.data.startswith(b"PK"):  # text: remarks of one cell would hide what separates the others
        source = replace(source, data=_REMARK_LINE.sub(rb"\1", source.data))
    table = file_tables(source).tables[0]
    remark = np.array([str(row[0]).startswith(REMARK) for row in table.cells], dtype=np.bool_)
    return table.keep(~remark & (table.cells != "").any(axis=1))


def _columns(table: RawTable) -> dict[str, int]:
    """Where each column stands; a column of nothing but blanks is none."""
    if not len(table.cells):
        raise BadDataError([_column_fault(table, 1, "")])
    header = [str(name).strip().lower() for name in table.cells[0]]
    used = [name for name, column in zip(header, table.cells.T, strict=True) if name or (column != "").any()]
    if sorted(used) != sorted(COLUMNS):
        raise BadDataError([_column_fault(table, int(table.rows[0]), ",".join(used))])
    return {name: header.index(name) for name in COLUMNS}


def _read_row(table: RawTable, r: int, at: dict[str, int]) -> FestivalWindow | list[Fault]:
    """The row's window, or all that is wrong with the row."""
    texts = {name: str(table.cells[r, column]) for name, column in at.items()}
    faults: list[Fault] = []
    name, dates = "", []
    try:
        name = _phase(texts["phase"])
    except RefusedValue as refusal:
        faults.append(refusal.at(table.place(r, "phase"), texts["phase"]))
    for column in ("start", "end"):
        try:
            dates.append(_date(texts[column], epoch_1904=table.epoch_1904))
        except RefusedValue as refusal:
            faults.append(refusal.at(table.place(r, column), texts[column]))
    if len(dates) == 2 and dates[1] < dates[0]:
        law = Text(f"结束日期不能早于开始日期 {dates[0]}", f"the end must not come before the start, {dates[0]}")
        remedy = Text("请改正日期；起止两天都算在内", "Correct the dates; both days count")
        place = table.place(r, "end")
        faults.append(Fault(code="E-FESTIVAL-ORDER", law=law, value=texts["end"], place=place, remedy=remedy))
    return faults or FestivalWindow(phase=name, start=dates[0], end=dates[1])


def _phase(text: str) -> str:
    """A phase's name, as a report's would be read.

    Raises:
        RefusedValue: empty, reserved, or letters that no name may hold.
    """
    name = clean_name(text)
    if not name:
        law = Text("大促名称不能为空", "a festival phase must have a name")
        raise RefusedValue("E-FESTIVAL-NAME", law, Text("请填写名称，例如 618", "Write its name, such as 618"))
    if is_test(name.lower()):
        law = Text("test 是测试日专用的标记，不能作大促名称", "'test' is kept for test days, no festival may bear it")
        raise RefusedValue("E-FESTIVAL-NAME", law, Text("请换一个名称，例如 618", "Choose another, such as 618"))
    return name


def _date(text: str, *, epoch_1904: bool) -> datetime.date:
    moment = parse_moment(text, epoch_1904=epoch_1904)
    if moment.minute:
        law = Text("日历按整天计，不能带时间", "a calendar counts whole days, without a time of day")
        raise RefusedValue("E-DATE", law, Text("请写成 2026-06-18", "write it as 2026-06-18"))
    return moment.day


def _no_window(table: RawTable) -> Fault:
    law = Text("大促日历至少要有一段", "a festival calendar must have a window")
    remedy = Text(
        "表头下每行写一段，例如 618,2026-05-26,2026-06-20；以 # 开头的行只是备注",
        "Write one a row below the header, such as 618,2026-05-26,2026-06-20; a line that begins with # is a remark",
    )
    place = Place(table.file, int(table.rows[0]), sheet=table.sheet)
    return Fault(code="E-FESTIVAL-NONE", law=law, place=place, remedy=remedy)


def _column_fault(table: RawTable, row: int, value: str) -> Fault:
    names = ",".join(COLUMNS)
    law = Text(f"大促日历的列须恰为 {names}", f"the columns of a festival calendar must be exactly {names}")
    remedy = Text(
        f"表头写成 {names}，每行一段，起止两天都算在内",
        f"Write the header {names} and one window a row, both dates included",
    )
    place = Place(table.file, row, sheet=table.sheet)
    return Fault(code="E-FESTIVAL-COLUMNS", law=law, value=value, place=place, remedy=remedy)


def _overlap(place: Place, earlier: FestivalWindow, later: FestivalWindow) -> Fault:
    law = Text(
        f"同一天只能属于一个大促，但与「{earlier.phase}」({earlier.start} 至 {earlier.end})重叠",
        f"a day must belong to one phase, and this one overlaps '{earlier.phase}' ({earlier.start} to {earlier.end})",
    )
    remedy = Text("请改正日期，或两段用同一名称", "Correct the dates, or give both windows one name")
    value = f"{later.phase} {later.start} – {later.end}"
    return Fault(code="E-FESTIVAL-OVERLAP", law=law, value=value, place=place, remedy=remedy)
