"""plan.xlsx: the budget sheet that an operator forwards.

Three sheets: the plan cell by cell, its summary (warnings first), and budgets by segment and slot. Texts are never
formulas, and the creation date is the plan's, so that equal plans give equal bytes.
"""

from __future__ import annotations

import datetime
import io

import xlsxwriter

from adspend.outputs.cells_sheet import write_cells_sheet
from adspend.outputs.formats import workbook_formats
from adspend.outputs.slots_sheet import write_slots_sheet
from adspend.outputs.summary_sheet import write_summary_sheet
from adspend.plan import Plan
from adspend_datasets.text import Language, Text

# every text is written as a text already; these keep a call that guesses from ever making a formula or a link
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SHEETS = (
    (Text("投放计划", "Plan"), write_cells_sheet),
    (Text("说明", "Summary"), write_summary_sheet),
    (Text("时段表", "By slot"), write_slots_sheet),
)


def plan_workbook(plan: Plan, language: Language) -> bytes:
    """The workbook's bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"title": plan.shop, "created": datetime.datetime.combine(plan.date, datetime.time())})
    formats = workbook_formats(book)
    for name, write in SHEETS:
        write(book.add_worksheet(name.pick(language)), plan, formats, language)
    book.close()
    return buffer.getvalue()
