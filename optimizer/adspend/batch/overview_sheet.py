"""The workbook's overview: the reasons why shops need a person, and the sums of each category and of the run."""

from __future__ import annotations

from collections.abc import Sequence

import xlsxwriter

from adspend.batch.reasons import SEVERITY_WORDS, find_reasons
from adspend.batch.summary import Summary
from adspend.batch.tally import Tally, by_category, tally
from adspend.outputs.formats import Formats
from adspend.outputs.sheet_cells import Value, write_value
from adspend_datasets.text import Language, Text

REASON_HEADS = (
    Text("处理", "to do"),
    Text("原因", "reason"),
    Text("店铺", "shops"),
    Text("这些店铺的计划花费(元)", "planned spend of these"),
    Text("代码", "code"),
    Text("例如", "for example"),
)
CATEGORY_HEADS = (
    Text("类目", "category"),
    Text("", ""),
    Text("店铺", "shops"),
    Text("没有计划", "no plan"),
    Text("待确认", "to approve"),
    Text("昨日消耗(元)", "yesterday"),
    Text("预算(元)", "budget"),
    Text("计划(元)", "planned"),
    Text("预期净值(元)", "expected net"),
    Text("比昨日花法多赚(元)", "gain on yesterday"),
)
WIDTHS = (22, 26, 9, 22, 16, 18, 18, 18, 18, 18)
NO_CATEGORY, TOTAL = Text("未填类目", "no category"), Text("合计", "total")


def write_overview(book: xlsxwriter.Workbook, summary: Summary, formats: Formats, language: Language) -> None:
    """Adds the sheet."""
    sheet = book.add_worksheet(Text("总览", "Overview").pick(language))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    reasons = [
        (
            SEVERITY_WORDS[reason.severity].pick(language),
            reason.name.pick(language),
            reason.shops,
            reason.planned_fen / 100,
            reason.code,
            reason.example.pick(language),
        )
        for reason in find_reasons(summary.records)
    ]
    categories = [
        _sums(name or NO_CATEGORY.pick(language), sums) for name, sums in by_category(summary.records).items()
    ]
    total = _sums(TOTAL.pick(language), tally(summary.records))
    row = _table(sheet, 0, REASON_HEADS, reasons, formats, language)
    row = _table(sheet, row + 1, CATEGORY_HEADS, categories, formats, language)
    for column, value in enumerate(total):
        write_value(sheet, row, column, value, formats[_look(value, total=True)])


def _sums(name: str, sums: Tally) -> tuple[Value, ...]:
    """A row of the categories; money in yuan."""
    money = (sums.yesterday_fen, sums.budget_fen, sums.planned_fen, sums.expected_net_fen, sums.gain_fen)
    return (name, None, sums.shops, sums.without_plan, sums.to_approve, *(amount / 100 for amount in money))


def _table(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    heads: Sequence[Text],
    rows: Sequence[Sequence[Value]],
    formats: Formats,
    language: Language,
) -> int:
    """Writes heads and rows from ``row`` on; the row below."""
    for column, head in enumerate(heads):
        sheet.write_string(row, column, head.pick(language), formats["head"])
    for number, values in enumerate(rows, start=row + 1):
        for column, value in enumerate(values):
            write_value(sheet, number, column, value, formats[_look(value)])
    return row + 1 + len(rows)


def _look(value: Value, *, total: bool = False) -> str:
    """Money has fractions, counts have none."""
    if isinstance(value, float):
        return "total" if total else "money"
    return "total_text" if total else "text"
