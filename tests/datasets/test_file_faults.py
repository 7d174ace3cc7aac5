"""Files that cannot be a report, and headers that cannot be read: each is refused with its own code and words."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from adspend_datasets.errors import BadDataError
from adspend_datasets.readers import read_reports
from oracles.bad_reports import (
    HEADER,
    PLAN_ROWS,
    PLANS,
    ROWS,
    RULES,
    BadReport,
    assert_refused,
    bad,
    csv_file,
    raw_file,
    replaced,
    text_of,
    two_files,
    workbook,
    zip_file,
)

GOOD = text_of(HEADER, ROWS)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1024)
MAPPED = {"rules": RULES}


def cell(address: str, value: object) -> object:
    """A change that sets one cell of the first sheet."""

    def change(book: openpyxl.Workbook) -> None:
        book.active[address] = value

    return change


def merge(book: openpyxl.Workbook) -> None:
    book.active.merge_cells("B2:B3")


def second_sheet(book: openpyxl.Workbook) -> None:
    book.copy_worksheet(book.active).title = "副本"


def far_cell(book: openpyxl.Workbook) -> None:
    book.active["A900000"] = "x"


FILES = [
    bad(
        "A3 broken byte",
        "E-FILE-ENC",
        "3",
        "CSV UTF-8",
        "one encoding",
        raw_file(GOOD.encode().replace("老客".encode(), b"\xe8\x80\x80\xff", 1)),
    ),
    bad(
        "A3 GBK row in a UTF-8 file",
        "E-FILE-ENC",
        "6",
        "同一种编码",
        "one encoding",
        raw_file(GOOD.encode() + "2026-11-22,新客,,1,1,1,1,1,".encode("gbk")),
    ),
    bad(
        "A4 mojibake header",
        "E-HEADER-UNKNOWN",
        "1:鏃ユ湡",
        "乱码",
        "garbled",
        csv_file(text_of(PLANS.encode().decode("gbk", "replace"), PLAN_ROWS)),
    ),
    bad(
        "A4 unknown header",
        "E-HEADER-UNKNOWN",
        "1:日其",
        "日期",
        "nearest known headers",
        csv_file("日其,消耗额,展现\n2026-11-20,1,2\n"),
    ),
    bad(
        "A5 no delimiter",
        "E-CSV-DELIM",
        "1",
        "逗号、分号或制表符",
        "commas, semicolons or tabs",
        csv_file("日期|消耗\n2026-11-20|300\n"),
    ),
    bad("A5 open quote", "E-CSV-QUOTE", "3", "引号", "quotes", csv_file(GOOD.replace("老客", '"老客', 1))),
    bad(
        "A6 unquoted thousands",
        "E-CSV-WIDTH",
        "3",
        "千分位",
        "thousands comma",
        csv_file(replaced(2, "500.00", "1,500.00")),
    ),
    bad("A27 truncated last row", "E-CSV-WIDTH", "6", "截断", "truncated", csv_file(GOOD + "2026-11-22,新客,20:0")),
    bad(
        "A14 wrong total",
        "E-TOTAL",
        "6:cost",
        "1630.00",
        "must equal the sum",
        csv_file(GOOD + "合计,,,1631.00,30200,1020,26,8200.00,\n"),
    ),
    bad("A14 wrong footer count", "E-TOTAL", "6", "条数", "count", csv_file(GOOD + "共 5 条,,,,,,,,\n")),
    bad("A15 merged key cells", "E-XLSX-MERGED", "2:segment", "合并", "merged", workbook(merge)),
    bad(
        "A16 formula not calculated",
        "E-XLSX-FORMULA",
        "3:cost",
        "粘贴为数值",
        "paste it as values",
        workbook(cell("D3", "=100+200")),
    ),
    bad("A16 formula error", "E-XLSX-ERROR", "3:cost", "公式错误", "formula error", workbook(cell("D3", "#REF!"))),
    bad("A17 two report sheets", "E-XLSX-SHEETS", "", "只能有一个工作表", "only one sheet", workbook(second_sheet)),
    bad(
        "A23 65,536 rows",
        "E-FILE-ROWS",
        "65536",
        "可能已被截断",
        "may be truncated",
        csv_file(HEADER + "\n" + "2026-11-20,a,b,1,1,1,1,1,\n" * 65535),
    ),
    bad(
        "A28 too many rows",
        "E-FILE-ROWS",
        "200001",
        "200,000 行",
        "200,000 rows",
        csv_file(HEADER + "\n" + "2026-11-20,a,b,1,1,1,1,1,\n" * 200000),
    ),
    bad("A28 too many columns", "E-FILE-COLS", "", "200 列", "200 columns", csv_file("a," * 201 + "\n")),
    bad(
        "A28 too many cells",
        "E-FILE-COLS",
        "",
        "4,000,000 格",
        "4,000,000 cells",
        csv_file((",".join("abcdefghij" * 19) + "\n") * 22_000),
    ),
    bad("A28 far cell", "E-FILE-ROWS", "900000", "200,000", "200,000", workbook(far_cell)),
    bad("A24 empty file", "E-FILE-EMPTY", "", "不能为空", "must not be empty", raw_file(b"")),
    bad(
        "A24 blank lines only",
        "E-TABLE-EMPTY",
        "",
        "必须有数据",
        "must hold data",
        csv_file("\n\n\n"),
    ),
    bad("A24 header only", "E-TABLE-EMPTY", "1", "数据行", "data rows", csv_file(HEADER + "\n")),
    bad("A24 old xls renamed", "E-FILE-XLS", "", ".xls", "not accepted", raw_file(OLE, "report.xlsx")),
    bad(
        "A24 password",
        "E-FILE-PASSWORD",
        "",
        "密码",
        "password",
        raw_file(OLE + "EncryptedPackage".encode("utf-16-le"), "report.xlsx"),
    ),
    bad(
        "A24 html as xls",
        "E-FILE-HTML",
        "",
        "网页",
        "web page",
        raw_file(b"<html><table></table></html>", "report.xls"),
    ),
    bad("A24 pdf", "E-FILE-KIND", "", "CSV 或 .xlsx", "CSV or .xlsx", raw_file(b"%PDF-1.7", "report.csv")),
    bad("A24 binary", "E-FILE-KIND", "", "CSV 或 .xlsx", "CSV or .xlsx", raw_file(b"a,b\n\x00,1\n")),
    bad("A24 torn workbook", "E-FILE-ZIP", "", "完整", "whole", raw_file(b"PK\x03\x04" + bytes(50), "report.xlsx")),
    bad("A24 other zip", "E-FILE-ZIP", "", "工作簿", "workbook", zip_file({"word/document.xml": b"<w/>"})),
    bad(
        "A28 zip bomb",
        "E-FILE-ZIP",
        "",
        "100 MB",
        "100 MB",
        zip_file({f"{n}.xml": bytes(6 * 2**20) for n in range(20)}),
    ),
    bad(
        "A28 many entries", "E-FILE-ZIP", "", "200 个部件", "200 parts", zip_file({f"{n}.xml": b"" for n in range(201)})
    ),
    bad(
        "A28 entity expansion",
        "E-FILE-ZIP",
        "",
        "实体",
        "entities",
        zip_file({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY a "ha">]><a/>'}),
    ),
    bad("A28 20 MB", "E-FILE-SIZE", "", "20 MB", "20 MB", raw_file(b"x" * (20 * 2**20 + 1))),
    bad("A26 same file twice", "E-FILE-AGAIN", "", "完全相同", "equals a.csv", two_files(GOOD, GOOD)),
    bad("missing file", "E-FILE-MISSING", "", "存在", "must exist", lambda folder: [folder / "none.csv"]),
]

HEADERS = [
    bad(
        "A21 renamed required column",
        "E-HEADER-MISSING",
        "1:orders",
        "order_number",
        "order_number",
        csv_file(GOOD.replace("orders", "order_number", 1)),
    ),
    bad("A21 header twice", "E-HEADER-TWICE", "1:cost", "重复", "twice", csv_file(GOOD.replace("clicks", "cost", 1))),
    bad(
        "A8 header says 万元",
        "E-UNIT-HEADER",
        "1:消耗(万元)",
        "单位",
        "but its header differs",
        csv_file(text_of(PLANS.replace("(元)", "(万元)", 1), PLAN_ROWS)),
        **MAPPED,
    ),
    bad(
        "A8 header says 分",
        "E-UNIT-HEADER",
        "1:消耗（分）",
        "「元」",
        "yuan",
        csv_file(text_of(PLANS.replace("(元)", "（分）", 1), PLAN_ROWS)),
        **MAPPED,
    ),
    bad(
        "A8 header says USD",
        "E-CURRENCY",
        "1:消耗(USD)",
        "CNY",
        "CNY",
        csv_file(text_of(PLANS.replace("消耗(元)", "消耗(USD)", 1), PLAN_ROWS)),
        **MAPPED,
    ),
    bad(
        "canonical cost in fen",
        "E-UNIT-HEADER",
        "1:cost_fen",
        "换算",
        "convert",
        csv_file(GOOD.replace("cost", "cost_fen", 1)),
    ),
]


@pytest.mark.parametrize("case", [*FILES, *HEADERS], ids=lambda case: case.name)
def test_fault_has_code_row_column_and_words(case: BadReport, tmp_path: Path) -> None:
    assert_refused(case, tmp_path)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A27."""
    (path,) = csv_file(GOOD)(tmp_path)
    original = Path.read_bytes

    def reading(self: Path) -> bytes:
        data = original(self)
        self.write_bytes(data + b"\n")
        return data

    monkeypatch.setattr(Path, "read_bytes", reading)
    with pytest.raises(BadDataError, match="must not change while it is read") as caught:
        read_reports([path])
    assert caught.value.faults[0].code == "E-FILE-CHANGED"
