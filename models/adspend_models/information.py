"""What a test is worth before it is run: how much better tomorrow's money goes once its outcome is known.

A test changes a plan only where an outcome changes a decision, so a cell that will be funded (or paused) whatever the
test says is worth no test, however wide its band. With the net value ``net_k`` of each spend k that tomorrow may
choose, after paying for the money what it earns elsewhere (the shadow price, which lets cells be judged one by one),
the expected value of the information in a design is (Raiffa and Schlaifer 1961; as knowledge gradient, Frazier 2008)

    gain = E_y[ max_k E[net_k | y] ] - max_k E[net_k]

Outcomes y are drawn from the posterior predictive. The days of a test at one level enter through their sum alone, since
negative-binomial counts of one mean and size add up, so a posterior after y is a reweighting of the draws; the draw an
outcome came from gets no weight, which keeps few draws from pretending that the test finds it exactly.

Notation: d draws, L levels, K choices, Q designs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OUTCOMES = 128  # outcomes simulated a design: gains differ by 2 to 5 % between seeds
SURE = 0.95  # a verdict is clear when the posterior is this sure of it
LEAST_MEAN = 1e-12  # orders; keeps logarithms finite at a level that sells nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """What is to be decided about one cell, and what a day of testing shows.

    Attributes:
        orders: Expected orders at each level under each draw, (d, L).
        size: Negative-binomial size of a day's orders.
        net: Net value of each choice under each draw, yuan, (d, K); the first choice is to spend nothing, worth 0.
        open_now: Whether the cell may receive money without a test.
    """

    orders: Floats
    size: float
    net: Floats
    open_now: bool

    def __post_init__(self) -> None:
        if len(self.orders) != len(self.net) or len(self.orders) < 2 or self.size <= 0:
            raise ValueError(f"orders and net must share at least 2 draws, got {len(self.orders)} and {len(self.net)}")
        if np.any(self.net[:, 0] != 0):
            raise ValueError("the first choice must be to spend nothing, worth 0")

    @property
    def best_now(self) -> int:
        """The best choice today."""
        return int(self.net.mean(axis=0).argmax()) if self.open_now else 0

    @property
    def judged(self) -> int:
        """The spend a verdict is about: today's choice, or where nothing is spent the best spend there is."""
        return self.best_now or int(self.net[:, 1:].mean(axis=0).argmax()) + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worth:
    """What each design is worth, (Q,).

    Attributes:
        gain: Expected value of the information, yuan per planned day.
        change: Chance that tomorrow's choice becomes another.
        clear: Power: chance that afterwards it is at least ``SURE`` whether the cell is worth its money.
    """

    gain: Floats
    change: Floats
    clear: Floats


def worth_of_tests(question: Question, counts: Ints, rng: np.random.Generator) -> Worth:
    """The worth of each design.

    Args:
        question: The cell's decision.
        counts: Days at each level, (Q, L).
        rng: Source of the simulated outcomes.
    """
    if counts.shape[1] != question.orders.shape[1] or np.any(counts < 0):
        raise ValueError(f"counts must have one column per level and no negative entry, got shape {counts.shape}")
    truth = rng.permutation(len(question.orders))[:OUTCOMES]
    rows = [_worth(question, row, truth, rng) for row in counts]
    gain, change, clear = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    return Worth(gain=gain, change=change, clear=clear)


def _worth(question: Question, days: Ints, truth: Ints, rng: np.random.Generator) -> tuple[float, float, float]:
    """Gain, chance of change and chance of a clear verdict of one design; no test teaches nothing."""
    if not days.any():
        return 0.0, 0.0, 0.0
    now = question.best_now
    weight = _posteriors(question, days, truth, rng)
    # Differences to today's best choice: what is common to both cancels, and the gain is never negative by luck.
    better = weight @ (question.net - question.net[:, [now]])
    sure = weight @ (question.net[:, question.judged] > 0)
    clear = np.mean((sure >= SURE) | (sure <= 1 - SURE))
    return float(better.max(axis=1).mean()), float(np.mean(better.argmax(axis=1) != now)), float(clear)


def _posteriors(question: Question, days: Ints, truth: Ints, rng: np.random.Generator) -> Floats:
    """The draws' weights after each simulated outcome, (len(truth), d)."""
    used = days > 0
    mean, size, many = np.maximum(question.orders[:, used], LEAST_MEAN), question.size, days[used].astype(np.float64)
    found = rng.poisson(rng.gamma(many * size, mean[truth] / size))
    log_weight = found @ np.log(mean / (mean + size)).T - size * np.log1p(mean / size) @ many
    log_weight[np.arange(len(truth)), truth] = -np.inf
    weight: Floats = softmax(log_weight, axis=1)
    return weight
