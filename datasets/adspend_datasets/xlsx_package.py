"""The zip inside an .xlsx: refused before parsing where it could hurt, and scanned for what the parser does not tell.

The cell parser gives values only. Whether a formula was ever calculated, whether a cell is an error, whether rows are
hidden and how far the farthest cell is stands in the sheet's XML, which is read here with regular expressions; no XML
entity is ever expanded, and a part that declares any is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from html import unescape

from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.limits import MOST_COLUMNS, MOST_ROWS, SHEET_ENDS
from adspend_datasets.source_file import SourceFile
from adspend_datasets.text import Text

LARGEST_UNPACKED = 100 * 2**20  # bytes
MOST_ENTRIES = 200

_TAG = r"<(?:\w+:)?"  # some writers prefix every tag
_END = r"</(?:\w+:)?"
_ATTRIBUTES = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*"""  # a ">" may stand inside quotes
_SHEET = re.compile(_TAG + r"sheet\s([^>]*)>")
_RELATION = re.compile(_TAG + r"Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*["']([^"']*)["']""")
_HIDDEN_ROW = re.compile(rf"""{_TAG}row\s[^>]*\bhidden\s*=\s*["'](?:1|true)["']""".encode())
_ROW_START = re.compile(rf"{_TAG}row[\s/>]".encode())
_CELL_START = re.compile(rf"{_TAG}c[\s/>]".encode())
_CELL = re.compile(rf"{_TAG}c({_ATTRIBUTES})>(.*?){_END}c>".encode(), re.DOTALL)
_BLANK_CELL = re.compile(rf"{_TAG}c{_ATTRIBUTES}(?:/>|>\s*{_END}c>)".encode())
_BLANK_ROW = re.compile(rf"{_TAG}row{_ATTRIBUTES}(?:/>|>\s*{_END}row>)".encode())
_REFERENCE = re.compile(rb"""[\s"']r\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")  # of a cell; without letters, of a row
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_STRING = re.compile(rb"""\bt\s*=\s*["']str["']""")
_FORMULA = re.compile(rf"{_TAG}f[\s/>]".encode())
_VALUE = re.compile(rf"{_TAG}v[^>]*>[^<]".encode())

Corner = tuple[int, int]  # row and column, from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetScan:
    """What a sheet's XML tells beyond its values. ``end`` is one past the farthest filled cell."""

    end: Corner
    hidden_rows: int
    uncalculated: tuple[Corner, ...]
    errors: tuple[Corner, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A workbook's scan: one per visible or hidden worksheet, by name."""

    sheets: dict[str, SheetScan]
    epoch_1904: bool


def scan_package(source: SourceFile) -> Package:
    """Checks the zip's size and content, then scans every worksheet.

    Raises:
        BadDataError: E-FILE-ZIP, with what is wrong.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            _refuse_size(archive, source.name)
            parts = _parts(archive, source.name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise _fault(source.name, *_DAMAGED) from None
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise _fault(source.name, *_ENTITIES)
    if "xl/workbook.xml" not in parts or parts.keys() & {"xl/workbook.bin", "content.xml"}:  # or of two kinds at once
        raise _fault(source.name, *_NOT_WORKBOOK)
    book = parts["xl/workbook.xml"].decode("utf-8", errors="replace")
    return Package(
        sheets={name: _scan(parts[target]) for name, target in _targets(book, parts).items()},
        epoch_1904=re.search(r'date1904\s*=\s*"(?:1|true)"', book) is not None,
    )


def _refuse_size(archive: zipfile.ZipFile, file: str) -> None:
    """Trusts the declared sizes, which the archive's reader enforces when a part is read."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise _fault(file, *_ENTRIES, value=f"{len(entries):,}")
    if unpacked > LARGEST_UNPACKED:
        raise _fault(file, *_UNPACKED, value=f"{unpacked / 2**20:,.0f} MB")


def _parts(archive: zipfile.ZipFile, file: str) -> dict[str, bytes]:
    """All parts by normalised name; reading them checks their declared size and CRC."""
    names = [name.replace("\\", "/").lower() for name in archive.namelist()]
    if len(set(names)) < len(names):
        raise _fault(file, *_DAMAGED)
    return {name: archive.read(entry) for name, entry in zip(names, archive.infolist(), strict=True)}


def _targets(book: str, parts: dict[str, bytes]) -> dict[str, str]:
    """Each worksheet's name and the part that holds it."""
    relations = parts.get("xl/_rels/workbook.xml.rels", b"").decode("utf-8", errors="replace")
    found = [dict(_ATTRIBUTE.findall(text)) for text in _RELATION.findall(relations)]
    targets = {relation.get("Id"): relation.get("Target", "") for relation in found}
    sheets = {}
    for text in _SHEET.findall(book):
        attributes = dict(_ATTRIBUTE.findall(text))
        identity = next((value for key, value in attributes.items() if key.endswith(":id")), None)
        target = targets.get(identity, "").replace("\\", "/").lower().removeprefix("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in parts:
            sheets[unescape(attributes.get("name", ""))] = part
    return sheets


def _scan(xml: bytes) -> SheetScan:
    """Scans one sheet. Cells and rows that are only formatted are set aside where it would be too large with them."""
    end = _end(xml)
    if end[0] > MOST_ROWS or end[0] in SHEET_ENDS or end[1] > MOST_COLUMNS:
        end = _end(_BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", xml)))
    uncalculated: list[Corner] = []
    errors: list[Corner] = []
    if _FORMULA.search(xml) or _ERROR.search(xml):
        _collect(xml, uncalculated, errors)
    return SheetScan(
        end=end,
        hidden_rows=len(_HIDDEN_ROW.findall(xml)),
        uncalculated=tuple(uncalculated),
        errors=tuple(errors),
    )


def _end(xml: bytes) -> Corner:
    """One past the farthest cell, never too near: the cell parser takes memory for the whole rectangle up to it."""
    letters, numbers = Counter[bytes](), set[bytes]()
    for column, row in _REFERENCE.findall(xml):
        letters[column] += 1
        numbers.add(row)
    rows = letters.pop(b"", 0)
    columns = max(map(_column_number, letters), default=0)
    if len(_CELL_START.findall(xml)) > letters.total():  # cells without a reference stand one after another
        columns = max(columns, *(len(_CELL_START.findall(row)) for row in _ROW_START.split(xml)))
        rows = max(rows, len(_ROW_START.findall(xml)))
    return max(rows, max((min(int(number[:12]), 10**9) for number in numbers), default=0)), columns


def _collect(xml: bytes, uncalculated: list[Corner], errors: list[Corner]) -> None:
    """Collects formula cells without a stored value, and error cells."""
    for match in _CELL.finditer(xml):
        attributes, content = match.groups()
        reference = _REFERENCE.search(attributes)
        if reference is None:
            continue
        corner = int(reference[2]) - 1, _column_number(reference[1]) - 1
        if _ERROR.search(attributes):
            if b"#N/A" not in content and b"#DIV/0!" not in content:  # those two mean missing
                errors.append(corner)
        elif _FORMULA.search(content) and not _VALUE.search(content) and not _STRING.search(attributes):
            uncalculated.append(corner)


def _column_number(letters: bytes) -> int:
    """A=1, Z=26, AA=27; more letters than any sheet has are simply far."""
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number


_AGAIN = Text("请用 Excel 打开后另存为新的 .xlsx", "open it in Excel and save it as a new .xlsx")
_DAMAGED = (Text(".xlsx 文件必须完整", "an .xlsx file must be whole"), _AGAIN)
_ENTITIES = (Text("工作簿里不能有 XML 实体声明", "a workbook must not declare XML entities"), _AGAIN)
_NOT_WORKBOOK = (
    Text("压缩包必须是 .xlsx 工作簿", "a zip file must be an .xlsx workbook"),
    Text("请先解压，或另存为 .xlsx", "unpack it first, or save it as .xlsx"),
)
_ENTRIES = (
    Text(f"工作簿内不能超过 {MOST_ENTRIES} 个部件", f"a workbook must have at most {MOST_ENTRIES} parts"),
    _AGAIN,
)
_UNPACKED = (Text("工作簿解压后不能超过 100 MB", "a workbook must unpack to at most 100 MB"), _AGAIN)


def _fault(file: str, law: Text, remedy: Text, value: str = "") -> BadDataError:
    return BadDataError([Fault(code="E-FILE-ZIP", law=law, remedy=remedy, value=value, place=Place(file))])
