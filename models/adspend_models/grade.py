"""The grade: whether a person may act on a curve, and why, with the numbers inside the sentence.

A cell is FAIL if any law of ``fail_rules`` is broken, else REVIEW if any of ``review_rules`` is, else PASS. FAIL may
only be held, cut or tested; REVIEW needs a person's approval; a PASS says what it rests on. Reasons stand worst first:
the rules' order is their severity.
"""

from __future__ import annotations

from collections.abc import Callable

from adspend_datasets.text import Text, join
from adspend_models.bank import Grade, Grading
from adspend_models.evidence import CellEvidence
from adspend_models.fail_rules import FAIL_RULES, TEST_ADVICE, THIN_RULES, never_tested
from adspend_models.review_rules import MILD_RULES, REVIEW_RULES
from adspend_models.wording import yuan

Rule = Callable[[CellEvidence], Text | None]


def grade_cell(evidence: CellEvidence) -> Grading:
    """The grade of one cell's curve, with every reason that applies."""
    fact = never_tested(evidence)
    if fact is not None:
        return Grading(grade=Grade.FAIL, reasons=(_advised(never_tested, fact, evidence),), thin=True, fact=fact)
    failures = _broken(FAIL_RULES, evidence)
    doubts = _broken(REVIEW_RULES, evidence)
    if failures:
        fact = next(text for rule in FAIL_RULES if (text := rule(evidence)) is not None)
        return Grading(grade=Grade.FAIL, reasons=failures + doubts, thin=_is_thin(evidence), fact=fact)
    if doubts:
        return Grading(grade=Grade.REVIEW, reasons=doubts, mild=_is_mild(evidence))
    return Grading(grade=Grade.PASS, reasons=(_foundation(evidence),))


def _is_thin(evidence: CellEvidence) -> bool:
    """Whether every broken law asks for more data and none speaks against the cell."""
    return all(rule in THIN_RULES for rule in FAIL_RULES if rule(evidence) is not None)


def _is_mild(evidence: CellEvidence) -> bool:
    """Whether the curve has accounted for all that is objected to."""
    return all(rule in MILD_RULES for rule in REVIEW_RULES if rule(evidence) is not None)


def _broken(rules: tuple[Rule, ...], evidence: CellEvidence) -> tuple[Text, ...]:
    """What the rules object to, in their order, each with the test that would cure it."""
    return tuple(_advised(rule, text, evidence) for rule in rules if (text := rule(evidence)) is not None)


def _advised(rule: Rule, fact: Text, evidence: CellEvidence) -> Text:
    advice = TEST_ADVICE.get(rule)
    return fact if advice is None else join([fact, advice(evidence)])


def _foundation(evidence: CellEvidence) -> Text:
    """What a PASS rests on."""
    low, high = yuan(evidence.lowest_cost), yuan(evidence.highest_cost)
    days, levels, orders = evidence.usable_days, evidence.levels, evidence.orders
    return Text(
        f"依据 {days} 天、{levels} 个花费档位（{low}–{high} 元/天）、{orders:,.0f} 单；"
        f"花费每增 1%，订单约增 {evidence.elasticity:.2f}%",
        f"rests on {days} days, {levels} spend levels ({low} to {high} yuan a day) and {orders:,.0f} orders; "
        f"1 % more cost goes with about {evidence.elasticity:.2f} % more orders",
    )
