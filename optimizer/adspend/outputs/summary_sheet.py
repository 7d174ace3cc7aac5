"""The workbook's second sheet (说明): warnings first, then totals, comparisons, what binds, and the proof."""

from __future__ import annotations

from dataclasses import dataclass

import xlsxwriter

from adspend.outputs.formats import Formats
from adspend.outputs.sheet_cells import Value, write_value
from adspend.outputs.wording import SEVERITY_WORDS, certificate_sentence, headline, price_words, warnings_first
from adspend.plan import Plan, Severity
from adspend_datasets.text import Language, Text

WIDTHS = (34, 16, 16, 16, 16, 18)
COMPARISON_HEADS = (
    Text("方案", "way"),
    Text("花费(元)", "spend"),
    Text("预期订单", "expected orders"),
    Text("预期GMV(元)", "expected GMV"),
    Text("预期净值(元)", "expected net"),
    Text("本计划多赚(元)", "plan earns more"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """Values side by side; ``look`` names their format, "" for the one that suits each value."""

    values: tuple[Value, ...]
    look: str = ""


def write_summary_sheet(
    sheet: xlsxwriter.worksheet.Worksheet, plan: Plan, formats: Formats, language: Language
) -> None:
    """Sections one below the other, each with its title."""
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, f"{plan.shop}  {plan.date}  {plan.stage.name.pick(language)}", formats["title"])
    sheet.write_string(1, 0, headline(plan).pick(language), formats["text"])
    row = 3
    for title, lines in _sections(plan, language):
        sheet.write_string(row, 0, title.pick(language), formats["section"])
        for line in lines:
            row += 1
            _write_line(sheet, row, line, formats)
        row += 2
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _write_line(sheet: xlsxwriter.worksheet.Worksheet, row: int, line: Line, formats: Formats) -> None:
    for column, value in enumerate(line.values):
        suits = "text" if isinstance(value, str) else "money"
        write_value(sheet, row, column, value, formats[line.look or suits])


def _sections(plan: Plan, language: Language) -> list[tuple[Text, list[Line]]]:
    return [
        (Text("先看提醒", "Warnings first"), _warnings(plan, language)),
        (Text("合计", "Totals"), _totals(plan, language)),
        (Text("与其他花法比较（同样的曲线）", "Compared on the same curves"), _comparisons(plan, language)),
        (Text("什么在限制计划，多一份值多少", "What binds, and what one more unit is worth"), _binding(plan, language)),
        (Text("最优性证明", "Certificate"), _proof(plan, language)),
    ]


def _warnings(plan: Plan, language: Language) -> list[Line]:
    lines = []
    for notice in warnings_first(plan):
        words = f"[{SEVERITY_WORDS[notice.severity].pick(language)}] {notice.text.pick(language)}"
        lines.append(Line((words,), look="review" if notice.severity is Severity.REVIEW else ""))
    return lines or [Line((Text("没有提醒", "no warnings").pick(language),))]


def _totals(plan: Plan, language: Language) -> list[Line]:
    gmv = sum(cell.expected_gmv_fen for cell in plan.cells)
    amounts: list[tuple[Text, float]] = [
        (Text("总预算(元)", "budget"), plan.budget_fen / 100),
        (Text("计划花费(元)", "planned spend"), plan.planned_fen / 100),
        (Text("预期净值(元)", "expected net"), sum(cell.expected_net_fen for cell in plan.cells) / 100),
        (Text("预期GMV(元)", "expected GMV"), gmv / 100),
        (Text("预期订单", "expected orders"), sum(cell.expected_orders for cell in plan.cells)),
        (Text("保本 ROI", "break-even ROI"), plan.break_even_roi),
    ]
    if plan.planned_fen:
        amounts.append((Text("预期 ROI", "expected ROI"), gmv / plan.planned_fen))
    return [Line((name.pick(language), amount)) for name, amount in amounts]


def _comparisons(plan: Plan, language: Language) -> list[Line]:
    """The plan itself comes first; the last column is what it nets beyond each other way."""
    lines = [Line(tuple(head.pick(language) for head in COMPARISON_HEADS), look="head")]
    for place, way in enumerate(plan.comparisons):
        more = plan.comparisons[0].expected_net_fen - way.expected_net_fen
        spend, gmv, net = way.cost_fen / 100, way.expected_gmv_fen / 100, way.expected_net_fen / 100
        own = None if place == 0 else more / 100
        lines.append(Line((way.name.pick(language), spend, way.expected_orders, gmv, net, own)))
    return lines


def _binding(plan: Plan, language: Language) -> list[Line]:
    """The sentence and the state share a cell, so that neither hides the other."""
    opening, closing = ("（", "）") if language == "zh" else (" (", ")")
    lines = [
        Line((limit.name.pick(language), f"{limit.price.pick(language)}{opening}{limit.used.pick(language)}{closing}"))
        for limit in plan.binding
    ]
    return lines or [Line((Text("没有限制卡住计划", "nothing binds").pick(language),))]


def _proof(plan: Plan, language: Language) -> list[Line]:
    check = Text("验证方法：adspend verify plan.json", "verify it: adspend verify plan.json")
    sentences = [Line((text.pick(language),)) for text in (certificate_sentence(plan), plan.formulation, check)]
    return sentences + [Line((price.name.pick(language), price.worth.pick(language))) for price in price_words(plan)]
