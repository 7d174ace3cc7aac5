"""design.xlsx: the test sheet (测试表) that an operator works through, and what the test is worth."""

from __future__ import annotations

import datetime
import io

import xlsxwriter

from adspend.design import CellTest, TestDesign
from adspend.outputs.design_words import headline, rules, stop_rule, why_tested, worth_lines
from adspend.outputs.formats import Formats, workbook_formats
from adspend.outputs.sheet_cells import Value, write_value
from adspend.outputs.workbook import OPTIONS
from adspend_datasets.text import Language, Text

BEFORE = ((Text("人群", "segment"), 16, "text"), (Text("时段", "slot"), 14, "text"))
AFTER = (
    (Text("测试花费(元)", "cost"), 13, "money"),
    (Text("每天多赚(元)", "learning a day"), 14, "money"),
    (Text("改变预算的可能", "chance of change"), 12, "share"),
    (Text("测出结论的可能", "power"), 12, "share"),
    (Text("测试日净值(元)", "own net"), 14, "change"),
    (Text("停投规则", "stop rule"), 26, "wrap"),
    (Text("为什么测", "why"), 52, "wrap"),
)
DAY_WIDTH = 12


def design_workbook(design: TestDesign, language: Language) -> bytes:
    """The workbook's bytes; equal designs give equal bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"title": design.shop, "created": datetime.datetime.combine(design.date, datetime.time())})
    formats = workbook_formats(book)
    _write_tests(book.add_worksheet(Text("测试表", "Test").pick(language)), design, formats, language)
    _write_summary(book.add_worksheet(Text("说明", "Summary").pick(language)), design, formats, language)
    book.close()
    return buffer.getvalue()


def _write_tests(
    sheet: xlsxwriter.worksheet.Worksheet, design: TestDesign, formats: Formats, language: Language
) -> None:
    """One row per cell, one column per day; an empty day is a day on its usual budget, never a budget of 0."""
    days = [(Text(f"{date:%m-%d}(元)", f"{date:%m-%d}"), DAY_WIDTH, "money") for date in design.dates]
    columns = (*BEFORE, *days, *AFTER)
    for column, (head, width, _) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head.pick(language), formats["head"])
    for row, test in enumerate(design.tests, start=1):
        for column, (value, (_, _, look)) in enumerate(zip(_values(test, language), columns, strict=True)):
            write_value(sheet, row, column, value, formats[look])
    last = len(design.tests) + 1
    totals: list[Value] = [Text("合计", "total").pick(language), None]
    totals += [sum(test.schedule_fen[day] for test in design.tests) / 100 for day in range(design.days)]
    totals += [design.cost_fen / 100, design.gain_fen / 100, None, None, design.expected_net_fen / 100, None, None]
    for column, value in enumerate(totals):
        write_value(sheet, last, column, value, formats["total_text" if isinstance(value, str) else "total"])
    sheet.freeze_panes(1, len(BEFORE))
    sheet.ignore_errors({"number_stored_as_text": f"A2:B{last + 1}"})
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _values(test: CellTest, language: Language) -> list[Value]:
    """One row."""
    return [
        test.cell.segment,
        test.cell.slot,
        *(level / 100 if level else None for level in test.schedule_fen),
        test.cost_fen / 100,
        test.gain_fen / 100,
        test.change,
        test.power,
        test.expected_net_fen / 100,
        stop_rule(test).pick(language),
        why_tested(test).pick(language),
    ]


def _write_summary(
    sheet: xlsxwriter.worksheet.Worksheet, design: TestDesign, formats: Formats, language: Language
) -> None:
    """Headline, worth, rules."""
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, f"{design.shop}  {design.date}", formats["title"])
    sheet.write_string(1, 0, headline(design).pick(language), formats["text"])
    row = 3
    for title, lines in (
        (Text("值多少", "What it is worth"), worth_lines(design)),
        (Text("怎么测才算数", "What makes it valid"), rules()),
    ):
        sheet.write_string(row, 0, title.pick(language), formats["section"])
        for line in lines:
            row += 1
            sheet.write_string(row, 0, line.pick(language), formats["wrap"])
        row += 2
    sheet.hide_gridlines(2)
