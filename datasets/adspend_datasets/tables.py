"""A file's tables: its first bytes say what it is, whatever its name says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from adspend_datasets.csv_table import csv_table
from adspend_datasets.encoding import decode
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.raw_table import RawTable
from adspend_datasets.source_file import SourceFile
from adspend_datasets.text import Text
from adspend_datasets.xlsx_table import xlsx_tables

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # compound document: .xls, or any encrypted Office file
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(rb"\s*<(?:!doctype html|html|head|meta|table|style|div|\?xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileTables:
    """The tables of one file and how it was read: an encoding's name, or "xlsx"."""

    tables: tuple[RawTable, ...]
    encoding: str


def file_tables(source: SourceFile) -> FileTables:
    """Reads a CSV or .xlsx file.

    Raises:
        BadDataError: the file is something else (each with its own words), damaged, or too large.
    """
    _refuse_kind(source)
    if source.data.startswith(b"PK"):
        return FileTables(tables=xlsx_tables(source), encoding="xlsx")
    decoded = decode(source.data, source.name)
    return FileTables(tables=(csv_table(decoded, source.name),), encoding=decoded.encoding)


def _refuse_kind(source: SourceFile) -> None:
    data = source.data
    if data.startswith(_OLE) and _ENCRYPTED in data:
        law, code = Text("文件不能有打开密码", "a file must not need a password"), "E-FILE-PASSWORD"
        remedy = Text("请在 Excel 里去掉密码后另存", "remove the password in Excel and save it again")
    elif data.startswith(_OLE):
        law, code = Text("不接受老式 .xls 文件", "old .xls files are not accepted"), "E-FILE-XLS"
        remedy = Text("请另存为 .xlsx，只改扩展名没有用", "save it as .xlsx; renaming it is not enough")
    elif _HTML.match(data.removeprefix(b"\xef\xbb\xbf")):
        law, code = Text("文件其实是网页，不是表格", "the file is a web page, not a table"), "E-FILE-HTML"
        remedy = Text("请用 Excel 打开后另存为 .xlsx", "open it in Excel and save it as .xlsx")
    elif data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        law, code = Text("文件必须是 CSV 或 .xlsx 报表", "the file must be a CSV or .xlsx report"), "E-FILE-KIND"
        remedy = Text("请从平台重新导出", "export it again from the platform")
    else:
        return
    raise BadDataError([Fault(code=code, law=law, remedy=remedy, place=Place(source.name))])
