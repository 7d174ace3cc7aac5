"""The tests a cell could be given, what each costs and what it is worth to tomorrow's split of the money.

A design of one cell says how many days it spends at each of a few levels. Its worth (``adspend_models.information``) is
measured at the shadow price of money, the net yuan that the last yuan of the day's budget earns: it turns one choice of
all budgets into one choice per cell. Other limits (stock, service, shares) are not priced here.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend.history import CellHistory
from adspend.money import floor_to_step
from adspend.policy import Policy
from adspend.shop import Shop
from adspend_models.bank import Floats
from adspend_models.information import Question, Worth, worth_of_tests

Ints = NDArray[np.int64]

LEVELS = 7  # geometric; 5 lose a point of plan value on the benchmark's markets, 9 gain nothing
MOST_LEVELS_A_CELL = 2  # a third level in one cell adds cost, not decisions
BELOW = 3.0  # levels below the policy's lowest tell most per yuan, as far as the platform's minimum lets them
CHOICES = 24  # spends that tomorrow may choose, geometric
UNCAPPED = 4.0  # where the tested-range cap is off, how far beyond the largest spend a decision is looked at


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellOptions:
    """One cell's designs: days at each level (Q, L), cost (Q,) in fen, and worth; the first design is no test.

    ``expected_net`` (L,) is what a day at each level is expected to earn net of its cost, yuan; ``judged`` is the
    choice of spend that a verdict is about.
    """

    levels_fen: tuple[int, ...]
    counts: Ints
    cost_fen: Ints
    worth: Worth
    expected_net: Floats
    judged: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellDraws:
    """One cell's posterior at the spends that matter.

    Attributes:
        orders_at_levels: Expected orders of a test day, (d, LEVELS).
        size: Negative-binomial size of its orders.
        order_worth: Net value of an order, yuan.
        spend_fen: Spends that tomorrow may choose, (K,), the first 0.
        net: Their net value at the shadow price, yuan, (d, K).
    """

    orders_at_levels: Floats
    size: float
    order_worth: float
    spend_fen: Floats
    net: Floats


def designs(levels: int, days: int) -> Ints:
    """All ways to spend at most ``days`` days at one or two of the levels, (Q, levels); the first is none.

    >>> designs(2, 2).tolist()
    [[0, 0], [0, 1], [1, 0], [0, 2], [1, 1], [2, 0]]
    """
    rows = {(0,) * levels}
    for pair in itertools.combinations(range(levels), min(MOST_LEVELS_A_CELL, levels)):
        for split in itertools.product(range(days + 1), repeat=len(pair)):
            if sum(split) <= days:
                row = [0] * levels
                for level, many in zip(pair, split, strict=True):
                    row[level] = many
                rows.add(tuple(row))
    return np.array(sorted(rows, key=lambda row: (sum(row), row)), dtype=np.int64)


def levels_to_try(shop: Shop, policy: Policy, history: CellHistory, base_fen: int) -> tuple[int, ...]:
    """The levels a cell may be tested at, fen, rising, on the step grid; none where not even the minimum fits.

    A cell never seen is tested around an even split; one with history up to the tested-range cap. The day-on-day cap
    does not bind a test day: its levels are drawn at random, for a day.
    """
    low, high = base_fen * min(policy.test_levels) / BELOW, base_fen * max(policy.test_levels)
    if history.tested_fen:
        reach = history.tested_fen * shop.limits.max_over_tested
        high = min(max(high, 1.3 * history.tested_fen), reach)
        low = min(low, reach * min(policy.test_levels))
    bottom = max(int(low), shop.minimum_fen, shop.step_fen)
    top = floor_to_step(int(min(max(high, bottom), shop.maximum_fen)), shop.step_fen)
    if top < shop.minimum_fen:
        return ()
    spread = np.geomspace(min(bottom, top), top, LEVELS)
    rounded = {math.ceil(level / shop.step_fen) * shop.step_fen for level in np.rint(spread).astype(int).tolist()}
    return tuple(sorted(min(level, top) for level in rounded))


def choices_fen(shop: Shop, histories: Sequence[CellHistory], levels: Sequence[tuple[int, ...]]) -> Floats:
    """Spends that a plan may choose for each cell, fen, (n, 1 + CHOICES): nothing, then up to the widest reach.

    The reach is the tested-range cap after the largest test, for cells that stay untested as well: plans that raise a
    cell day by day get there without a test, so a test earns no credit for opening the way.
    """
    factor = UNCAPPED if math.isinf(shop.limits.max_over_tested) else shop.limits.max_over_tested
    highest = [max(history.tested_fen, *own, 0) for history, own in zip(histories, levels, strict=True)]
    least = max(shop.minimum_fen, shop.step_fen)
    reach = np.clip(np.array(highest) * factor, least, max(shop.maximum_fen, least))
    spread = least * (reach[:, None] / least) ** np.linspace(0.0, 1.0, CHOICES)
    return np.concatenate([np.zeros((len(highest), 1)), spread], axis=1)


def cell_options(
    draws: CellDraws,
    *,
    levels_fen: tuple[int, ...],
    open_now: bool,
    days: int,
    rng: np.random.Generator,
) -> CellOptions:
    """The designs of one cell and their worth.

    Args:
        draws: What the cell's posterior says at its levels and choices.
        levels_fen: Levels it may be tested at.
        open_now: Whether it may receive money without a test: a cell never seen may not.
        days: Most days of testing.
        rng: Source of the simulated outcomes.
    """
    levels = np.array(levels_fen, dtype=np.int64)
    orders = draws.orders_at_levels[:, : levels.size]
    counts = designs(levels.size, days)
    question = Question(orders=orders, size=draws.size, net=draws.net, open_now=open_now)
    return CellOptions(
        levels_fen=levels_fen,
        counts=counts,
        cost_fen=counts @ levels,
        worth=worth_of_tests(question, counts, rng),
        expected_net=orders.mean(axis=0) * draws.order_worth - levels / 100,
        judged=question.judged,
    )
