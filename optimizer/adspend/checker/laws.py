"""The rules that a plan must follow, and how a broken one is said."""

from __future__ import annotations

from dataclasses import dataclass

LAWS = {
    "P0": ("字段与类型必须符合格式", "fields and types must follow the schema"),
    "P1": ("金额必须是不小于 0 的整数分", "amounts must be whole fen, 0 or more"),
    "P2": ("预算合计必须等于计划额且不超过总预算", "budgets must sum to planned_fen, within the day's budget"),
    "P3": ("预算不得超过单元上限", "a budget must not exceed its cell's maximum"),
    "P4": ("预算必须为 0 或不低于起投门槛", "a budget must be 0 or at least its cell's minimum"),
    "P5": ("每条限制都必须成立", "every limit must hold"),
    "P6": ("单元与限制不得重复，系数每单元一个", "cells and limits must be distinct, one coefficient per cell"),
    "P7": ("曲线各列须等长，花费须从下限递增到上限", "tables must rise from minimum to maximum in equal columns"),
    "P8": ("动作必须与数字一致，FAIL 单元不得加量", "actions must agree with the numbers, a FAIL cell never rises"),
    "P9": ("锁定的单元必须等于锁定值", "a fixed cell must get exactly its fixed spend"),
    "P10": ("预算必须是步长的整数倍", "a budget must be a multiple of the step"),
    "P11": ("没有曲线的单元不得投放", "a cell without a curve must get nothing"),
    "P12": ("预期结果必须等于曲线上的值", "expectations must equal the curve's values"),
    "P13": ("证明中的目标值必须等于计划的目标值", "the certificate's value must equal the plan's"),
    "P14": ("上界与差距必须能由非负乘子推出", "bound and gap must follow from non-negative multipliers"),
    "P15": ("分支证明的各情形必须覆盖一切计划", "the cases of a branching proof must cover every plan"),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan breaks, where, and what was found."""

    rule: str
    place: str
    found: str
    law_zh: str
    law_en: str

    def pick(self, language: str) -> str:
        """One line in "zh" or "en"."""
        return f"{self.rule} {self.place}: {self.law_zh if language == 'zh' else self.law_en} ({self.found})"

    def __str__(self) -> str:
        return self.pick("en")


def broken(rule: str, place: str, found: str) -> Violation:
    """A broken rule with its law."""
    return Violation(rule, place, found, *LAWS[rule])
