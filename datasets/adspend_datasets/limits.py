"""How large a table may be, and the row counts that betray a truncated export."""

from __future__ import annotations

from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.text import Text

MOST_ROWS = 200_000  # about a year of 12 segments x 48 half-hours
MOST_COLUMNS = 200
MOST_CELLS = 4_000_000  # keeps reading below 300 MB and some seconds; a month of half-hours by plan has a tenth of it
# The last rows of .xls and .xlsx. A file of exactly that length has probably lost the rest: England's COVID figures
# missed 15,841 cases in 2020 that way.
SHEET_ENDS = (65_536, 1_048_576)


def refuse_rows(file: str, sheet: str, rows: int) -> None:
    """Refuses a table of ``rows`` rows, header included, that is cut off or too long.

    Raises:
        BadDataError: E-FILE-ROWS.
    """
    if rows in SHEET_ENDS:
        law = Text(
            "文件不能恰好到达行数上限，可能已被截断", "a file must not end exactly at a row limit, it may be truncated"
        )
    elif rows > MOST_ROWS:
        law = Text(f"一份报表不能超过 {MOST_ROWS:,} 行", f"a report must have at most {MOST_ROWS:,} rows")
    else:
        return
    remedy = Text("请按更短的日期范围分几次导出", "export shorter date ranges into several files")
    raise BadDataError(
        [Fault(code="E-FILE-ROWS", law=law, remedy=remedy, value=f"{rows:,}", place=Place(file, rows, sheet=sheet))]
    )


def refuse_columns(file: str, sheet: str, columns: int) -> None:
    """Refuses a table that is wider than any report.

    Raises:
        BadDataError: E-FILE-COLS.
    """
    if columns > MOST_COLUMNS:
        law = Text(f"一份报表不能超过 {MOST_COLUMNS} 列", f"a report must have at most {MOST_COLUMNS} columns")
        raise _too_wide(file, sheet, law, columns)


def refuse_cells(file: str, sheet: str, cells: int) -> None:
    """Refuses a table whose rows times columns would take too much memory.

    Raises:
        BadDataError: E-FILE-COLS.
    """
    if cells > MOST_CELLS:
        law = Text(f"一份报表不能超过 {MOST_CELLS:,} 格", f"a report must have at most {MOST_CELLS:,} cells")
        raise _too_wide(file, sheet, law, cells)


def _too_wide(file: str, sheet: str, law: Text, count: int) -> BadDataError:
    remedy = Text("请删去多余的列", "delete the columns that are not needed")
    fault = Fault(code="E-FILE-COLS", law=law, remedy=remedy, value=f"{count:,}", place=Place(file, sheet=sheet))
    return BadDataError([fault])
