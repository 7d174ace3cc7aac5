"""Writing one value into a sheet by its type: texts stay texts, dates are dates, what is missing stays empty."""

from __future__ import annotations

import datetime

import xlsxwriter

Value = str | float | datetime.date | None


def write_value(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Value, style: object) -> None:
    """A text is never read as a formula, link or number, whatever it begins with."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif isinstance(value, datetime.date):
        sheet.write_datetime(row, column, datetime.datetime.combine(value, datetime.time()), style)
    else:
        sheet.write_number(row, column, value, style)
