"""What a plan decides beside the budgets, in words: today's hits, the rebate tier reached, fees paid."""

from __future__ import annotations

from adspend.allocation import Allocation
from adspend.measures import exact
from adspend.money import yuan_text
from adspend.plan import Notice, Severity
from adspend.problem import MICRO_PER_FEN, Problem
from adspend_datasets.text import Text


def decision_notices(problem: Problem, allocation: Allocation) -> tuple[Notice, ...]:
    """One notice that lists every option taken and what it costs or brings; none where there is nothing to decide."""
    n = len(problem.cells)
    taken = []
    for j, option in enumerate(problem.options):
        level = allocation.spend[n + j]
        if level:
            worth = round(exact(problem.tables[n + j], "objective", level) / MICRO_PER_FEN)
            taken.append(_said(option.name, worth))
    if not problem.options:
        return ()
    words = Text("；".join(t.zh for t in taken) or "无", "; ".join(t.en for t in taken) or "none")
    text = Text(f"预算以外的决定：{words.zh}", f"decided beside the budgets: {words.en}")
    return (Notice(code="DECISIONS", severity=Severity.WARN, text=text),)


def _said(name: Text, worth_fen: int) -> Text:
    if worth_fen == 0:
        return name
    zh, en = ("得", "brings") if worth_fen > 0 else ("付", "costs")
    amount = yuan_text(abs(worth_fen))
    return Text(f"{name.zh}（{zh} {amount} 元）", f"{name.en} ({en} {amount})")
