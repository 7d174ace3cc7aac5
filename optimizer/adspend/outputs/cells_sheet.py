"""The workbook's first sheet (投放计划): one row per cell, in the order in which an operator carries them out."""

from __future__ import annotations

from unicodedata import east_asian_width

import xlsxwriter

from adspend.actions import in_order
from adspend.outputs.formats import Formats, fill_by_action, fill_by_grade
from adspend.outputs.sheet_cells import Value, write_value
from adspend.outputs.wording import ACTION_WORDS, GRADE_WORDS, limit_names
from adspend.plan import Plan, PlannedCell
from adspend_datasets.text import Language, Text, join

# head, width in characters, format of the column
COLUMNS = (
    (Text("日期", "date"), 11, "date"),
    (Text("人群", "segment"), 16, "text"),
    (Text("时段", "slot"), 13, "text"),
    (Text("动作", "action"), 9, "word"),
    (Text("预算(元)", "budget"), 11, "money"),
    (Text("昨日消耗(元)", "yesterday"), 13, "money"),
    (Text("变化(元)", "change"), 12, "change"),
    (Text("预期订单", "expected orders"), 10, "number"),
    (Text("预期GMV(元)", "expected GMV"), 13, "money"),
    (Text("预期净值(元)", "expected net"), 13, "money"),
    (Text("P10净值(元)", "P10 net"), 12, "money"),
    (Text("下一元净赚", "next yuan nets"), 11, "number"),
    (Text("曲线评级", "grade"), 9, "word"),
    (Text("受限于", "held by"), 24, "wrap"),
    (Text("理由", "reason"), 64, "wrap"),
)
LINE_HEIGHT = 14.5  # points of a line in the base font
ACTION, BUDGET, YESTERDAY, CHANGE, ORDERS, GMV, NET, GRADE = 3, 4, 5, 6, 7, 8, 9, 12  # columns


def write_cells_sheet(sheet: xlsxwriter.worksheet.Worksheet, plan: Plan, formats: Formats, language: Language) -> None:
    """The rows, their sums below, a frozen filterable head, and a page layout that prints."""
    for column, (head, width, _) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head.pick(language), formats["head"])
    ordered = in_order(plan.cells)
    for row, cell in enumerate(ordered, start=1):
        for column, (value, (_, _, look)) in enumerate(zip(_values(plan, cell, language), COLUMNS, strict=True)):
            write_value(sheet, row, column, value, formats[look])
        sheet.set_row(row, LINE_HEIGHT * _lines(plan, cell, language))
    _write_sums(sheet, plan, formats, language)
    fill_by_action(sheet, ACTION, len(ordered), formats, language)
    fill_by_grade(sheet, GRADE, len(ordered), formats, language)
    sheet.autofilter(0, 0, len(ordered), len(COLUMNS) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"B2:C{len(ordered) + 1}"})  # a segment may be called 2026
    sheet.freeze_panes(1, ACTION + 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P / &N")


def _lines(plan: Plan, cell: PlannedCell, language: Language) -> int:
    """How many lines the row's wrapped texts need: not every spreadsheet fits the height by itself."""
    *_, held_by, reason = _values(plan, cell, language)
    widths = [width for _, width, look in COLUMNS if look == "wrap"]
    wrapped = zip((str(held_by), str(reason)), widths, strict=True)
    return max(1, *(-(-text_width(words) // (width - 2)) for words, width in wrapped))


def text_width(words: str) -> int:
    """Width in columns; a Chinese character takes two.

    >>> text_width("预算 30")
    7
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def _values(plan: Plan, cell: PlannedCell, language: Language) -> tuple[Value, ...]:
    """One row, in the order of ``COLUMNS``. A cell with no money has an empty budget: 0 may mean "unlimited"."""
    yesterday = None if cell.yesterday_fen is None else cell.yesterday_fen / 100
    change = None if cell.yesterday_fen is None else (cell.budget_fen - cell.yesterday_fen) / 100
    return (
        plan.date,
        cell.cell.segment,
        " ".join(part for part in (cell.cell.slot, cell.cell.lever) if part),
        ACTION_WORDS[cell.action].pick(language),
        cell.budget_fen / 100 if cell.budget_fen else None,
        yesterday,
        change,
        cell.expected_orders,
        cell.expected_gmv_fen / 100,
        cell.expected_net_fen / 100,
        cell.p10_net_fen / 100,
        cell.marginal_return,
        GRADE_WORDS[cell.grading.grade].pick(language),
        join(limit_names(plan, cell), zh="、", en=", ").pick(language),
        cell.reason.pick(language),
    )


def _write_sums(sheet: xlsxwriter.worksheet.Worksheet, plan: Plan, formats: Formats, language: Language) -> None:
    """Sums of what adds up; a P10 does not."""
    row = len(plan.cells) + 1
    known = [cell.yesterday_fen for cell in plan.cells if cell.yesterday_fen is not None]
    sums: dict[int, float] = {
        BUDGET: plan.planned_fen / 100,
        ORDERS: sum(cell.expected_orders for cell in plan.cells),
        GMV: sum(cell.expected_gmv_fen for cell in plan.cells) / 100,
        NET: sum(cell.expected_net_fen for cell in plan.cells) / 100,
    }
    if known:
        sums[YESTERDAY] = sum(known) / 100
    for column in range(len(COLUMNS)):
        write_value(sheet, row, column, sums.get(column), formats["total"])
    sheet.write_string(row, 1, Text("合计", "total").pick(language), formats["total_text"])
