"""Workbooks: what their XML hides from the cell parser is found before it can hurt."""

from __future__ import annotations

import datetime
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from adspend_datasets.errors import BadDataError
from adspend_datasets.readers import read_reports
from oracles.bad_reports import (
    HEADER,
    ROWS,
    workbook,
    zip_file,
)


def test_a_1904_workbook_is_read_by_its_own_calendar(tmp_path: Path) -> None:
    """A22: serial numbers without a date format count from 1904 in such a workbook, from 1900 in others."""
    days = {}
    for name, epoch in (("mac.xlsx", CALENDAR_MAC_1904), ("win.xlsx", None)):
        book = openpyxl.Workbook()
        if epoch is not None:
            book.epoch = epoch
        book.active.append(HEADER.split(","))
        book.active.append([46191, "新客", "ALL", 300.5, 6000, 200, 4, 1200, None])
        book.save(tmp_path / name)
        report, _ = read_reports([tmp_path / name])
        days[name] = report.first_date
    assert days["win.xlsx"] == datetime.date(2026, 6, 18)
    assert days["mac.xlsx"] == days["win.xlsx"] + datetime.timedelta(days=1462)


FAR = {
    "beyond 32 bits": ('r="D3"', 'r="D99999999999"', "E-FILE-ROWS"),
    "in single quotes": ('r="D3"', "r='D900000'", "E-FILE-ROWS"),
    "in small letters": ('r="D3"', 'r="d900000"', "E-FILE-ROWS"),
    "by its row's number": ('<row r="3"><c r="A3"', '<row r="900000"><c', "E-FILE-ROWS"),
    "to the right": ('r="D3"', 'r="ZZZZZZZZZ3"', "E-FILE-COLS"),
    "behind a quoted end of tag": ('<c r="D3"', '<c r="D900000" x="/>"', "E-FILE-ROWS"),
    "without a blank before it": ('<c r="D3"', '<c x="1"r="D900000"', "E-FILE-ROWS"),
    "one after another": ('<c r="D3"', "<c><v>1</v></c>" * 300 + "<c", "E-FILE-COLS"),
}


@pytest.mark.parametrize("trick", FAR)
def test_a_far_cell_is_refused_however_it_is_written(trick: str, tmp_path: Path) -> None:
    """A28: the cell parser would take memory for the whole rectangle up to it, and abort the process."""
    old, new, code = FAR[trick]
    path = rewritten(tmp_path, "xl/worksheets/sheet1.xml", old, new)
    with pytest.raises(BadDataError) as caught:
        read_reports([path])
    assert [fault.code for fault in caught.value.faults] == [code]


def test_far_cells_that_are_only_formatted_do_not_matter(tmp_path: Path) -> None:
    """A border drawn down to the last row is no data."""
    blank = '<row r="1048576" ht="15"><c r="XFD1048576" s="1"/><c r="A1048576" s="1"></c></row></sheetData>'
    report, _ = read_reports([rewritten(tmp_path, "xl/worksheets/sheet1.xml", "</sheetData>", blank)])
    assert len(report.rows) == len(ROWS)


def test_a_sheet_that_cannot_be_scanned_is_not_parsed(tmp_path: Path) -> None:
    path = rewritten(tmp_path, "xl/_rels/workbook.xml.rels", "worksheets/sheet1", "worksheets/../worksheets/sheet1")
    with pytest.raises(BadDataError, match="E-FILE-ZIP"):
        read_reports([path])


def test_whatever_the_parser_stumbles_over_is_a_damaged_file(tmp_path: Path) -> None:
    """A duration of ten billion days overflows inside the parser."""

    def change(book: openpyxl.Workbook) -> None:
        book.active["D3"] = 1e10
        book.active["D3"].number_format = "[h]:mm"

    with pytest.raises(BadDataError, match=r"an \.xlsx file must be whole") as caught:
        read_reports(workbook(change)(tmp_path))
    assert [fault.code for fault in caught.value.faults] == ["E-FILE-ZIP"]


def rewritten(folder: Path, member: str, old: str, new: str) -> Path:
    """A good workbook of which one part is edited."""
    (path,) = workbook(lambda _: None)(folder)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[member].decode()
    parts[member] = parts[member].decode().replace(old, new, 1).encode()
    (edited,) = zip_file(parts)(folder)
    return edited


def test_a_lying_zip_size_is_noticed(tmp_path: Path) -> None:
    """A28: a member that declares fewer bytes than it holds cannot slip past the limit."""
    (path,) = workbook(lambda _: None)(tmp_path)
    data = bytearray(path.read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 1)
    path.write_bytes(data)
    with pytest.raises(BadDataError) as caught:
        read_reports([path])
    assert [fault.code for fault in caught.value.faults] == ["E-FILE-ZIP"]
