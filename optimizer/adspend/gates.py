"""Cells whose curve pays only beyond what today's caps allow: the S-shape that a step-by-step raise never reaches.

A plan may not jump there on its own; a person may, by locking the cell. So the plan says where it would pay, as far as
the tested range supports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adspend.caps import CellRange
from adspend.history import CellHistory
from adspend.shop import Shop
from adspend.value_curves import ValueCurves

POINTS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The spend beyond the cap at which the cell would earn most, and what it would earn (fen)."""

    spend_fen: int
    net_fen: int


def gates(
    shop: Shop, curves: ValueCurves, histories: Sequence[CellHistory], ranges: Sequence[CellRange]
) -> tuple[Gate | None, ...]:
    """For each cell: where it would pay beyond its cap, if it pays nowhere within; None otherwise."""
    reach = [_reach(shop, history) for history in histories]
    allowed = [cell_range.most_fen if cell_range.is_open else shop.minimum_fen for cell_range in ranges]
    shares = np.linspace(0.0, 1.0, POINTS)
    low = np.array([shop.minimum_fen] * len(reach), dtype=np.float64)[:, None]
    top = np.array(allowed, dtype=np.float64)[:, None]
    within = low + shares * np.maximum(top - low, 0.0)
    beyond = top + shares * np.maximum(np.array(reach, dtype=np.float64)[:, None] - top, 0.0)
    beyond = beyond // shop.step_fen * shop.step_fen  # what a person would lock
    net_within = curves.expected(within / 100).value - within / 100
    net_beyond = curves.expected(beyond / 100).value - beyond / 100
    best = net_beyond.argmax(axis=1)
    found: list[Gate | None] = []
    for i, k in enumerate(best.tolist()):
        pays = net_within[i].max() <= 0 < net_beyond[i, k] and beyond[i, k] > allowed[i]
        found.append(Gate(spend_fen=int(beyond[i, k]), net_fen=int(net_beyond[i, k] * 100)) if pays else None)
    return tuple(found)


def _reach(shop: Shop, history: CellHistory) -> int:
    """As far as the tested range supports a claim, and the budget a lock."""
    return int(min(shop.maximum_fen, shop.budget_fen, history.tested_fen * shop.limits.max_over_tested))
