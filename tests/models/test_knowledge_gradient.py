"""The knowledge gradient against exact sums over every outcome, the one-cell form, and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom

from adspend_models.information import Question, worth_of_tests
from adspend_models.knowledge_gradient import gains

SIZE = 8.0
DRAWS, CELLS = 128, 3


def made(seed: int, scale: float = 20.0) -> tuple[np.ndarray, np.ndarray]:
    """Orders at 3 levels (d, n, 3) and the net of nothing and the same 3 spends (d, n, 4)."""
    rng = np.random.default_rng(seed)
    cost = np.array([300.0, 900.0, 2700.0])
    best, half = scale * rng.lognormal(0, 0.6, (DRAWS, CELLS, 1)), rng.lognormal(7, 0.4, (DRAWS, CELLS, 1))
    orders = best * cost / (cost + half)
    net = np.concatenate([np.zeros((DRAWS, CELLS, 1)), orders * 1200.0 / scale - cost], axis=2)
    return orders, net


def exact(orders: np.ndarray, size: float, net: np.ndarray, days: int) -> float:
    """One cell and level, every outcome: orders (d,), net (d, K)."""
    y = np.arange(int(days * orders.max() * (1 + 12 / np.sqrt(days * size))) + 50)
    chance = nbinom.pmf(y[:, None], days * size, days * size / (days * size + days * orders))
    return float((chance @ net).max(axis=1).sum() / len(net) - net.mean(axis=0).max())


def test_the_oracle_by_hand() -> None:
    """Size 1 is geometric, P(0) = 1 / (1 + mean): draws of mean 0 and 1 with nets -1 and 1.

    Any order means the good draw; none leaves chances 1 and 1/2, so nothing is spent. Gain: 1/2 x 1/2 x 1.
    """
    assert exact(np.array([0.0, 1.0]), 1.0, np.array([[0.0, -1.0], [0.0, 1.0]]), 1) == pytest.approx(0.25)


@pytest.mark.parametrize("scale", [0.5, 2.0, 20.0])
@pytest.mark.parametrize(("days", "size"), [(1, 2.0), (3, 8.0), (1, 200.0)])
def test_few_nodes_come_near_the_sum_over_every_outcome(scale: float, days: int, size: float) -> None:
    orders, net = made(7, scale)
    found = gains(orders, size, net, days=days)
    true = np.array([[exact(orders[:, i, k], size, net[:, i], days) for k in range(3)] for i in range(CELLS)])
    assert np.abs(found - true).max() <= 0.08 * true.max()
    assert found.mean() == pytest.approx(true.mean(), rel=0.02)


def test_it_agrees_with_the_one_cell_form() -> None:
    """That form simulates outcomes and keeps an outcome's own draw out, which costs it some of the gain."""
    orders, net = made(1)
    mine = gains(orders, SIZE, net, days=2)
    counts = 2 * np.eye(3, dtype=np.int64)
    for i in range(CELLS):
        question = Question(orders=orders[:, i], size=SIZE, net=net[:, i], open_now=True)
        seen = [worth_of_tests(question, counts, np.random.default_rng(s)).gain for s in range(20)]
        np.testing.assert_allclose(mine[i], np.mean(seen, axis=0), atol=0.1 * mine.max())


def test_a_test_that_tells_two_worlds_apart_is_worth_the_mistake_it_prevents() -> None:
    """Half of the draws sell 1,000 orders and earn 10, half sell 1 and lose 10: today 0, knowing it 5."""
    is_good = np.arange(DRAWS) % 2 == 0
    orders = np.where(is_good, 1000.0, 1.0)[:, None, None]
    net = np.stack([np.zeros(DRAWS), np.where(is_good, 10.0, -10.0)], axis=1)[:, None]
    assert gains(orders, SIZE, net, days=1) == pytest.approx(5.0, abs=0.05)


def test_nothing_is_learned_where_every_outcome_leaves_the_choice() -> None:
    orders, net = made(2)
    net[:, :, 1:] = [[[-1.0, -2.0, -3.0]]]
    assert not gains(orders, SIZE, net, days=1).any()


def test_more_days_teach_more_and_no_test_does_harm() -> None:
    orders, net = made(3)
    one, three = (gains(orders, SIZE, net, days=days) for days in (1, 3))
    assert (three >= one * 0.98).all()
    assert three.sum() > one.sum()
    assert (one >= -1e-9 * one.max()).all()


@pytest.mark.parametrize("size", [1e-2, 1e6])
@pytest.mark.parametrize("scale", [1e-9, 1e6])
def test_extreme_shops_have_finite_gains(size: float, scale: float) -> None:
    orders, net = made(5, scale)
    assert np.isfinite(gains(orders, size, net, days=1)).all()


def test_odd_arguments_are_refused() -> None:
    orders, net = made(4)
    with pytest.raises(ValueError, match="days"):
        gains(orders, SIZE, net, days=0)
