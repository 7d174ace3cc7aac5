"""A sheet as an Excel workbook, the same bytes every time.

A workbook normally carries the moment it was made; here the creation date is an argument, and XlsxWriter already
dates the members of the zip 1980-01-01. Same sheet, same date, same bytes (with the same zlib).
"""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import xlsxwriter

from adspend_models.market.exports.sheet import MISSING, Sheet, printed


def xlsx_bytes(sheet: Sheet, *, name: str, title: str, created: datetime.date, as_text: bool) -> bytes:
    """The sheet as .xlsx.

    Args:
        sheet: header and rows.
        name: the worksheet's name.
        title: the document's title property.
        created: the document's creation date.
        as_text: write numbers as the printed text, thousands separators included, as some exports do.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": datetime.datetime.combine(created, datetime.time())})
        formats = {int: book.add_format({"num_format": "#,##0"}), Decimal: book.add_format({"num_format": "#,##0.00"})}
        page = book.add_worksheet(name)
        page.write_row(0, 0, sheet.header)
        page.freeze_panes(1, 0)
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, (int, Decimal)) and not as_text:
                    # A double holds an amount of two decimals exactly enough to print it back.
                    page.write_number(number, column, float(value), formats[type(value)])
                else:
                    page.write_string(number, column, printed(value, thousands=True, missing=MISSING))
    return buffer.getvalue()
