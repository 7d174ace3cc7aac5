"""Which rows of a table are data: blank rows, repeated headers and total rows are told apart by what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from adspend_datasets.errors import BadDataError, Fault
from adspend_datasets.headers import Column, HeaderMatch
from adspend_datasets.import_report import Notes, step
from adspend_datasets.profile import COUNT_FIELDS, MONEY_FIELDS, RATE_FIELDS
from adspend_datasets.raw_table import Kind, Mask, RawTable, capped
from adspend_datasets.text import Text

_TOTAL = re.compile(
    r"(?:合计|总计|小计|汇总|总和|全部|平均|均值|共\s*[0-9,]+\s*条.*|(?:grand\s*|sub-?)?totals?(?:\s*[:：(].*|\s+of\s.*)?|average)[:：]?",
    re.IGNORECASE,
)
_NUMBERS = MONEY_FIELDS + COUNT_FIELDS + RATE_FIELDS
_AVERAGE = re.compile(r"平均.*|均值.*|average.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DataRows:
    """A table's data rows, and its total rows to be checked against them."""

    data: RawTable
    totals: RawTable


def data_rows(table: RawTable, match: HeaderMatch) -> tuple[DataRows, Notes]:
    """Splits the rows below the header.

    Raises:
        BadDataError: E-TABLE-EMPTY where no data row is left.
    """
    body = table.keep(np.arange(len(table.cells)) > match.row)
    blank = _equal_rows(body, [""] * body.cells.shape[1])
    repeated = ~blank & _equal_rows(body, table.cells[match.row].tolist())
    totals, averages = _total_rows(body, match)
    totals &= ~(averages | blank | repeated)
    data = body.keep(~(blank | repeated | totals | averages))
    if not len(data.cells):
        law = Text("表头下面必须有数据行", "there must be data rows below the header")
        remedy = Text("请检查导出的日期范围", "check the date range of the export")
        raise BadDataError([Fault(code="E-TABLE-EMPTY", law=law, remedy=remedy, place=table.place(match.row))])
    notes = (
        step("去掉中间重复的表头行", "repeated header rows dropped", int(repeated.sum()))
        + step("核对并去掉合计行", "total rows checked and dropped", int(totals.sum()))
        + step("去掉平均值行", "average rows dropped", int(averages.sum()))
    )
    return DataRows(data=data, totals=body.keep(totals)), notes + _form_notes(table, data, match)


def _equal_rows(body: RawTable, texts: Sequence[str]) -> Mask:
    """The rows that read ``texts`` in every column; most are out after the first one."""
    alike = np.arange(len(body.cells))
    for index, text in enumerate(texts):
        alike = alike[body.cells[alike, index] == text]
    mask = np.zeros(len(body.cells), dtype=bool)
    mask[alike] = True
    return mask


def _total_rows(body: RawTable, match: HeaderMatch) -> tuple[Mask, Mask]:
    """Rows that say in some text column that they are a total, and those that say they are an average."""
    numbers = {column.index for name, columns in match.columns.items() if name in _NUMBERS for column in columns}
    total, average = np.zeros((2, len(body.cells)), dtype=bool)
    for index in set(range(body.cells.shape[1])) - numbers:
        texts = body.cells[:, index]
        words = {word for word in set(texts) if not word.isdigit() and _TOTAL.fullmatch(word)}  # ids are digits
        if words:
            total |= np.array([text in words for text in texts], dtype=bool)
            average |= np.array([text in words and bool(_AVERAGE.fullmatch(text)) for text in texts], dtype=bool)
    return total, average


def mapped_columns(match: HeaderMatch) -> tuple[Column, ...]:
    """Every column whose values are used."""
    return (*(column for columns in match.columns.values() for column in columns), *match.detail)


def _form_notes(table: RawTable, data: RawTable, match: HeaderMatch) -> Notes:
    """Faults of form in the data rows: ragged records, merged cells, formulas and errors in the columns used."""
    columns = mapped_columns(match)
    faults = (
        *capped(list(_ragged(table, data, match))),
        *capped(list(_merged(table, data, columns))),
        *(fault for column in columns for fault in capped(list(_unreadable(data, column)))),
    )
    hidden = table.hidden_rows
    warning = Text(
        f"{table.file} 有 {hidden} 行被隐藏或筛选掉，仍计入",
        f"{table.file}: {hidden} hidden or filtered rows are counted too",
    )
    return Notes(faults=faults, warnings=(warning,) if hidden else ())


def _ragged(table: RawTable, data: RawTable, match: HeaderMatch) -> Iterable[Fault]:
    """Rows wider or narrower than the header, even by an empty cell.

    A row with an unquoted ``1,500.00`` and an empty last cell looks like one with a comma too many, but its numbers
    stand in the wrong columns.
    """
    width = int(table.widths[match.row])
    law = Text(f"每行必须和表头一样有 {width} 格", f"every row must have {width} cells like the header")
    remedy = Text("是否有未加引号的千分位逗号，或文件被截断？", "an unquoted thousands comma, or a truncated file?")
    for index in np.flatnonzero(data.widths != width):
        yield Fault(
            code="E-CSV-WIDTH", law=law, remedy=remedy, value=str(data.widths[index]), place=data.place(int(index))
        )


def _merged(table: RawTable, data: RawTable, columns: tuple[Column, ...]) -> Iterable[Fault]:
    law = Text("数据区不能有合并单元格", "data must not hold merged cells")
    remedy = Text("请取消合并并逐行填满", "unmerge them and fill every row")
    for top, left, bottom, right in table.merged:
        covered = np.flatnonzero((data.rows > top) & (data.rows <= bottom + 1))
        column = next((column for column in columns if left <= column.index <= right), None)
        if len(covered) and column is not None:
            place = data.place(int(covered[0]), column.header)
            yield Fault(code="E-XLSX-MERGED", law=law, remedy=remedy, place=place)


def _unreadable(data: RawTable, column: Column) -> Iterable[Fault]:
    kinds = data.kinds[:, column.index]
    for kind, code, law, remedy in _UNREADABLE:
        for index in np.flatnonzero(kinds == kind):
            yield Fault(code=code, law=law, remedy=remedy, place=data.place(int(index), column.header))


_UNREADABLE = (
    (
        Kind.UNCALCULATED,
        "E-XLSX-FORMULA",
        Text("公式必须已计算", "a formula must have been calculated"),
        Text("请复制后「粘贴为数值」再保存", "copy it, paste it as values, and save"),
    ),
    (
        Kind.ERROR,
        "E-XLSX-ERROR",
        Text("单元格不能是公式错误", "a cell must not be a formula error"),
        Text("请改正公式，没有数据就留空", "correct the formula, or leave the cell empty"),
    ),
)
