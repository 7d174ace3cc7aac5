"""Which cells to test tomorrow, and with how much.

A cold start tests the whole grid: at least three spend levels spread over the cells like a Latin square, so that every
segment and every slot meets every level. With history, a share of the day goes to cells that have no trustworthy
curve but may well earn: never observed, or graded FAIL. Tests are chosen first and then held fixed, so that the
day's certificate speaks of money alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adspend.history import CellHistory
from adspend.money import floor_to_step
from adspend.policy import Policy
from adspend.shop import Shop
from adspend.value_curves import ValueCurves
from adspend_models.bank import Floats, Grade

RETEST_LEVELS = (0.5, 1.5)  # of the last spend: one level says nothing about slope, half and half more do


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One cell's test: its spend and the share of the posterior that earns money at it."""

    __test__ = False  # not a pytest class

    index: int
    spend_fen: int
    promise: float


def propose_tests(
    shop: Shop,
    policy: Policy,
    curves: ValueCurves,
    histories: Sequence[CellHistory],
    *,
    date: datetime.date,
    locked: frozenset[int],
) -> tuple[Test, ...]:
    """Tests worth doing within the day's reserve, best first. Limits other than the reserve are not looked at here."""
    cold = all(history.tested_fen == 0 for history in histories)
    spends = np.zeros(len(histories), dtype=np.int64)
    base = _base_fen(shop, policy, len(histories))
    for i, history in enumerate(histories):
        if i in locked or (history.tested_fen and curves.gradings[i].grade is not Grade.FAIL):
            continue
        if history.tested_fen == 0:
            spends[i] = _first_spend(shop, policy, base, i, 0 if cold else date.toordinal())
        else:
            spends[i] = _next_spend(shop, history, i, date.toordinal())
    promise = promises(curves, spends / 100)
    order = _cold_order(shop) if cold else np.argsort(-promise, kind="stable").tolist()
    reserve = shop.budget_fen if cold else int(shop.budget_fen * policy.test_share)
    least = 0.0 if cold else policy.test_promise
    wanted = [Test(index=i, spend_fen=int(spends[i]), promise=float(promise[i])) for i in order if spends[i]]
    return _within(reserve, [test for test in wanted if test.promise >= least])


def promises(curves: ValueCurves, cost: Floats) -> Floats:
    """The posterior probability that each cell earns more than it costs at ``cost`` (yuan, shape (n,))."""
    net = curves.value_draws(cost[:, None])[:, :, 0] - cost
    return np.asarray((net > 0).mean(axis=0), dtype=np.float64)


def _base_fen(shop: Shop, policy: Policy, n: int) -> int:
    """The spend that level 1 stands for: an even split, but far enough above the minimum for levels to differ."""
    even = shop.budget_fen / (n * float(np.mean(policy.test_levels)))
    return int(max(even, shop.minimum_fen * 1.5))


def _first_spend(shop: Shop, policy: Policy, base_fen: int, i: int, turn: int) -> int:
    """The level of a cell never observed: segments and slots each meet every level, and days take turns."""
    segment, slot = divmod(i, len(shop.cells.slots))
    levels = sorted(policy.test_levels)
    spend = base_fen * levels[(segment + slot + turn) % len(levels)]
    return _clipped(shop, spend, shop.maximum_fen)


def _next_spend(shop: Shop, history: CellHistory, i: int, turn: int) -> int:
    """Another level for a cell whose curve cannot be trusted yet, inside the day-on-day and tested-range caps."""
    if not history.yesterday_fen:
        return _clipped(shop, history.last_active_fen, history.last_active_fen)
    factor = RETEST_LEVELS[(i + turn) % 2]
    most = min(
        history.yesterday_fen * (1 + shop.limits.max_raise_per_day),
        history.tested_fen * shop.limits.max_over_tested,
        float(shop.maximum_fen),
    )
    return _clipped(shop, min(history.last_active_fen * factor, most), most)


def _clipped(shop: Shop, spend: float, most: float) -> int:
    """The spend on the step grid, at least the platform's minimum; 0 when even that is above the shop's maximum."""
    top = max(min(most, shop.maximum_fen), min(shop.minimum_fen, shop.maximum_fen))
    amount = floor_to_step(int(min(max(spend, shop.minimum_fen), top)), shop.step_fen)
    return amount if amount >= shop.minimum_fen else 0


def _cold_order(shop: Shop) -> list[int]:
    """Diagonals of the grid: any first part of it is balanced over segments and slots."""
    rows, columns = len(shop.cells.segments), len(shop.cells.slots)
    return [row * columns + (row + shift) % columns for shift in range(columns) for row in range(rows)]


def _within(reserve_fen: int, tests: list[Test]) -> tuple[Test, ...]:
    kept, left = [], reserve_fen
    for test in tests:
        if test.spend_fen <= left:
            kept.append(test)
            left -= test.spend_fen
    return tuple(kept)
