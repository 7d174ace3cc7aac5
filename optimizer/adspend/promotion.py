"""Promotion (转正): a cell with thin data that surely earns leaves the tests, and the allocation may raise it.

Its caps are then those of a cell to review: raises and untested spends stay bounded as the shop file says.
"""

from __future__ import annotations

import numpy as np

from adspend.policy import Policy
from adspend.shop import Shop
from adspend.value_curves import ValueCurves
from adspend_models.bank import Floats, Grade, Grading

CHANCE_SPENDS = 8  # at which a cell's chance of earning is looked at


def acting_grade(policy: Policy, grading: Grading, chance: float) -> Grade:
    """The grade that a cell's caps follow: a thin cell that surely earns counts as one to review."""
    is_promoted = grading.grade is Grade.FAIL and grading.thin and chance >= policy.promote
    return Grade.REVIEW if is_promoted else grading.grade


def earning_chances(shop: Shop, curves: ValueCurves) -> Floats:
    """Each cell's posterior probability of earning money at its likeliest spend within the shop's maximum, (n,)."""
    row = np.geomspace(shop.minimum_fen, max(shop.maximum_fen, shop.minimum_fen), CHANCE_SPENDS) / 100
    cost = np.tile(row, (len(curves.cells), 1))
    return np.asarray((curves.value_draws(cost) > cost).mean(axis=0).max(axis=1))
