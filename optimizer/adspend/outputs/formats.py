"""The looks of the workbook's cells, by name."""

from __future__ import annotations

from typing import Any

import xlsxwriter

Formats = dict[str, Any]

# fills by action: quiet enough to print, distinct enough to scan a column
ACTION_FILLS = {
    "test": "#E3ECF7",
    "start": "#DDF0E4",
    "raise": "#CFE8D6",
    "hold": "#F4F4F2",
    "cut": "#FBE9D5",
    "pause": "#E9E9E9",
}
GRADE_FILLS = {"PASS": "#DDF0E4", "REVIEW": "#FFF3CD", "FAIL": "#F8D9D6"}
MONEY, NUMBER, CHANGE = "#,##0.00", "#,##0.00", "+#,##0.00;-#,##0.00;0.00"


def workbook_formats(book: xlsxwriter.Workbook) -> Formats:
    """Every format that the sheets use."""
    base: dict[str, object] = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
    looks: dict[str, dict[str, object]] = {
        "text": {},
        "wrap": {"text_wrap": True},
        "money": {"num_format": MONEY},
        "number": {"num_format": NUMBER},
        "change": {"num_format": CHANGE},
        "head": {"bold": True, "bg_color": "#22495F", "font_color": "#FFFFFF", "text_wrap": True, "border": 1},
        "section": {"bold": True, "font_size": 12, "font_color": "#22495F"},
        "total": {"bold": True, "top": 1, "num_format": MONEY},
        "total_text": {"bold": True, "top": 1},
    }
    for name, fill in {**ACTION_FILLS, **GRADE_FILLS}.items():
        looks[name] = {"bg_color": fill, "align": "center"}
    for name, fill in ACTION_FILLS.items():
        looks[f"{name}_money"] = {"bg_color": fill, "num_format": MONEY}
    return {name: book.add_format({**base, **look}) for name, look in looks.items()}
