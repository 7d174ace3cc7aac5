"""What a test is worth agrees with a conjugate model worked out exactly, and keeps the laws of information."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from adspend_models.information import Question, worth_of_tests

MARGIN, PRICE = 10.0, 45.0  # yuan an order; a day's spend
ALMOST_POISSON = 1e9


def gamma_question(shape: float, rate: float, *, draws: int = 800, open_now: bool = True, seed: int = 0) -> Question:
    """Orders at one level are Gamma(shape, rate); the choice is to spend PRICE, which earns MARGIN an order, or not."""
    chances = (np.random.default_rng(seed).permutation(draws) + 0.5) / draws
    orders = stats.gamma.ppf(chances, shape, scale=1 / rate)[:, None]
    net = np.concatenate([np.zeros((draws, 1)), MARGIN * orders - PRICE], axis=1)
    return Question(orders=orders, size=ALMOST_POISSON, net=net, open_now=open_now)


def exact_gain(shape: float, rate: float, days: int) -> float:
    """The same by the conjugate posterior Gamma(shape + y, rate + days) and its negative-binomial predictive."""
    count = np.arange(2000)
    chance = stats.nbinom.pmf(count, shape, rate / (rate + days))
    after = MARGIN * (shape + count) / (rate + days) - PRICE
    return float(chance @ np.maximum(after, 0.0) - max(MARGIN * shape / rate - PRICE, 0.0))


def simulated_gain(question: Question, days: int, seeds: int = 40) -> tuple[float, float]:
    """Mean gain over ``seeds`` lots of outcomes, and its standard error."""
    gains = [worth_of_tests(question, np.array([[days]]), np.random.default_rng(seed)).gain[0] for seed in range(seeds)]
    return float(np.mean(gains)), float(np.std(gains) / np.sqrt(seeds))


def test_the_exact_gain_by_hand() -> None:
    """Gamma(1, 1), one day: y is geometric with chance 1/2; after y the mean is (1 + y) / 2.

    With a margin of 10 and a price of 45 the spend pays from y = 9 up (50 - 45 = 5): the gain is
    sum over y >= 9 of 2^-(y+1) (5 (1 + y) - 45) = 2^-9 * sum over j >= 0 of 2^-(j+1) (5 + 5 j) = 2^-9 * 10.
    """
    assert exact_gain(1.0, 1.0, 1) == pytest.approx(10 / 2**9)


@pytest.mark.parametrize(("shape", "rate"), [(4.0, 1.0), (5.0, 1.0), (1.5, 0.4)])
@pytest.mark.parametrize("days", [1, 3])
def test_the_gain_is_the_conjugate_model_s(shape: float, rate: float, days: int) -> None:
    """Within four standard errors of the simulation and 3 % for the draws standing in for the prior."""
    found, error = simulated_gain(gamma_question(shape, rate), days)
    assert found == pytest.approx(exact_gain(shape, rate, days), abs=4 * error + 0.03 * exact_gain(shape, rate, days))


def test_information_is_worth_at_most_certainty_and_more_days_more() -> None:
    """No test beats knowing the truth; in the mean, days never hurt."""
    question = gamma_question(4.0, 1.0)
    certainty = float(np.maximum(question.net, 0.0).max(axis=1).mean() - max(question.net.mean(axis=0).max(), 0.0))
    found = [simulated_gain(question, days, seeds=20) for days in (1, 2, 4, 16, 256)]
    gains = [gain for gain, _ in found]
    assert gains == sorted(gains)
    assert 0.9 * certainty < gains[-1] < certainty + 4 * found[-1][1]


def test_a_decision_that_no_outcome_changes_is_worth_no_test() -> None:
    """However wide the band: every draw earns, or every draw loses."""
    for sign in (1.0, -1.0):
        question = gamma_question(0.5, 0.1)
        sure = Question(
            orders=question.orders,
            size=5.0,
            net=np.concatenate([np.zeros((800, 1)), sign * (1.0 + question.orders)], axis=1),
            open_now=True,
        )
        worth = worth_of_tests(sure, np.array([[3]]), np.random.default_rng(0))
        assert worth.gain[0] == 0.0
        assert worth.change[0] == 0.0
        assert worth.clear[0] == 1.0


def test_a_closed_cell_gains_what_it_would_earn_once_tested() -> None:
    """Gamma(9, 1) earns 90 - 45 in the mean, which it may only after a test."""
    question = gamma_question(9.0, 1.0, open_now=False)
    worth = worth_of_tests(question, np.array([[0], [1]]), np.random.default_rng(0))
    assert worth.gain[0] == 0.0
    assert worth.gain[1] == pytest.approx(45.0 + exact_gain(9.0, 1.0, 1), rel=0.1)
    assert worth.change[1] > 0.85


def test_overdispersed_days_teach_less() -> None:
    """A size of 1 halves the information of a day with one order and more of busier days."""
    steady, wild = (
        Question(orders=q.orders, size=size, net=q.net, open_now=True)
        for q, size in ((gamma_question(4.0, 1.0), 1e9), (gamma_question(4.0, 1.0), 1.0))
    )
    assert simulated_gain(wild, 2, 10)[0] < 0.8 * simulated_gain(steady, 2, 10)[0]


def test_bad_questions_are_refused() -> None:
    """Shapes and the meaning of the first choice."""
    with pytest.raises(ValueError, match="first choice must be to spend nothing"):
        Question(orders=np.ones((3, 1)), size=1.0, net=np.ones((3, 2)), open_now=True)
    with pytest.raises(ValueError, match="at least 2 draws, got 3 and 2"):
        Question(orders=np.ones((3, 1)), size=1.0, net=np.zeros((2, 2)), open_now=True)
    with pytest.raises(ValueError, match=r"one column per level .* got shape \(1, 2\)"):
        worth_of_tests(gamma_question(1.0, 1.0), np.array([[1, 1]]), np.random.default_rng(0))
