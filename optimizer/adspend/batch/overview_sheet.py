"""The workbook's overview: the run and the agency's split, the reasons why shops need a person, sums by category."""

from __future__ import annotations

from collections.abc import Sequence

import xlsxwriter

from adspend.batch.agency_figures import agency_figures, overspent
from adspend.batch.agency_words import agency_sentences
from adspend.batch.reasons import SEVERITY_WORDS, find_reasons
from adspend.batch.summary import Summary, headline
from adspend.batch.tally import Tally, by_category, tally
from adspend.outputs.formats import Formats
from adspend.outputs.sheet_cells import Value, write_value
from adspend_datasets.text import Language, Text

REASON_HEADS = (
    Text("处理", "to do"),
    Text("原因", "reason"),
    Text("店铺", "shops"),
    Text("这些店铺的计划花费(元)", "planned spend of these (yuan)"),
    Text("代码", "code"),
    Text("例如", "for example"),
)
CATEGORY_HEADS = (
    Text("类目", "category"),
    Text("", ""),
    Text("店铺", "shops"),
    Text("没有计划", "no plan"),
    Text("待确认", "to approve"),
    Text("昨日消耗(元)", "yesterday (yuan)"),
    Text("预算(元)", "budget (yuan)"),
    Text("计划(元)", "planned (yuan)"),
    Text("预期净值(元)", "expected net (yuan)"),
    Text("比昨日花法多赚(元)", "gain on yesterday (yuan)"),
)
WIDTHS = (22, 26, 9, 22, 16, 18, 18, 18, 18, 18)
TITLE = Text("店铺汇总", "Summary of shops")
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
    sheet.write_string(0, 0, f"{TITLE.pick(language)} {summary.date}", formats["title"])
    sheet.write_string(1, 0, headline(summary).pick(language), formats["text"])
    row = _agency(sheet, 2, summary, formats, language) + 1
    row = _table(sheet, row, REASON_HEADS, reasons, formats, language)
    row = _table(sheet, row + 1, CATEGORY_HEADS, categories, formats, language)
    for column, value in enumerate(total):
        write_value(sheet, row, column, value, formats[_look(value, total=True)])
    fit_width(sheet)


def fit_width(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    """Prints across A4, no column on a page of its own."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _agency(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, summary: Summary, formats: Formats, language: Language
) -> int:
    """Writes the split from ``row`` on, the warning first; the row below."""
    over = overspent(summary)
    if over is not None:
        sheet.write_string(row, 0, over.pick(language), formats["review"])
        row += 1
    for figure in agency_figures(summary):
        words = figure.name.pick(language), figure.note.pick(language)
        for column, value in enumerate((words[0], None, figure.yuan, words[1])):
            write_value(sheet, row, column, value, formats[_look(value)])
        row += 1
    for sentence in agency_sentences(summary):
        sheet.write_string(row, 0, sentence.pick(language), formats["text"])
        row += 1
    return row


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
        is_number = any(isinstance(values[column], int | float) for values in rows[:1])
        sheet.write_string(row, column, head.pick(language), formats["head_number" if is_number else "head"])
    for number, values in enumerate(rows, start=row + 1):
        for column, value in enumerate(values):
            write_value(sheet, number, column, value, formats[_look(value)])
    return row + 1 + len(rows)


def _look(value: Value, *, total: bool = False) -> str:
    """Money has fractions, counts have none."""
    if isinstance(value, float):
        return "total" if total else "money"
    return "total_text" if total else "text"
