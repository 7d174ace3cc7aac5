"""A sheet: a header and rows of values, before it becomes CSV or a workbook.

A value is text, a count (int), an amount or ratio with two decimals (Decimal), or None where the platform has no
number. None is printed as the platform prints it, "-" or nothing, never as 0.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MISSING = "-"
_CENT = Decimal("0.01")

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header and its rows, all of one width."""

    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __post_init__(self) -> None:
        """Refuses rows that do not fit the header."""
        for number, row in enumerate(self.rows):
            if len(row) != len(self.header):
                raise ValueError(f"row {number} must have {len(self.header)} values, but got {len(row)}")


def yuan(amount_fen: int) -> Decimal:
    """Fen as yuan with two decimals, exact.

    >>> yuan(-5)
    Decimal('-0.05')
    """
    return Decimal(int(amount_fen)).scaleb(-2)


def ratio(numerator: int, denominator: int, *, times: int = 1) -> Decimal | None:
    """``times`` numerator / denominator with two decimals; None where the denominator is 0.

    >>> ratio(1, 8, times=100), ratio(1, 0)
    (Decimal('12.50'), None)
    """
    if denominator == 0:
        return None
    return (Decimal(int(numerator) * times) / Decimal(int(denominator))).quantize(_CENT, rounding=ROUND_HALF_UP)


def printed(value: Value, *, thousands: bool, missing: str) -> str:
    """A value as the platform prints it.

    >>> printed(Decimal("1234.50"), thousands=True, missing="-"), printed(None, thousands=True, missing="-")
    ('1,234.50', '-')
    """
    if value is None:
        return missing
    if isinstance(value, str):
        return value
    return f"{value:,}" if thousands else f"{value}"


def csv_bytes(sheet: Sheet, *, encoding: str, thousands: bool, missing: str, line_end: str) -> bytes:
    """The sheet as CSV in ``encoding``."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end)
    writer.writerow(sheet.header)
    writer.writerows([printed(value, thousands=thousands, missing=missing) for value in row] for row in sheet.rows)
    return text.getvalue().encode(encoding)
