"""Which cells to test tomorrow, and with how much.

A cold start's first day tests the whole grid: spend levels spread over the cells like a Latin square, so that every
segment and every slot meets every level. With history, the day is allocated once on what each spend earns plus what it
teaches (``adspend.learning_value``), and a cell is a test where that gives it money which the day's certified
allocation may not or would not give it. Tests are chosen first and then held fixed, so that the certificate speaks of
money alone.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adspend.caps import CellRange
from adspend.history import CellHistory
from adspend.learning_value import Learning, learning
from adspend.money import floor_to_step
from adspend.planned_test import Test
from adspend.policy import Policy
from adspend.problem import Ints
from adspend.shop import Shop
from adspend.value_curves import ValueCurves
from adspend_models.bank import Floats, Grade

MATERIAL = 0.1  # of a cell's spend: a test that differs by less is left to the allocation
WORTHWHILE = 0.05  # yuan learned per yuan spent: a test that teaches less is left to the allocation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Morning:
    """What choosing the tests rests on: the cells' curves, past and ranges, and which of them may not be tested."""

    shop: Shop
    policy: Policy
    curves: ValueCurves
    size: float  # negative-binomial, of a day's orders
    histories: Sequence[CellHistory]
    ranges: Sequence[CellRange]
    date: datetime.date
    closed: frozenset[int]  # locked by a person, or running already


def propose_tests(morning: Morning) -> tuple[Test, ...]:
    """Tests worth doing within the day's reserve, best first. Limits other than the reserve are not looked at here."""
    if all(history.tested_fen == 0 for history in morning.histories):
        return _first_day(morning)
    if morning.policy.learning_horizon == 0:
        return ()
    shop, policy = morning.shop, morning.policy
    top = np.array([_top_fen(morning, i) for i in range(len(morning.histories))], dtype=np.int64)
    reach, doubt = _reach_fen(morning, top), policy.doubt
    found = learning(shop, morning.curves, morning.size, top_fen=top, reach_fen=reach, doubt=doubt)
    top = np.where(found.best_chance < policy.kill, 0, top)
    most = np.array([span.most_fen if span.is_open else 0 for span in morning.ranges], dtype=np.int64)
    reach = np.maximum(top, most)
    wish = found.chosen(found.spend_fen <= reach[:, None], policy.learning_horizon, shop.budget_fen)
    plain = found.chosen(found.spend_fen <= most[:, None], 0.0, shop.budget_fen)
    return _kept(morning, found, _wanted(found, wish, plain, most, top, policy.learning_horizon), wish)


def promises(curves: ValueCurves, cost: Floats) -> Floats:
    """The posterior probability that each cell earns more than it costs at ``cost`` (yuan, shape (n,))."""
    net = curves.value_draws(cost[:, None])[:, :, 0] - cost
    return np.asarray((net > 0).mean(axis=0), dtype=np.float64)


def _wanted(found: Learning, wish: Ints, plain: Ints, most: Ints, top: Ints, horizon: float) -> list[int]:
    """The cells whose wish is a test, those first whose money earns and teaches most.

    A wish is a test beyond what the cell's range allows (``most``, fen), or where the money is spent to learn.
    """
    rows = np.arange(wish.size)
    asked, money = found.spend_fen[rows, wish], found.spend_fen[rows, plain]
    taught = horizon * (found.gain[rows, wish] - found.gain[rows, plain])
    to_learn = (asked > money * (1 + MATERIAL)) & (taught >= WORTHWHILE * asked / 100)
    is_test = ((asked > most) | to_learn) & (asked <= top)
    rate = (found.net[rows, wish] + horizon * found.gain[rows, wish]) / np.maximum(asked, 1)
    return [int(i) for i in np.argsort(-rate, kind="stable") if is_test[i]]


def _kept(morning: Morning, found: Learning, wanted: Sequence[int], wish: Ints) -> tuple[Test, ...]:
    """The tests that the reserve, their number and the loss tolerated leave, in their order."""
    policy, budget = morning.policy, morning.shop.budget_fen
    left = int(budget * policy.test_share)
    net = np.zeros(found.net_draws.shape[0])
    kept: list[Test] = []
    for i in wanted:
        k = wish[i]
        spend = int(found.spend_fen[i, k])
        after = net + found.net_draws[:, i, k]
        too_risky = np.mean(after < -policy.tolerance * budget / 100) > policy.tolerance_chance
        if spend > left or len(kept) >= policy.test_cells or too_risky:
            continue
        left, net = left - spend, after
        chance, worth = float(found.chance[i, k]), float(found.gain[i, k])
        kept.append(Test(index=i, spend_fen=spend, promise=chance, worth=worth, horizon=policy.learning_horizon))
    return tuple(kept)


def _top_fen(morning: Morning, i: int) -> int:
    """The most that cell i may be tested with; 0 where it may not be tested at all."""
    shop, policy, history, grading = morning.shop, morning.policy, morning.histories[i], morning.curves.gradings[i]
    if i in morning.closed or (grading.grade is Grade.FAIL and not grading.thin) or _is_cooling(morning, i):
        return 0
    most = float(shop.maximum_fen)
    if history.tested_fen == 0:
        if not math.isinf(shop.limits.max_over_tested):
            most = min(most, _base_fen(morning) * max(policy.test_levels))
        return _clipped(shop, most, most)
    most = min(most, history.tested_fen * min(shop.limits.max_over_tested, policy.step_up))
    raised = history.yesterday_fen * (1 + shop.limits.max_raise_per_day) if history.yesterday_fen else math.inf
    if not history.yesterday_fen and not math.isinf(shop.limits.max_raise_per_day):
        raised = history.last_active_fen
    return _clipped(shop, min(most, raised), most)


def _reach_fen(morning: Morning, top: Ints) -> Ints:
    """The most that plans may spend in each cell once it was tested with ``top``, fen (n,)."""
    shop = morning.shop
    if math.isinf(shop.limits.max_over_tested):
        return np.full(top.size, shop.maximum_fen)
    tested = np.array([history.tested_fen for history in morning.histories])
    reach = np.minimum(np.maximum(tested, top) * shop.limits.max_over_tested, shop.maximum_fen)
    return np.asarray(reach, dtype=np.int64)


def _is_cooling(morning: Morning, i: int) -> bool:
    """Whether the cell's last day with spend lost money less than ``cool_down`` days ago."""
    if morning.policy.cool_down == 0 or morning.histories[i].tested_fen == 0:
        return False
    seen = morning.curves.observations[i]
    net = (morning.curves.observed_value(i) - seen.cost)[seen.cost > 0]
    day = seen.day[seen.cost > 0]
    return bool(day.size and net[-1] < 0 and morning.date.toordinal() - int(day[-1]) <= morning.policy.cool_down)


def _first_day(morning: Morning) -> tuple[Test, ...]:
    """The cold start's first day: every cell at its level, in an order that any part of is balanced."""
    shop, policy = morning.shop, morning.policy
    base, left = _base_fen(morning), int(shop.budget_fen * policy.first_share)
    spends = np.array([_first_spend(shop, policy, base, i) for i in range(len(morning.histories))], dtype=np.int64)
    promise = promises(morning.curves, spends / 100)
    kept = []
    for i in _cold_order(shop):
        if i not in morning.closed and 0 < spends[i] <= left:
            kept.append(Test(index=i, spend_fen=int(spends[i]), promise=float(promise[i])))
            left -= int(spends[i])
    return tuple(kept)


def _base_fen(morning: Morning) -> int:
    """The spend that level 1 stands for: an even split, but far enough above the minimum for levels to differ."""
    shop, policy = morning.shop, morning.policy
    even = shop.budget_fen * policy.first_share / (len(morning.histories) * float(np.mean(policy.test_levels)))
    return int(max(even, shop.minimum_fen * 1.5))


def _first_spend(shop: Shop, policy: Policy, base_fen: int, i: int) -> int:
    """The level of a cell never observed: segments and slots each meet every level."""
    segment, slot = divmod(i, len(shop.cells.slots))
    levels = sorted(policy.test_levels)
    return _clipped(shop, base_fen * levels[(segment + slot) % len(levels)], shop.maximum_fen)


def _clipped(shop: Shop, spend: float, most: float) -> int:
    """The spend on the step grid, at least the platform's minimum; 0 when even that is above the shop's maximum."""
    top = max(min(most, shop.maximum_fen), min(shop.minimum_fen, shop.maximum_fen))
    amount = floor_to_step(int(min(max(spend, shop.minimum_fen), top)), shop.step_fen)
    return amount if amount >= shop.minimum_fen else 0


def _cold_order(shop: Shop) -> list[int]:
    """Diagonals of the grid: any first part of it is balanced over segments and slots."""
    rows, columns = len(shop.cells.segments), len(shop.cells.slots)
    return [row * columns + (row + shift) % columns for shift in range(columns) for row in range(rows)]
