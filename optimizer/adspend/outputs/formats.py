"""The looks of the workbook: formats by name, and fills that follow the words in a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from adspend.outputs.wording import ACTION_WORDS, GRADE_WORDS
from adspend.plan import Action
from adspend_datasets.text import Language, Text
from adspend_models.bank import Grade

# fill and ink by word: quiet enough to print, distinct enough to scan a column; the page's colours
ACTION_FILLS = {
    Action.TEST: ("#FBEEDB", "#7A4A06"),
    Action.START: ("#DFF0E6", "#1C5B3B"),
    Action.RAISE: ("#DFF0E6", "#1C5B3B"),
    Action.HOLD: ("#E6EEF5", "#244F70"),
    Action.CUT: ("#F9E3DC", "#85391C"),
    Action.PAUSE: ("#EEF1F2", "#5B6B74"),
}
GRADE_FILLS = {
    Grade.PASS: ("#DFF0E6", "#1C5B3B"),
    Grade.REVIEW: ("#FBEEDB", "#7A4A06"),
    Grade.FAIL: ("#F9DEDC", "#85231C"),
}
DEEP, QUIET = "#1F4459", "#5B6B74"
HEAD = {"bold": True, "bg_color": DEEP, "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
LOOKS: dict[str, dict[str, object]] = {
    "text": {},
    "wrap": {"text_wrap": True},
    "word": {"align": "center"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "money": {"num_format": "#,##0.00"},
    "number": {"num_format": "#,##0.00"},
    "share": {"num_format": "0%"},
    "change": {"num_format": "+#,##0.00;-#,##0.00;0.00"},
    "head": HEAD,
    "head_number": HEAD | {"align": "right"},
    "title": {"bold": True, "font_size": 14, "font_color": DEEP},
    "section": {"bold": True, "font_size": 12, "font_color": DEEP},
    "review": {"bold": True, "font_color": "#A8322A"},
    "quiet": {"font_color": QUIET, "align": "center"},
    "total": {"bold": True, "top": 1, "num_format": "#,##0.00"},
    "total_text": {"bold": True, "top": 1},
}


@dataclass(frozen=True, slots=True)
class Formats:
    """The formats of one workbook: ``LOOKS`` by name, and one per (fill, ink)."""

    by_name: Mapping[str, Any]
    by_fill: Mapping[tuple[str, str], Any]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        return self.by_name[name]


def workbook_formats(book: xlsxwriter.Workbook) -> Formats:
    """Every format that the sheets use."""
    base: dict[str, object] = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
    fills = dict.fromkeys((*ACTION_FILLS.values(), *GRADE_FILLS.values()))
    return Formats(
        by_name={name: book.add_format({**base, **look}) for name, look in LOOKS.items()},
        by_fill={pair: book.add_format({"bg_color": pair[0], "font_color": pair[1]}) for pair in fills},
    )


def fill_by_action(
    sheet: xlsxwriter.worksheet.Worksheet, column: int, rows: int, formats: Formats, language: Language
) -> None:
    """Colours a column of actions by what it says, so that an edited action changes its colour."""
    _fill(sheet, column, rows, formats, {ACTION_WORDS[action]: fill for action, fill in ACTION_FILLS.items()}, language)


def fill_by_grade(
    sheet: xlsxwriter.worksheet.Worksheet, column: int, rows: int, formats: Formats, language: Language
) -> None:
    """The same for a column of grades."""
    _fill(sheet, column, rows, formats, {GRADE_WORDS[grade]: fill for grade, fill in GRADE_FILLS.items()}, language)


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet,
    column: int,
    rows: int,
    formats: Formats,
    fills: Mapping[Text, tuple[str, str]],
    language: Language,
) -> None:
    """Rules over the rows below the head."""
    for words, fill in fills.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{words.pick(language)}"', "format": formats.by_fill[fill]}
        sheet.conditional_format(1, column, rows, column, rule)
