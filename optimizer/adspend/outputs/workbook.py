"""plan.xlsx: the budget sheet that an operator forwards.

Three sheets: the plan cell by cell, its summary (warnings first), and budgets by segment and slot. Texts are never
formulas, and the creation date is the plan's, so that equal plans give equal bytes.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence

import xlsxwriter

from adspend.outputs.formats import Formats, workbook_formats
from adspend.outputs.wording import ACTION_WORDS, GRADE_WORDS, certificate_sentence, limit_names
from adspend.plan import Action, Plan, PlannedCell, Severity
from adspend_datasets.text import Language, Text, join

# head, width in characters, format of the column
COLUMNS = (
    (Text("日期", "date"), 11, "text"),
    (Text("人群", "segment"), 16, "text"),
    (Text("时段", "slot"), 14, "text"),
    (Text("动作", "action"), 9, "action"),
    (Text("预算(元)", "budget"), 12, "money"),
    (Text("昨日消耗(元)", "yesterday"), 13, "money"),
    (Text("变化(元)", "change"), 12, "change"),
    (Text("预期订单", "expected orders"), 10, "number"),
    (Text("预期GMV(元)", "expected GMV"), 14, "money"),
    (Text("预期净值(元)", "expected net"), 13, "money"),
    (Text("P10净值(元)", "P10 net"), 13, "money"),
    (Text("下一元净赚", "next yuan nets"), 11, "number"),
    (Text("曲线评级", "grade"), 10, "grade"),
    (Text("受限于", "held by"), 24, "wrap"),
    (Text("理由", "reason"), 70, "wrap"),
)


def plan_workbook(plan: Plan, language: Language) -> bytes:
    """The workbook's bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    midnight = datetime.datetime.combine(plan.date, datetime.time())
    book.set_properties({"title": plan.shop, "created": midnight})
    formats = workbook_formats(book)
    _cells_sheet(book.add_worksheet(Text("投放计划", "Plan").pick(language)), plan, formats, language)
    _summary_sheet(book.add_worksheet(Text("说明", "Summary").pick(language)), plan, formats, language)
    _slots_sheet(book.add_worksheet(Text("时段表", "By slot").pick(language)), plan, formats, language)
    book.close()
    return buffer.getvalue()


def _cells_sheet(sheet: xlsxwriter.worksheet.Worksheet, plan: Plan, formats: Formats, language: Language) -> None:
    for column, (head, width, _) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head.pick(language), formats["head"])
    order = sorted(plan.cells, key=lambda cell: (cell.budget_fen == 0, -cell.budget_fen))
    for row, cell in enumerate(order, start=1):
        for column, (value, (_, _, kind)) in enumerate(zip(_values(plan, cell, language), COLUMNS, strict=True)):
            name = cell.action.value if kind == "action" else cell.grading.grade.value if kind == "grade" else kind
            _write(sheet, row, column, value, formats[name])
    total = len(order) + 1
    sheet.write_string(total, 1, Text("合计", "total").pick(language), formats["total_text"])
    for column, amount in ((4, plan.planned_fen), (9, sum(cell.expected_net_fen for cell in plan.cells))):
        sheet.write_number(total, column, amount / 100, formats["total"])
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, len(order), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _values(plan: Plan, cell: PlannedCell, language: Language) -> tuple[str | float | None, ...]:
    """One row, in the order of ``COLUMNS``. A paused cell has no budget rather than a budget of 0."""
    yesterday = None if cell.yesterday_fen is None else cell.yesterday_fen / 100
    change = None if cell.yesterday_fen is None else (cell.budget_fen - cell.yesterday_fen) / 100
    return (
        plan.date.isoformat(),
        cell.cell.segment,
        cell.cell.slot,
        ACTION_WORDS[cell.action].pick(language),
        cell.budget_fen / 100 if cell.action is not Action.PAUSE else None,
        yesterday,
        change,
        cell.expected_orders,
        cell.expected_gmv_fen / 100,
        cell.expected_net_fen / 100,
        cell.p10_net_fen / 100,
        cell.marginal_return,
        GRADE_WORDS[cell.grading.grade.value].pick(language),
        join(limit_names(plan, cell), zh="、", en=", ").pick(language),
        cell.reason.pick(language),
    )


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: str | float | None, style: object
) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _summary_sheet(sheet: xlsxwriter.worksheet.Worksheet, plan: Plan, formats: Formats, language: Language) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 4, 18)
    row = 0
    for title, lines in _summary(plan, language):
        sheet.write_string(row, 0, title, formats["section"])
        row += 1
        for line in lines:
            for column, value in enumerate(line):
                _write(sheet, row, column, value, formats["money" if isinstance(value, float) else "text"])
            row += 1
        row += 1


def _summary(plan: Plan, language: Language) -> list[tuple[str, list[Sequence[str | float]]]]:
    """Sections of the summary: a title and its lines."""
    notices = sorted(plan.notices, key=lambda notice: notice.severity is not Severity.REVIEW)
    comparisons = [
        (c.name.pick(language), c.cost_fen / 100, c.expected_gmv_fen / 100, c.expected_net_fen / 100)
        for c in plan.comparisons
    ]
    heads = (
        Text("方案", "way"),
        Text("花费(元)", "cost"),
        Text("预期GMV(元)", "expected GMV"),
        Text("预期净值(元)", "expected net"),
    )
    return [
        (f"{plan.shop}  {plan.date}  {plan.stage.pick(language)}", []),
        (
            Text("先看提醒", "Warnings first").pick(language),
            [(f"[{notice.severity.value}] {notice.text.pick(language)}",) for notice in notices],
        ),
        (
            Text("与其他花法比较（同样的曲线）", "Compared on the same curves").pick(language),
            [tuple(head.pick(language) for head in heads), *comparisons],
        ),
        (
            Text("什么在限制计划，多一份值多少", "What binds, and what one more unit is worth").pick(language),
            [(limit.name.pick(language), limit.price.pick(language)) for limit in plan.binding],
        ),
        (Text("最优性证明", "Certificate").pick(language), [(certificate_sentence(plan).pick(language),)]),
    ]


def _slots_sheet(sheet: xlsxwriter.worksheet.Worksheet, plan: Plan, formats: Formats, language: Language) -> None:
    """Budgets by segment (rows) and slot (columns), with sums; paused cells are empty."""
    segments = list(dict.fromkeys(cell.cell.segment for cell in plan.cells))
    slots = list(dict.fromkeys(cell.cell.slot for cell in plan.cells))
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, len(slots) + 1, 13)
    for column, head in enumerate(
        (Text("人群", "segment").pick(language), *slots, Text("合计", "total").pick(language))
    ):
        sheet.write_string(0, column, head, formats["head"])
    for row, segment in enumerate(segments, start=1):
        sheet.write_string(row, 0, segment, formats["text"])
    for cell in plan.cells:
        if cell.budget_fen:
            row, column = segments.index(cell.cell.segment) + 1, slots.index(cell.cell.slot) + 1
            sheet.write_number(row, column, cell.budget_fen / 100, formats[cell.action.value + "_money"])
    for row, segment in enumerate(segments, start=1):
        total = sum(cell.budget_fen for cell in plan.cells if cell.cell.segment == segment)
        sheet.write_number(row, len(slots) + 1, total / 100, formats["total"])
    for column, slot in enumerate(slots, start=1):
        total = sum(cell.budget_fen for cell in plan.cells if cell.cell.slot == slot)
        sheet.write_number(len(segments) + 1, column, total / 100, formats["total"])
    sheet.write_number(len(segments) + 1, len(slots) + 1, plan.planned_fen / 100, formats["total"])
    sheet.freeze_panes(1, 1)
