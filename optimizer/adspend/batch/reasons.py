"""What needs a person, by reason: for each kind of remark how many shops have it, and how much of the money they plan.

A reason is a remark's severity and code. The sentences of one code differ from shop to shop in their numbers only, so
one of them stands for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adspend.batch.fault_names import FAULT_NAMES
from adspend.batch.record import Remark, ShopRecord
from adspend_datasets.text import Text, same

SEVERITY_WORDS = {
    "ERROR": Text("没有计划", "no plan"),
    "REVIEW": Text("需确认", "approve"),
    "WARN": Text("注意", "note"),
}
# what codes are called; a code that has no name here is its own
NAMES = {
    "BAD-DAYS": Text("坏日子 ROI 低于底线", "ROI below the floor on bad days"),
    "BEYOND-CAPS": Text("超出今日上限才赚钱", "pays beyond today's caps"),
    "BIG-RAISE": Text("总预算大幅增加", "big raise"),
    "BUDGET-UNUSUAL": Text("预算与日常花费相差悬殊", "budget unlike the usual spend"),
    "COLD-START": Text("没有报表，只凭先验", "prior only"),
    "CURVES-REVIEW": Text("曲线需复核", "curves to review"),
    "DECISIONS": Text("预算以外的决定", "decisions beside budgets"),
    "FESTIVAL": Text("计划日在大促中", "planned in a festival"),
    "FESTIVAL-ONLY": Text("报表只有大促日", "a report of festival days alone"),
    "FESTIVAL-UNSEEN": Text("计划日的大促阶段未见过", "festival phase never seen"),
    "IMPORT": Text("报表读取提醒", "remarks on reading"),
    "NO-FLOOR": Text("冲 GMV 而没有 ROI 底线", "GMV without an ROI floor"),
    "NOT-IN-SHOP": Text("报表有店铺文件外的单元", "cells not in the shop file"),
    "REFUND-CELLS": Text("部分单元退款偏高", "cells refunded more"),
    "REFUND-RATE": Text("退款率与店铺文件不符", "refund rate differs"),
    "STAGE": Text("阶段变化", "stage changed"),
    "STALE": Text("报表过期", "stale report"),
    "UNSPENT": Text("预算没有花完", "budget left unspent"),
    **FAULT_NAMES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """``shops`` have it, whose plans spend ``planned_fen``; ``example`` is the sentence of the first of them."""

    severity: str
    code: str
    shops: int
    planned_fen: int
    example: Text

    @property
    def name(self) -> Text:
        """What people call it."""
        return name_of(self.code)


def name_of(code: str) -> Text:
    """What people call a code."""
    return NAMES.get(code) or same(code)


def find_reasons(records: Sequence[ShopRecord]) -> tuple[Reason, ...]:
    """Errors, then what is to be approved, then notes; of each those of most shops first."""
    found: dict[tuple[str, str], list[tuple[ShopRecord, Remark]]] = {}
    for record in records:
        firsts = {(remark.severity, remark.code): remark for remark in reversed(record.remarks)}
        for key, remark in firsts.items():
            found.setdefault(key, []).append((record, remark))
    all_reasons = [
        Reason(
            severity=severity,
            code=code,
            shops=len(having),
            planned_fen=sum(record.figures.planned_fen for record, _ in having if record.figures is not None),
            example=having[0][1].text,
        )
        for (severity, code), having in found.items()
    ]
    severities = list(SEVERITY_WORDS)
    return tuple(sorted(all_reasons, key=lambda r: (severities.index(r.severity), -r.shops, r.code)))
