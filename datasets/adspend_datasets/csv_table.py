"""CSV text to a raw table: the delimiter is found, quotes are checked, every record keeps its line number."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import NamedTuple

import numpy as np

from adspend_datasets.encoding import Decoded
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.limits import refuse_cells, refuse_columns, refuse_rows
from adspend_datasets.raw_table import Kind, RawTable
from adspend_datasets.text import Text

DELIMITERS = (",", "\t", ";")
_SAMPLE = 50  # records looked at to find the delimiter


class _Records(NamedTuple):
    """The records that are not blank lines: of each its first line's number and its width, and the cells of all."""

    lines: list[int]
    widths: list[int]
    cells: list[str]


def csv_table(decoded: Decoded, file: str) -> RawTable:
    """Reads a CSV file.

    Raises:
        BadDataError: E-CSV-DELIM, E-CSV-QUOTE, E-FILE-ROWS or E-FILE-COLS.
    """
    if "\0" in decoded.text:
        raise _fault(file, "E-FILE-KIND", *_BINARY)
    records = _records(decoded.text, _delimiter(decoded.text, file), file)
    widths = np.array(records.widths, dtype=np.int64)
    refuse_rows(file, "", len(widths))
    width = int(widths.max(initial=0))
    refuse_columns(file, "", width)
    refuse_cells(file, "", width * len(widths))
    bare = _unwrapped if '="' in decoded.text else str.strip
    texts = np.full((len(widths), width), "", dtype=object)
    texts[np.arange(width) < widths[:, None]] = [*map(bare, records.cells)]
    return RawTable(
        file=file,
        sheet="",
        cells=texts,
        kinds=np.broadcast_to(np.int8(Kind.TEXT), texts.shape),
        rows=np.array(records.lines, dtype=np.int64),
        widths=widths,
    )


def _unwrapped(cell: str) -> str:
    """A cell without outer blanks and without the ``="..."`` by which exports keep Excel from rewriting it."""
    text = cell.strip()
    return text[2:-1].strip() if text.startswith('="') and text.endswith('"') and len(text) > 2 else text


def _records(text: str, delimiter: str, file: str, most: int | None = None) -> _Records:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = _Records([], [], [])
    line = 1
    try:
        for cells in reader:
            if cells:
                records.lines.append(line)
                records.widths.append(len(cells))
                records.cells.extend(cells)
                refuse_cells(file, "", len(records.cells))
            line = reader.line_num + 1
            if most is not None and len(records.lines) >= most:
                break
    except csv.Error as error:
        raise _fault(file, "E-CSV-QUOTE", *_QUOTES, row=line, value=str(error)) from None
    return records


def _delimiter(text: str, file: str) -> str:
    """The delimiter under which most of the first records are equally wide; between equals, the widest."""
    scores: dict[str, tuple[float, int]] = {}
    failure: BadDataError | None = None
    for delimiter in DELIMITERS:
        try:
            sample = _records(text, delimiter, file, _SAMPLE).widths
        except BadDataError as error:
            failure = failure or error
            continue
        width, count = Counter(sample).most_common(1)[0] if sample else (0, 0)
        if width > 1:
            scores[delimiter] = (count / len(sample), width)
    if scores:
        return max(scores, key=lambda delimiter: scores[delimiter])
    if failure is not None:
        raise failure
    if not text.strip():
        return DELIMITERS[0]  # nothing to separate; the lack of data is found later
    raise _fault(file, "E-CSV-DELIM", *_DELIMITERS, row=1, value=text.strip().splitlines()[0][:60])


_BINARY = (
    Text("文件必须是 CSV 或 .xlsx 报表", "the file must be a CSV or .xlsx report"),
    Text("请从平台重新导出", "export it again from the platform"),
)
_QUOTES = (
    Text("引号必须成对，且只出现在单元格两端", "quotes must be paired and stand only around a whole cell"),
    Text("请用 Excel 打开后另存为「CSV UTF-8」", "open it in Excel and save it as 'CSV UTF-8'"),
)
_DELIMITERS = (
    Text("各列必须用逗号、分号或制表符分隔", "columns must be separated by commas, semicolons or tabs"),
    Text("请另存为「CSV UTF-8（逗号分隔）」", "save it as 'CSV UTF-8 (comma delimited)'"),
)


def _fault(file: str, code: str, law: Text, remedy: Text, row: int | None = None, value: str = "") -> BadDataError:
    return BadDataError([Fault(code=code, law=law, remedy=remedy, value=value, place=Place(file, row))])
