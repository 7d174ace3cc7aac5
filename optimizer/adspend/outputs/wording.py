"""The words that every output shares: actions, grades, names of limits, and what the certificate says."""

from __future__ import annotations

from dataclasses import dataclass

from adspend.aim import AIM_WORDS, LOSS_PROOF, Aim, fill
from adspend.caps import CAP_NAMES
from adspend.gains import expected_words
from adspend.money import short_yuan, yuan_text
from adspend.plan import Action, Notice, Plan, PlannedCell, Severity
from adspend.problem import MICRO, MICRO_PER_FEN
from adspend_datasets.text import Text, counted, same
from adspend_models.bank import Grade

ACTION_WORDS = {
    Action.TEST: Text("测试", "test"),
    Action.START: Text("启动", "start"),
    Action.RAISE: Text("加预算", "raise"),
    Action.HOLD: Text("维持", "hold"),
    Action.CUT: Text("减预算", "cut"),
    Action.PAUSE: Text("暂停", "pause"),
}

GRADE_WORDS = {
    Grade.PASS: Text("可信", "PASS"),
    Grade.REVIEW: Text("需复核", "REVIEW"),
    Grade.FAIL: Text("不可信", "FAIL"),
}

SEVERITY_WORDS = {Severity.REVIEW: Text("需确认", "REVIEW"), Severity.WARN: Text("注意", "WARN")}


def warnings_first(plan: Plan) -> list[Notice]:
    """The notices, those that need a person's approval before the others."""
    return sorted(plan.notices, key=lambda notice: notice.severity is not Severity.REVIEW)


def limit_names(plan: Plan, cell: PlannedCell) -> list[Text]:
    """The names of what holds a cell."""
    rows = {limit.key: limit.name for limit in plan.problem.limits}
    return [rows.get(key) or CAP_NAMES.get(key) or same(key) for key in cell.limits]


def share_text(share: float) -> str:
    """A small share for a sentence; one that is not zero never reads as zero.

    >>> share_text(0.0), share_text(0.00003), share_text(0.0021)
    ('0%', '<0.01%', '0.21%')
    """
    if share <= 0:
        return "0%"
    return f"{share:.2%}" if share >= 0.0001 else "<0.01%"


def headline(plan: Plan) -> Text:
    """What the plan spends and should earn, its tests' part of it, and how much better any other could be."""
    expected = expected_words(yuan_text(sum(cell.expected_net_fen for cell in plan.cells)))
    planned, budget = yuan_text(plan.planned_fen), yuan_text(plan.budget_fen)
    tests, given, proven = _tests(plan), _given(plan), _proven(plan)
    return Text(
        f"计划花 {planned} 元（预算 {budget} 元），{expected.zh}{tests.zh}。已证明：同样的{given.zh}下，{proven.zh}。",
        f"Spend {planned} of a budget of {budget} yuan and {expected.en}{tests.en}. "
        f"Proven: on the same {given.en} {proven.en}.",
    )


def _tests(plan: Plan) -> Text:
    """What the tests cost and should earn, as the sentence's tail: their levels are set to learn, not to earn."""
    tests = [cell for cell in plan.cells if cell.action is Action.TEST]
    if not tests:
        return Text("", "")
    if any(notice.code == "COLD-START" for notice in plan.notices):
        return Text(
            f"。今天是冷启动测试日，{len(tests)} 个测试的档位是为学习而定的，不求当天赚钱",
            f". This is a cold-start test day: the levels of its {counted(len(tests), 'test')} are set to learn, not "
            "to earn that day",
        )
    spend, net = (short_yuan(sum(getattr(cell, name) for cell in tests)) for name in ("budget_fen", "expected_net_fen"))
    expected = expected_words(net)
    return Text(
        f"；其中 {len(tests)} 个测试花 {spend} 元，{expected.zh}，为以后几天学习",
        f"; of that {counted(len(tests), 'test')}, there to learn, spend {spend} and {expected.en}",
    )


def _given(plan: Plan) -> Text:
    """What every split that the proof compares has in common."""
    if any(cell.action is Action.TEST for cell in plan.cells):
        return Text("曲线、限制和测试", "curves, limits and tests")
    return Text("曲线和限制", "curves and limits")


def _proven(plan: Plan) -> Text:
    """How much better any other split could be; below a fen there is no money left to name."""
    certificate = plan.certificate
    missed = max(certificate.bound_micro - certificate.value_micro, 0)
    if missed < MICRO_PER_FEN:
        return AIM_WORDS[plan.aim].unbeaten
    return fill(AIM_WORDS[plan.aim].beaten, amount=f"{missed / MICRO:,.2f}", gap=share_text(certificate.gap))


def certificate_sentence(plan: Plan) -> Text:
    """How good the plan is proven to be, in one sentence."""
    certificate = plan.certificate
    is_loss = plan.aim is Aim.NET and certificate.bound_micro < 0
    sign = -1 if is_loss or plan.aim is Aim.COST else 1  # a cost is a loss to the objective
    value, bound = (f"{sign * micro / MICRO:,.2f}" for micro in (certificate.value_micro, certificate.bound_micro))
    words = LOSS_PROOF if is_loss else AIM_WORDS[plan.aim].proof
    return fill(words, given=_given(plan), value=value, bound=bound, gap=f"{certificate.gap:.4%}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWords:
    """One multiplier of the certificate as people read it: what one unit of a limit is worth, and exactly."""

    name: Text
    worth: Text
    exact: str  # micro-yuan per unit of the row


def price_words(plan: Plan) -> list[PriceWords]:
    """The certificate's multipliers, dearest first as the plan gives them."""
    limits = {limit.key: limit for limit in plan.problem.limits}
    words = []
    for key, price in plan.certificate.multipliers:
        limit = limits.get(key)
        each = float(price) * (limit.per_unit if limit else 1) / MICRO
        unit = limit.unit if limit and limit.unit.zh else Text("单位", "unit")
        worth = Text(f"每{unit.zh} {each:,.4f} 元", f"{each:,.4f} yuan per {unit.en}")
        words.append(PriceWords(name=limit.name if limit else same(key), worth=worth, exact=str(price)))
    return words
