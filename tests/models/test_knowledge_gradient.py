"""The batched knowledge gradient against the one-cell form of ``information``, and against a closed form."""

from __future__ import annotations

import numpy as np
import pytest

from adspend_models.information import Question, worth_of_tests
from adspend_models.knowledge_gradient import gains

SIZE = 8.0
DRAWS, CELLS = 128, 5


def made(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Orders at 3 levels (d, n, 3) and the net of nothing and the same 3 spends (d, n, 4)."""
    rng = np.random.default_rng(seed)
    cost = np.array([300.0, 900.0, 2700.0])
    best, half = rng.lognormal(3, 0.6, (DRAWS, CELLS, 1)), rng.lognormal(7, 0.4, (DRAWS, CELLS, 1))
    orders = best * cost / (cost + half)
    net = np.concatenate([np.zeros((DRAWS, CELLS, 1)), orders * 60.0 - cost], axis=2)
    return orders, net


def test_it_agrees_with_the_one_cell_form() -> None:
    """Both are averages over simulated outcomes: over 20 seeds their means differ by less than 10 % of the largest."""
    orders, net = made(1)
    mine = np.mean([gains(orders, SIZE, net, days=2, rng=np.random.default_rng(s)) for s in range(20)], axis=0)
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
    found = np.mean([gains(orders, SIZE, net, days=1, rng=np.random.default_rng(s)) for s in range(40)])
    assert found == pytest.approx(5.0, abs=0.5)


def test_nothing_is_learned_where_every_outcome_leaves_the_choice() -> None:
    orders, net = made(2)
    net[:, :, 1:] = [[[-1.0, -2.0, -3.0]]]
    assert not gains(orders, SIZE, net, days=1, rng=np.random.default_rng(0)).any()


def test_more_days_teach_more_and_the_same_seed_the_same() -> None:
    orders, net = made(3)
    one, three = (gains(orders, SIZE, net, days=days, rng=np.random.default_rng(0)) for days in (1, 3))
    assert three.sum() > one.sum()
    assert np.array_equal(one, gains(orders, SIZE, net, days=1, rng=np.random.default_rng(0)))


def test_odd_arguments_are_refused() -> None:
    orders, net = made(4)
    with pytest.raises(ValueError, match="days"):
        gains(orders, SIZE, net, days=0, rng=np.random.default_rng(0))
