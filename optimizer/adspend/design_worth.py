"""The morning a test is designed: what is known of every cell, what each test would teach, and the yardstick beside it.

The yardstick is what operators do: equal levels in every cell (0.3, 1 and 3 times an even split of the test's money),
or in as many cells as the platform's minimum leaves money for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from adspend.adjusted_curves import adjusted
from adspend.bank_curves import BankCurves
from adspend.design_options import (
    LEVELS,
    CellDraws,
    CellOptions,
    cell_options,
    choices_fen,
    levels_to_try,
)
from adspend.formulate import locked_spends
from adspend.history import CellHistory
from adspend.learning_value import without_tails
from adspend.money import floor_to_step
from adspend.money_price import price_of_money
from adspend.policy import Policy
from adspend.shop import Shop
from adspend_models.information import Question, worth_of_tests
from adspend_models.posterior import PosteriorBank


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Morning:
    """What is known of n cells. ``levels`` (fen) are empty for a cell that may not be tested."""

    shop: Shop
    policy: Policy
    past: tuple[CellHistory, ...]
    levels: tuple[tuple[int, ...], ...]
    draws: tuple[CellDraws, ...]
    price: float
    bank: PosteriorBank

    def rng(self, index: int) -> np.random.Generator:
        """The luck of one cell's simulated outcomes: the same whatever else is asked."""
        return np.random.default_rng([self.shop.shop.seed, self.bank.plan_date.toordinal(), index])


def look(shop: Shop, policy: Policy, bank: PosteriorBank, past: Sequence[CellHistory]) -> Morning:
    """What the curves and the history say."""
    locked, even = locked_spends(shop), shop.budget_fen // len(shop.grid)
    levels = tuple(() if i in locked else levels_to_try(shop, policy, history, even) for i, history in enumerate(past))
    spend = choices_fen(shop, past, levels)
    curves = adjusted(shop, BankCurves(bank=bank, net_value_rate=shop.economics.net_value_rate))
    value = curves.expected(spend / 100).value
    price = price_of_money(value, spend / 100, shop.budget_fen / 100)
    padded = np.array([[*own, *[shop.step_fen] * (LEVELS - len(own))] for own in levels], dtype=np.float64)
    orders = without_tails(bank.order_draws(np.concatenate([padded, spend], axis=1) / 100))
    draws = tuple(
        CellDraws(
            orders_at_levels=orders[:, i, :LEVELS],
            size=bank.hyper.day_size,
            order_worth=float(worth),
            spend_fen=spend[i],
            net=orders[:, i, LEVELS:] * worth - (1.0 + price) * spend[i] / 100,
        )
        for i, worth in enumerate(value[:, -1] / bank.mean_orders(spend / 100)[:, -1])
    )
    return Morning(shop=shop, policy=policy, past=tuple(past), levels=levels, draws=draws, price=price, bank=bank)


def all_options(morning: Morning, days: int, progress: Callable[[int, int], None] | None) -> list[CellOptions]:
    """Every cell's designs and their worth."""
    found = []
    for i, (levels, draws) in enumerate(zip(morning.levels, morning.draws, strict=True)):
        seen = morning.past[i].tested_fen > 0
        within = days if levels else 0
        found.append(cell_options(draws, levels_fen=levels, open_now=seen, days=within, rng=morning.rng(i)))
        if progress is not None:
            progress(i + 1, len(morning.levels))
    return found


def equal_levels_gain(morning: Morning, budget_fen: int, days: int) -> float:
    """What the same money spent at equal levels teaches, yuan per planned day; cells are taken at random."""
    levels, cells = equal_levels(morning.shop, morning.policy, budget_fen, days)
    if not levels:
        return 0.0
    gains = [_gain_of(morning, i, levels) for i in range(len(morning.levels)) if morning.levels[i]]
    return float(np.mean(gains)) * min(cells, len(gains)) if gains else 0.0


def equal_levels(shop: Shop, policy: Policy, budget_fen: int, days: int) -> tuple[tuple[int, ...], int]:
    """Each cell's levels (fen), one a day, and how many cells the money reaches; none where it reaches no cell."""
    multiples = [policy.test_levels[day % len(policy.test_levels)] for day in range(days)]
    least = max(shop.minimum_fen, shop.step_fen)
    base = max(budget_fen / len(shop.grid) / sum(multiples), least / min(multiples))
    amounts = [min(floor_to_step(int(base * multiple), shop.step_fen), shop.maximum_fen) for multiple in multiples]
    levels = tuple(max(amount, least) for amount in amounts)
    cells = min(budget_fen // sum(levels), len(shop.grid))
    return (levels, cells) if cells else ((), 0)


def _gain_of(morning: Morning, index: int, levels_fen: tuple[int, ...]) -> float:
    """What these levels, a day each, teach about one cell."""
    draws = morning.draws[index]
    everywhere = np.tile(np.array(levels_fen) / 100, (len(morning.levels), 1))
    orders = without_tails(morning.bank.order_draws(everywhere))[:, index]
    seen = morning.past[index].tested_fen > 0
    question = Question(orders=orders, size=draws.size, net=draws.net, open_now=seen)
    counts = np.ones((1, len(levels_fen)), dtype=np.int64)
    return float(worth_of_tests(question, counts, morning.rng(index)).gain[0])
