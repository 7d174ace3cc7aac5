"""Promotion (转正): a cell with thin data that surely earns leaves the tests, and the allocation may raise it.

It is then a cell to review, in its caps and in what the plan says of it: raises and untested spends stay bounded as
the shop file says, and the independent checker lets no FAIL cell rise.
"""

from __future__ import annotations

import numpy as np

from adspend.policy import Policy
from adspend.shop import Shop
from adspend.value_curves import ValueCurves
from adspend_datasets.text import Text
from adspend_models.bank import Floats, Grade, Grading

CHANCE_SPENDS = 8  # at which a cell's chance of earning is looked at


def acting_grading(policy: Policy, grading: Grading, chance: float) -> Grading:
    """The grading that a plan acts on and shows: a thin cell that surely earns is one to review."""
    if grading.grade is not Grade.FAIL or not grading.thin or chance < policy.promote:
        return grading
    why = Text(
        f"数据少，但盈利概率 {chance:.0%}（{policy.promote:.0%} 以上不再只当测试），加钱前请人工复核",
        f"little data, but {chance:.0%} likely to earn money ({policy.promote:.0%} is enough to end the tests); review "
        "it before raising it",
    )
    return Grading(grade=Grade.REVIEW, reasons=(why, *grading.reasons))


def earning_chances(shop: Shop, curves: ValueCurves) -> Floats:
    """Each cell's posterior probability of earning money at its likeliest spend within the shop's maximum, (n,)."""
    row = np.geomspace(shop.minimum_fen, max(shop.maximum_fen, shop.minimum_fen), CHANCE_SPENDS) / 100
    cost = np.tile(row, (len(curves.cells), 1))
    return np.asarray((curves.value_draws(cost) > cost).mean(axis=0).max(axis=1))
