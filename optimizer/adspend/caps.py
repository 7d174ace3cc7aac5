"""How far each cell may go tomorrow, and which rule says so.

A cell's range is 0 or [minimum, most]. Every cap is a rule of the shop file or of the curve's grade:

| key | rule |
|---|---|
| max | the shop's maximum for one cell (or its whole budget) |
| max_raise_per_day | at most (1 + share) of yesterday's spend, but the platform minimum is always within reach |
| restart | a cell that rested yesterday starts at most at its last active spend (as long as raises are capped) |
| max_over_tested | at most this multiple of the largest spend observed, but the minimum is always within reach |
| grade | a FAIL curve is never raised: at most yesterday's spend |
| untested | a cell never observed receives money through a test only |
| learning | a cell in the platform's learning phase is paused or stays near yesterday's spend (``learning_range``) |
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from adspend.history import CellHistory
from adspend.money import ceil_to_step, floor_to_step
from adspend.shop import Shop
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text
from adspend_models.bank import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRange:
    """What a cell may receive besides 0; ``most_fen < minimum_fen`` means nothing. ``key`` names the tightest cap."""

    minimum_fen: int
    most_fen: int
    key: str

    @property
    def is_open(self) -> bool:
        """Whether the cell may receive anything."""
        return self.most_fen >= self.minimum_fen


def cell_range(shop: Shop, history: CellHistory, grade: Grade) -> CellRange:
    """The range of a cell that is not under test."""
    caps = [("max", shop.maximum_fen)]
    if history.tested_fen == 0:
        caps.append(("untested", 0))
    else:
        caps.extend(_history_caps(shop, history, grade))
    most, _, key = min((most, rank, key) for rank, (key, most) in enumerate(caps))  # of equal caps the first
    return CellRange(minimum_fen=shop.minimum_fen, most_fen=floor_to_step(int(most), shop.step_fen), key=str(key))


def spent_range(shop: Shop, cell: Cell, found: CellRange) -> CellRange:
    """The range of a cell that has spent money today: at least the platform's multiple of it, rounded up."""
    for spent in shop.spent:
        if spent.spent and (spent.segment, spent.slot) == (cell.segment, cell.slot):
            least = max(shop.platform.least_fen(spent.spent, shop.step_fen), found.minimum_fen)
            return CellRange(minimum_fen=least, most_fen=max(found.most_fen, least), key="spent")
    return found


def learning_range(shop: Shop, history: CellHistory, found: CellRange, change: float) -> CellRange:
    """The range of a running cell in its learning phase: within ``change`` (share) of yesterday's spend, or nothing.

    A pause stays open, for stop-loss. Yesterday's spend on the step grid, rounded down, is no change at all, and the
    platform minimum is within reach; where another cap lies below all that, it decides.
    """
    yesterday = history.yesterday_fen
    allowed, held = _multiple(yesterday, change, shop), floor_to_step(yesterday, shop.step_fen)
    most = min(max(floor_to_step(yesterday + allowed, shop.step_fen), found.minimum_fen), found.most_fen)
    least = max(min(ceil_to_step(yesterday - allowed, shop.step_fen), held, most), found.minimum_fen)
    if not found.is_open or (least, most) == (found.minimum_fen, found.most_fen):
        return found
    return CellRange(minimum_fen=least, most_fen=most, key="learning")


def _history_caps(shop: Shop, history: CellHistory, grade: Grade) -> list[tuple[str, int]]:
    caps = []
    reach = min(shop.minimum_fen, shop.maximum_fen)  # platform minimum: a cell below it may at least be brought to it
    if history.yesterday_fen:
        raised = _multiple(history.yesterday_fen, shop.limits.max_raise_per_day, shop)
        caps.append(("max_raise_per_day", max(history.yesterday_fen + raised, reach)))
    elif not math.isinf(shop.limits.max_raise_per_day):
        caps.append(("restart", max(history.last_active_fen, reach)))
    caps.append(("max_over_tested", max(_multiple(history.tested_fen, shop.limits.max_over_tested, shop), reach)))
    if grade is Grade.FAIL:
        caps.append(("grade", history.yesterday_fen))
    return caps


def _multiple(amount_fen: int, factor: float, shop: Shop) -> int:
    """``amount * factor`` in whole fen, never above it; an infinite factor leaves the shop's maximum."""
    if math.isinf(factor):
        return shop.maximum_fen
    return math.floor(amount_fen * _as_typed(factor))


@lru_cache(maxsize=256)  # asked for every cell of every day
def _as_typed(factor: float) -> Fraction:
    """0.15 is 15/100, whatever its float is."""
    return Fraction(repr(factor))


CAP_NAMES = {
    "max": Text("单元上限", "cell maximum"),
    "max_raise_per_day": Text("单日加幅上限", "day-on-day raise cap"),
    "restart": Text("重启上限（不超过上次投放）", "restart cap (last active spend)"),
    "max_over_tested": Text("已测区间上限", "tested-range cap"),
    "grade": Text("曲线不可信（只可维持、减少或测试）", "curve graded FAIL (hold, cut or test only)"),
    "untested": Text("从未测试", "never tested"),
    "learning": Text("学习期（只可小幅调整或暂停）", "learning phase (small changes or a pause only)"),
    "min_if_active": Text("起投门槛", "minimum if active"),
    "curve_end": Text("曲线表的末端", "end of the given curve"),
    "spent": Text("今日已花不可低于", "what is spent today"),
    "locked": Text("人工锁定", "locked by a person"),
    "test": Text("测试额度", "test level"),
}
