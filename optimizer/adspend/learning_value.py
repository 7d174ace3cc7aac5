"""What a day at each spend earns and teaches, cell by cell, at the shadow price of money.

    wish_i = argmax_k  mean_ik - (1 + price) spend_ik + horizon gain_ik

``gain`` is the knowledge gradient of one day (``adspend_models.knowledge_gradient``). It is smooth in the spend, so it
is computed at every other spend and read off in between. The price is the one at which the wishes use up the budget.

Notation: n cells, K spends per cell (the first 0), L levels, d posterior draws. Money in yuan per day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend.money_price import price_of_money
from adspend.problem import Ints
from adspend.shop import Shop
from adspend.value_curves import ValueCurves
from adspend_models.bank import Floats
from adspend_models.knowledge_gradient import gains

Bools = NDArray[np.bool_]

SPENDS = 15  # from the minimum to a cell's reach: each a quarter above the last where that is 20 minimums
LEVELS = slice(1, 1 + SPENDS, 2)  # the columns whose gain is computed
TAIL = 0.05  # share of the draws brought in at either end
NO_VALUE = 1e-6  # yuan; keeps logarithms finite where nothing is sold
HEARD = 60  # draws at least that gains are computed from: more cost time in proportion and move them by less than luck


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learning:
    """Every cell at every spend, (n, K).

    Attributes:
        spend_fen: The spends, multiples of the step or 0.
        net: Expected net value.
        gain: What a day teaches, yuan per planned day.
        chance: Share of the posterior that earns money; 0 at 0.
        net_draws: Net value under each draw, (d, n, K).
    """

    spend_fen: Ints
    net: Floats
    gain: Floats
    chance: Floats
    net_draws: Floats

    @property
    def best_chance(self) -> Floats:
        """The most likely spend's probability of earning money, (n,)."""
        return np.asarray(self.chance.max(axis=1))

    def chosen(self, allowed: Bools, horizon: float, budget_fen: int) -> Ints:
        """Each cell's column at the price of money; among the spends ``allowed`` (n, K)."""
        value = np.where(allowed, self.net + horizon * self.gain, -np.inf)
        value[:, 0] = 0.0
        spend = self.spend_fen / 100
        price = price_of_money(value + spend, spend, budget_fen / 100)
        return np.asarray((value - price * spend).argmax(axis=1))


def learning(shop: Shop, curves: ValueCurves, size: float, *, top_fen: Ints, reach_fen: Ints, doubt: float) -> Learning:
    """The values of a day at each spend up to ``reach_fen`` (n,), and at ``top_fen`` (n,), where a test must stop.

    Args:
        shop: The shop.
        curves: Its curves.
        size: Negative-binomial size of a day's orders.
        top_fen: A column of its own, so that a test can reach it; 0 for none.
        reach_fen: The most that a plan may spend in the cell after such a test: what lies beyond earns no credit.
        doubt: How much wider than the posterior the uncertainty is taken to be.
    """
    spend_fen = _spends(shop, top_fen, reach_fen)
    cost = spend_fen / 100
    draws, expected = doubted(without_tails(curves.value_draws(cost)), doubt), curves.expected(cost)
    order_worth = np.divide(expected.value, expected.orders, out=np.ones_like(cost), where=expected.orders > 0)
    price = price_of_money(expected.value, cost, shop.budget_fen / 100)
    net = draws - (1.0 + price) * cost
    net -= net[:, :, :1]  # organic orders come without money: a choice is judged against spending nothing
    orders = draws / np.where(order_worth > 0, order_worth, 1.0)
    heard = slice(None, None, max(1, len(draws) // HEARD))
    found = gains(orders[heard][:, :, LEVELS], size, net[heard], days=1)
    gain = np.where(spend_fen > 0, _between_levels(found, spend_fen), 0.0)
    net_draws = draws - cost
    return Learning(
        spend_fen=spend_fen,
        net=expected.value - cost,
        gain=gain,
        chance=np.asarray((net_draws > 0).mean(axis=0)),
        net_draws=net_draws,
    )


def without_tails(draws: Floats) -> Floats:
    """Draws (d, n, m) with the largest and smallest brought in.

    What is hoped for in one draw of twenty is no reason to test, and the tails of a curve never tried are the prior's
    alone (``benchmarks designed_tests``).
    """
    low, high = np.quantile(draws, [TAIL, 1.0 - TAIL], axis=0)
    cut: Floats = np.clip(draws, low, high)
    return cut


def doubted(draws: Floats, doubt: float) -> Floats:
    """Draws (d, n, m) of at least 0 with log deviations ``doubt`` times as wide, around the same means.

    A cell's gain is judged for that cell alone and for one day. What a test also teaches about its segment and its
    slot, and what two days would teach, is left out; a doubt above 1 can make up for that, and how much of it earns
    most is a matter of tuning (``adspend.tuning``).
    """
    if doubt == 1.0:
        return draws
    logs = np.log(np.maximum(draws, NO_VALUE))
    middle = logs.mean(axis=0)
    wide = np.exp(middle + doubt * (logs - middle))
    scaled: Floats = wide * (draws.mean(axis=0) / wide.mean(axis=0))
    return scaled


def _between_levels(gain: Floats, spend_fen: Ints) -> Floats:
    """Gains at the levels (n, L) read off at every spend (n, K), linearly in the spend's logarithm."""
    level = np.log(spend_fen[:, LEVELS])
    span = np.maximum(level[:, -1:] - level[:, :1], 1e-9)
    at = np.clip((np.log(np.maximum(spend_fen, 1)) - level[:, :1]) / span, 0.0, 1.0) * (level.shape[1] - 1)
    below = np.minimum(at.astype(np.int64), level.shape[1] - 2)
    low, high = (np.take_along_axis(gain, below + step, axis=1) for step in (0, 1))
    return np.asarray(low + (at - below) * (high - low))


def _spends(shop: Shop, top_fen: Ints, reach_fen: Ints) -> Ints:
    """The spends of each cell, fen, (n, K): nothing, a geometric row up to its reach, and its own most."""
    least = shop.minimum_fen
    reach = np.maximum(reach_fen, least)[:, None]
    row = (least * (reach / least) ** np.linspace(0.0, 1.0, SPENDS)).astype(np.int64) // shop.step_fen * shop.step_fen
    own = np.where(top_fen >= least, top_fen, least)[:, None]
    return np.concatenate([np.zeros_like(own), np.maximum(row, least), own], axis=1)
