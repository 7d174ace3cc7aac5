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
from dataclasses import dataclass
from html import unescape

from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.limits import MOST_COLUMNS, MOST_ROWS, SHEET_ENDS
from adspend_datasets.source_file import SourceFile
from adspend_datasets.text import Text

LARGEST_UNPACKED = 100 * 2**20  # bytes
MOST_ENTRIES = 200

_TAG = r"<(?:\w+:)?"  # some writers prefix every tag
_SHEET = re.compile(_TAG + r"sheet\s([^>]*)>")
_RELATION = re.compile(_TAG + r"Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')
_HIDDEN_ROW = re.compile(_TAG.encode() + rb'row\s[^>]*\bhidden="(?:1|true)"')
_ROW = re.compile(_TAG.encode() + rb"row[\s/>]")
_CELL = re.compile(_TAG.encode() + rb"c\s([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)  # <c .../> holds nothing
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FILLED = re.compile(_TAG.encode() + rb"(?:v|is)>[^<]*[^<\s]|" + _TAG.encode() + rb"is>")
_FORMULA = re.compile(_TAG.encode() + rb"f[\s/>]")
_VALUE = re.compile(_TAG.encode() + rb"v>[^<]")

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
            parts = {name: archive.read(name) for name in archive.namelist()}  # reading checks size and CRC of all
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError):
        raise _fault(source.name, *_DAMAGED) from None
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise _fault(source.name, *_ENTITIES)
    if "xl/workbook.xml" not in parts:
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


def _targets(book: str, parts: dict[str, bytes]) -> dict[str, str]:
    """Each worksheet's name and the part that holds it."""
    relations = parts.get("xl/_rels/workbook.xml.rels", b"").decode("utf-8", errors="replace")
    found = [dict(_ATTRIBUTE.findall(text)) for text in _RELATION.findall(relations)]
    targets = {relation.get("Id"): relation.get("Target", "") for relation in found}
    sheets = {}
    for text in _SHEET.findall(book):
        attributes = dict(_ATTRIBUTE.findall(text))
        identity = next((value for key, value in attributes.items() if key.endswith(":id")), None)
        target = targets.get(identity, "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in parts:
            sheets[unescape(attributes.get("name", ""))] = part
    return sheets


def _scan(xml: bytes) -> SheetScan:
    """Scans one sheet, cell by cell only where it holds formulas or errors or seems to be too large."""
    references = _REFERENCE.findall(xml)
    end = (
        max((int(row) for _, row in references), default=len(_ROW.findall(xml))),
        max(map(_column_number, {letters for letters, _ in references}), default=0),
    )
    uncalculated: list[Corner] = []
    errors: list[Corner] = []
    if (
        end[0] > MOST_ROWS
        or end[0] in SHEET_ENDS
        or end[1] > MOST_COLUMNS
        or b"<f" in xml
        or b":f" in xml
        or (b't="e"' in xml)
    ):
        end = _scan_cells(xml, uncalculated, errors)
    return SheetScan(
        end=end,
        hidden_rows=len(_HIDDEN_ROW.findall(xml)),
        uncalculated=tuple(uncalculated),
        errors=tuple(errors),
    )


def _scan_cells(xml: bytes, uncalculated: list[Corner], errors: list[Corner]) -> Corner:
    """Collects formula cells without a value and error cells; returns one past the farthest cell that holds anything.

    Cells that are only formatted do not count: a border drawn down to the last row is no data.
    """
    rows = columns = 0
    for match in _CELL.finditer(xml):
        attributes, content = match.groups()
        reference = _REFERENCE.search(b" " + attributes)
        if reference is None:
            continue
        corner = int(reference[2]) - 1, _column_number(reference[1]) - 1
        if b't="e"' in attributes and b"#N/A" not in content and b"#DIV/0!" not in content:  # those two mean missing
            errors.append(corner)
        elif _FORMULA.search(content) and not _VALUE.search(content) and b't="str"' not in attributes:
            uncalculated.append(corner)
        elif not _FILLED.search(content):
            continue
        rows, columns = max(rows, corner[0] + 1), max(columns, corner[1] + 1)
    return rows, columns


def _column_number(letters: bytes) -> int:
    """A=1, Z=26, AA=27."""
    number = 0
    for letter in letters:
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
