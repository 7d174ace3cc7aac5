"""summary.csv and summary.xlsx: one row per shop, those that need a person first; an overview in the workbook."""

from __future__ import annotations

import csv
import datetime
import io

import xlsxwriter

from adspend.batch.overview_sheet import fit_width, write_overview
from adspend.batch.record import Status
from adspend.batch.summary import STATUS_WORDS, Row, Summary
from adspend.batch.tally import tally
from adspend.outputs.formats import Formats, workbook_formats
from adspend.outputs.plan_csv import as_text, exact_yuan
from adspend.outputs.sheet_cells import Value, write_value
from adspend.outputs.workbook import OPTIONS
from adspend_datasets.text import Language, Text
from adspend_models.bank import Grade

# key in the CSV, head in the workbook, width in characters, format of the column
COLUMNS = (
    ("status", Text("状态", "status"), 9, "word"),
    ("name", Text("文件名", "name"), 18, "text"),
    ("shop", Text("店铺", "shop"), 24, "text"),
    ("category", Text("类目", "category"), 12, "text"),
    ("yesterday", Text("昨日消耗(元)", "yesterday (yuan)"), 13, "money"),
    ("yesterday_net", Text("昨日预期净值(元)", "yesterday's net (yuan)"), 15, "money"),
    ("budget", Text("预算(元)", "budget (yuan)"), 13, "money"),
    ("planned", Text("计划(元)", "planned (yuan)"), 13, "money"),
    ("expected_net", Text("预期净值(元)", "expected net (yuan)"), 13, "money"),
    ("gain", Text("比昨日花法(元)", "gain on yesterday (yuan)"), 13, "money"),
    ("pass", Text("可信单元", "PASS cells"), 8, "count"),
    ("review", Text("需复核单元", "REVIEW cells"), 8, "count"),
    ("fail", Text("不可信单元", "FAIL cells"), 8, "count"),
    ("to_approve", Text("待确认事项", "to approve"), 8, "count"),
    ("warnings", Text("提醒", "warnings"), 8, "count"),
    ("binding", Text("受限于", "held back by"), 30, "text"),
    ("recommended", Text("总预算下建议(元)", "recommended (yuan)"), 14, "money"),
    ("gap", Text("距最优至多", "gap at most"), 10, "gap"),
    ("kinds", Text("原因类别", "kinds of reason"), 30, "text"),
    ("reason", Text("原因 / 待确认", "reason / to approve"), 80, "text"),
    ("notes", Text("其他提醒", "other notes"), 30, "text"),
)
STATUS_FILLS = {
    Status.OK: ("#DFF0E6", "#1C5B3B"),
    Status.SKIPPED: ("#EEF1F2", "#5B6B74"),
    Status.FAILED: ("#F9DEDC", "#85231C"),
    Status.QUARANTINED: ("#F9DEDC", "#85231C"),
}
LONGEST = 2_000  # characters of a reason in a cell; record.json has all


def values(row: Row, language: Language) -> tuple[Value, ...]:
    """One shop's cells, in the order of ``COLUMNS``; money in yuan, None where there is no plan."""
    record, figures = row.record, row.figures
    money = (
        ("yesterday_fen", "yesterday_net_fen", "budget_fen", "planned_fen", "expected_net_fen")
        if figures is not None
        else ()
    )
    amounts = [None if (fen := getattr(figures, name)) is None else fen / 100 for name in money] or [None] * 5
    grades = [None] * len(Grade) if figures is None else list(figures.grades)
    warnings = sum(remark.severity == "WARN" for remark in record.remarks)
    return (
        STATUS_WORDS[record.status].pick(language),
        record.name,
        record.shop,
        record.category,
        *amounts,
        None if row.gain_fen is None else row.gain_fen / 100,
        *grades,
        record.reviews,
        warnings,
        row.binding.pick(language),
        None if row.recommended_fen is None else row.recommended_fen / 100,
        None if figures is None else figures.gap,
        row.kinds.pick(language),
        row.reason.pick(language)[:LONGEST],
        row.note_kinds.pick(language),
    )


def summary_csv(summary: Summary, language: Language) -> bytes:
    """The file's bytes: UTF-8 with a byte-order mark, so that Excel shows Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(key for key, *_ in COLUMNS)
    for row in summary.by_need:
        cells = zip(values(row, language), COLUMNS, strict=True)
        printed = [_printed(value, look) for value, (_, _, _, look) in cells]
        writer.writerow((row.record.status.value, *printed[1:]))
    return text.getvalue().encode("utf-8-sig")


def _printed(value: Value, look: str) -> str:
    if value is None:
        return ""
    if look == "money" and isinstance(value, float):
        return exact_yuan(round(value * 100))
    return f"{value:.6f}" if look == "gap" else as_text(value) if isinstance(value, str) else str(value)


def summary_workbook(summary: Summary, language: Language) -> bytes:
    """The workbook's bytes; equal summaries give equal bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    created = datetime.datetime.combine(summary.date, datetime.time())
    book.set_properties({"title": f"adspend batch {summary.date}", "created": created})
    formats = workbook_formats(book)
    _write_shops(book, summary, formats, language)
    write_overview(book, summary, formats, language)
    book.close()
    return buffer.getvalue()


def _write_shops(book: xlsxwriter.Workbook, summary: Summary, formats: Formats, language: Language) -> None:
    """A row per shop under a frozen filterable head, and their sums below."""
    sheet = book.add_worksheet(Text("店铺汇总", "Shops").pick(language))
    own = {"count": book.add_format({"num_format": "0"}), "gap": book.add_format({"num_format": "0.0000%"})}
    looks = [own.get(look) or formats[look] for _, _, _, look in COLUMNS]
    for column, (_, head, width, look) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        is_number = look in ("money", "count", "gap")
        sheet.write_string(0, column, head.pick(language), formats["head_number" if is_number else "head"])
    for number, row in enumerate(summary.by_need, start=1):
        for column, (value, look) in enumerate(zip(values(row, language), looks, strict=True)):
            write_value(sheet, number, column, value, look)
    for column, value in enumerate(_sums(summary, language)):
        write_value(sheet, len(summary.rows) + 1, column, value, formats["total_text" if column == 0 else "total"])
    for status, (fill, ink) in STATUS_FILLS.items():
        look = book.add_format({"bg_color": fill, "font_color": ink})
        rule = {"type": "cell", "criteria": "==", "value": f'"{STATUS_WORDS[status].pick(language)}"', "format": look}
        sheet.conditional_format(1, 0, len(summary.rows), 0, rule)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(summary.rows), len(COLUMNS) - 1)
    fit_width(sheet)
    sheet.repeat_rows(0)


def _sums(summary: Summary, language: Language) -> tuple[Value, ...]:
    """The money columns over all shops; a filter leaves the row alone."""
    sums = tally(summary.records)
    money = {
        "yesterday": sums.yesterday_fen,
        "budget": sums.budget_fen,
        "planned": sums.planned_fen,
        "expected_net": sums.expected_net_fen,
        "gain": sums.gain_fen,
    }
    if summary.agency is not None:
        money["recommended"] = summary.agency.spend_fen
    label: Value = Text("合计", "total").pick(language)
    return (label, *(money[key] / 100 if key in money else None for key, *_ in COLUMNS[1:]))
