"""XLSX sheets to raw tables: every cell becomes the text a person would have typed, none is rounded.

Source of the values: python-calamine, which reads 千川's inline strings and wrong dimensions; ``xlsx_package`` adds
what it does not tell.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import python_calamine as calamine

from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.limits import refuse_cells, refuse_columns, refuse_rows
from adspend_datasets.raw_table import Kind, RawTable
from adspend_datasets.source_file import SourceFile
from adspend_datasets.text import Text
from adspend_datasets.xlsx_package import Package, scan_package

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def xlsx_tables(source: SourceFile) -> tuple[RawTable, ...]:
    """Reads every visible worksheet that holds anything.

    Raises:
        BadDataError: E-FILE-ZIP, E-FILE-ROWS or E-FILE-COLS.
    """
    package = scan_package(source)
    for name, scan in package.sheets.items():  # before parsing: one far cell would take gigabytes
        refuse_rows(source.name, name, scan.end[0])
        refuse_columns(source.name, name, scan.end[1])
        refuse_cells(source.name, name, scan.end[0] * scan.end[1])
    try:
        with calamine.load_workbook(io.BytesIO(source.data)) as book:
            visible = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            if not package.sheets.keys() >= set(visible):  # a sheet that could not be scanned is not safe to parse
                raise _damaged(source.name, "")
            tables = [_table(book.get_sheet_by_name(name), source.name, package) for name in visible]
    except BadDataError:
        raise
    except (
        BaseException
    ) as error:  # whatever the parser stumbles over, the file is damaged; its panics are no Exception
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise _damaged(source.name, str(error)[:60]) from None
        raise
    return tuple(table for table in tables if table.cells.size)


def _damaged(file: str, value: str) -> BadDataError:
    law = Text(".xlsx 文件必须完整", "an .xlsx file must be whole")
    remedy = Text("请用 Excel 打开后另存为新的 .xlsx", "open it in Excel and save it as a new .xlsx")
    return BadDataError([Fault(code="E-FILE-ZIP", law=law, remedy=remedy, value=value, place=Place(file))])


def _table(sheet: calamine.CalamineSheet, file: str, package: Package) -> RawTable:
    scan = package.sheets[sheet.name]
    rows = sheet.to_python(skip_empty_area=False)
    columns = [_column(column) for column in zip(*rows, strict=True)]
    shape = (len(rows), len(columns))
    cells, kinds = np.full(shape, "", dtype=object), np.zeros(shape, dtype=np.int8)
    for index, (texts, numbers) in enumerate(columns):
        cells[:, index], kinds[numbers, index] = texts, Kind.NUMBER
    for kind, corners in ((Kind.UNCALCULATED, scan.uncalculated), (Kind.ERROR, scan.errors)):
        for row, column in corners:
            if row < shape[0] and column < shape[1]:
                kinds[row, column] = kind
    merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or [])
    for top, left, bottom, right in merged:  # shown in the whole range, and refused there, not as empty cells too
        cells[top : bottom + 1, left : right + 1] = cells[top, left] if top < shape[0] and left < shape[1] else ""
    return RawTable(
        file=file,
        sheet=sheet.name,
        cells=cells,
        kinds=kinds,
        rows=np.arange(1, shape[0] + 1, dtype=np.int64),
        widths=np.full(shape[0], shape[1], dtype=np.int64),
        merged=merged,
        hidden_rows=scan.hidden_rows,
        epoch_1904=package.epoch_1904,
    )


def _column(values: Sequence[Cell]) -> tuple[list[str], list[bool]]:
    """A column's texts, and which of its cells were numbers."""
    if all(type(value) is str for value in values):
        return [str(value).strip() for value in values], [False] * len(values)
    return list(map(_text, values)), [type(value) in (int, float) for value in values]


def _text(value: Cell) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, datetime.timedelta):  # [h]:mm, which may pass 24:00
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return value.isoformat()


def _number(value: float) -> str:
    """A number without exponent, to the 15 significant digits that a spreadsheet keeps.

    >>> _number(1234.3000000000002), _number(7.31e18), _number(3.0)
    ('1234.3', '7310000000000000000', '3')
    """
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    return str(int(value)) if float(value).is_integer() else f"{Decimal(text):f}"
