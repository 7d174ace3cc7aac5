"""The workbook's third sheet (时段表): budgets with segments down, slots across, sums at the edges."""

from __future__ import annotations

import xlsxwriter

from adspend.outputs.formats import Formats
from adspend.outputs.heat_map import FULL, heat_map
from adspend.outputs.wording import ACTION_WORDS
from adspend.plan import Action, Plan
from adspend_datasets.text import Language, Text


def write_slots_sheet(sheet: xlsxwriter.worksheet.Worksheet, plan: Plan, formats: Formats, language: Language) -> None:
    """The page's heat map as a sheet. A paused cell says so; a combination that the shop has not is empty."""
    heat = heat_map(plan)
    total, last, below = Text("合计", "total").pick(language), len(heat.slots) + 1, len(heat.rows) + 1
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, last, 13)
    for column, head in enumerate((Text("人群", "segment").pick(language), *heat.slots, total)):
        sheet.write_string(0, column, head, formats["head"])
    for row, (segment, fields, amount) in enumerate(heat.rows, start=1):
        sheet.write_string(row, 0, segment, formats["text"])
        for column, field in enumerate(fields, start=1):
            if field.budget_fen:
                sheet.write_number(row, column, field.budget_fen / 100, formats["money"])
            elif field.planned is not None:
                sheet.write_string(row, column, ACTION_WORDS[Action.PAUSE].pick(language), formats["quiet"])
        sheet.write_number(row, last, amount / 100, formats["money"])
    sheet.write_string(below, 0, total, formats["total_text"])
    for column, amount in enumerate((*heat.slot_sums, heat.total), start=1):
        sheet.write_number(below, column, amount / 100, formats["total"])
    _shade(sheet, len(heat.rows), len(heat.slots))
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _shade(sheet: xlsxwriter.worksheet.Worksheet, rows: int, columns: int) -> None:
    """Darker is more, as on the page."""
    full = "#{:02X}{:02X}{:02X}".format(*FULL)
    scale = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "min_color": "#FFFFFF", "max_color": full}
    sheet.conditional_format(1, 1, rows, columns, scale)
