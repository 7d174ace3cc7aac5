"""plan.csv: one row per cell in the order to carry them out, for the platform's back office and for scripts.

Budgets are exact yuan. A paused cell has the action ``pause`` and an empty budget, never 0: on several platforms a
budget of 0 means "no limit".
"""

from __future__ import annotations

import csv
import io
import re

from adspend.actions import in_order
from adspend.plan import Plan, PlannedCell
from adspend_datasets.text import Language

HEADER = (
    "date",
    "segment",
    "slot",
    "action",
    "budget",
    "yesterday",
    "expected_orders",
    "expected_gmv",
    "expected_net",
    "p10_net",
    "marginal_return",
    "limits",
    "reason",
)
# A spreadsheet may run a text that begins so (OWASP ASVS 5.0, 1.2.10); full-width signs too, in Chinese locales. Our
# readers take one apostrophe off, so a text that has its own gets a second.
RISKY = re.compile(r"\s*[=+\-@＝＋－＠'\t\r\n\0]")


def plan_csv(plan: Plan, language: Language) -> bytes:
    """The file's bytes: UTF-8 with a byte-order mark, so that Excel shows Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for cell in in_order(plan.cells):
        writer.writerow(_row(plan, cell, language))
    return text.getvalue().encode("utf-8-sig")


def _row(plan: Plan, cell: PlannedCell, language: Language) -> tuple[str, ...]:
    return (
        plan.date.isoformat(),
        as_text(cell.cell.segment),
        as_text(cell.cell.slot),
        cell.action.value,
        exact_yuan(cell.budget_fen) if cell.budget_fen else "",
        "" if cell.yesterday_fen is None else exact_yuan(cell.yesterday_fen),
        f"{cell.expected_orders:.2f}",
        exact_yuan(cell.expected_gmv_fen),
        exact_yuan(cell.expected_net_fen),
        exact_yuan(cell.p10_net_fen),
        "" if cell.marginal_return is None else f"{cell.marginal_return:.4f}",
        as_text("|".join(cell.limits)),
        as_text(cell.reason.pick(language)),
    )


def exact_yuan(amount_fen: int) -> str:
    """An amount with 2 decimals, by integer arithmetic.

    >>> exact_yuan(-105), exact_yuan(30000)
    ('-1.05', '300.00')
    """
    whole, rest = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{whole}.{rest:02d}"


def as_text(words: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> as_text("=1+1"), as_text("新客")
    ("'=1+1", '新客')
    """
    return f"'{words}" if RISKY.match(words) else words
