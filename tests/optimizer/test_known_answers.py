"""Allocations whose best answer is known in closed form or by counting, and where common methods go wrong.

The responses here are maximised as they stand (their cost is the budget), as allocators elsewhere do.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from adspend.bound import lagrangian_bound
from adspend.certificate import certify
from adspend.problem import MICRO, MICRO_PER_FEN, Problem
from adspend.solve import allocate
from oracles.brute_force import best_plan, objective
from oracles.hand_problems import problem, sampled


def yuan(made: Problem) -> tuple[tuple[float, ...], float]:
    """The spends and the response of the allocation, yuan."""
    spend = allocate(made).spend
    return tuple(x / 100 for x in spend), float(objective(made, spend)) / MICRO


def hill(top: float, half: float, exponent: float, cost: np.ndarray) -> np.ndarray:
    return np.asarray(top * cost**exponent / (cost**exponent + half**exponent))


def fine(most: float, step: float = 0.5) -> np.ndarray:
    return np.arange(step, most + step / 2, step)


def test_logarithms() -> None:
    """Max sum w ln(1 + x / k) at B = 100: x = (57.5, 25, 17.5), value 8.854565344, price 0.0444444."""
    weights, scales = (3.0, 2.0, 1.0), (10.0, 20.0, 5.0)
    costs = fine(100)
    tables = [sampled(lambda x, w=w, k=k: w * np.log1p(x / k), costs) for w, k in zip(weights, scales, strict=True)]
    made = problem(tables, budget_yuan=100, step_yuan=0.5)
    spend, value = yuan(made)
    assert spend == (57.5, 25.0, 17.5)
    assert value == pytest.approx(8.854565344, abs=2e-6)
    price = float(allocate(made).multipliers[0]) / MICRO_PER_FEN
    assert price == pytest.approx(0.0444444, abs=0.0444444 * 0.02)  # the chord of a step, to either side


def test_square_roots() -> None:
    """Max sum a sqrt(x), a = (3, 4, 12), B = 169: x = a squared, value 169, price 1 / 2."""
    costs = fine(169, 1)
    made = problem([sampled(lambda x, a=a: a * np.sqrt(x), costs) for a in (3, 4, 12)], budget_yuan=169)
    assert yuan(made) == ((9.0, 16.0, 144.0), pytest.approx(169.0, abs=1e-5))
    price = float(allocate(made).multipliers[0]) / MICRO_PER_FEN
    assert 12 * (math.sqrt(145) - 12) <= price <= 3 * (3 - math.sqrt(8))  # the steepest next, the flattest last step


def test_two_identical_s_curves_get_an_unequal_share() -> None:
    """Hill(100, 50, 4) twice, B = 80: all in one is worth 86.7613, the even split 58.1158.

    The even split is a stationary point: SLSQP started there stops at once and reports success.
    """
    made = problem([sampled(lambda x: hill(100, 50, 4, x), fine(80, 1))] * 2, budget_yuan=80)
    spend, value = yuan(made)
    assert sorted(spend) == [0.0, 80.0]
    assert value == pytest.approx(86.7613, abs=1e-4)
    even = float(objective(made, (4000, 4000))) / MICRO
    assert even == pytest.approx(58.1158, abs=1e-4)


def test_two_s_curves_and_a_concave_one_on_the_integer_grid() -> None:
    """Hill(100, 40, 4), Hill(90, 45, 4), Michaelis(30, 30), B = 100: (50, 50, 0), 125.2867; greedy stops at 79.3457."""
    costs = fine(100, 1)
    curves = [(100, 40, 4), (90, 45, 4), (30, 30, 1)]
    made = problem([sampled(lambda x, c=c: hill(*c, x), costs) for c in curves], budget_yuan=100)
    spend, value = yuan(made)
    assert spend == (50.0, 50.0, 0.0)
    assert value == pytest.approx(125.2867, abs=1e-4)
    best = best_plan(made)
    assert best is not None
    assert best.spend == (5000, 5000, 0)


@pytest.mark.parametrize("cells", [12, 48])
def test_sigmoid_shops_are_certified(cells: int) -> None:
    """S-curves of every steepness: the certified gap is that of the problem, within a thousandth of the bound."""
    rng = np.random.default_rng(cells)
    costs = fine(200, 4)
    tables = [
        sampled(lambda x, c=c: hill(*c, x), costs)
        for c in zip(rng.uniform(50, 150, cells), rng.uniform(20, 120, cells), rng.uniform(1.6, 4, cells), strict=True)
    ]
    made = problem(tables, budget_yuan=25 * cells, step_yuan=4)
    allocation = allocate(made)
    certificate = certify(made, allocation)
    assert certificate.bound_micro >= lagrangian_bound(made, allocation.multipliers)
    assert 0 <= certificate.gap <= (0.02 if cells == 12 else 0.001)
