"""Optima that others published or that calculus gives, on tables fine enough to hold the answer to a few digits.

``test_known_answers`` has the closed forms on coarse tables; here are a media-mix optimizer's golden answer in eight
units of money, a textbook's media problem, and prices to five digits. A table rounds its response to the micro-yuan,
so a response is scaled up until that rounding is far below the differences that decide.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from adspend.certificate import certify
from adspend.problem import MICRO, MICRO_PER_FEN, Problem, Table
from adspend.solve import allocate
from adspend_datasets.errors import NoPlanError
from oracles.brute_force import best_plan, objective
from oracles.hand_problems import ints, problem, row, sampled, table

# The golden test of pymc-marketing's budget optimizer (tests/mmm/test_budget_optimizer.py, test_allocate_budget):
# two channels, four posterior draws, geometric carry-over over 4 periods, a logistic saturation, 30 periods.
RATES = np.array([[0.1, 0.3, 0.5, 0.7], [0.2, 0.4, 0.6, 0.8]])  # by channel and draw
TOPS = np.array([0.5, 1.0])
RETENTIONS = np.array([0.5, 0.7])
PERIODS, CARRY = 30, 4
GOLDEN = (54.78332465, 45.21667535)  # a scalar search on the same response; theirs is 54.78357588, 45.21642412
GOLDEN_RESPONSE, EVEN_RESPONSE = 48.93166440, 48.91957750

COARSE, FINE = 0.5, 0.001  # spacing of the table's points; fine for one unit around 45 and 55
COSTS = np.unique(
    np.round(
        np.concatenate(
            [np.arange(COARSE, 100 + COARSE / 2, COARSE)]
            + [np.arange(middle - 0.5, middle + 0.5 + FINE / 2, FINE) for middle in (45, 55)]
        ),
        6,
    )
)


def mean_response(channel: int, cost: np.ndarray) -> np.ndarray:
    """What a constant spend per period brings in all, tail included, averaged over the draws; costs of shape (k,)."""
    weights = RETENTIONS[channel] ** np.arange(CARRY)
    exposure = np.convolve(np.ones(PERIODS), weights / weights.sum())
    reach = RATES[channel][None, :, None] * cost[:, None, None] * exposure[None, None, :]
    return np.asarray((TOPS[channel] * (1 - np.exp(-reach)) / (1 + np.exp(-reach))).sum(axis=2).mean(axis=1))


def channels(*, unit_yuan: float = 1000.0, scale: float = 1e6, budget: float = 100, most: float = 100) -> Problem:
    """The two channels with one unit of their money worth ``unit_yuan``, and responses times ``scale``."""
    costs = COSTS[: np.searchsorted(COSTS, most, side="right")]
    tables = [sampled(lambda x, c=c: scale * mean_response(c, x / unit_yuan), costs * unit_yuan) for c in (0, 1)]
    return problem(tables, budget_yuan=budget * unit_yuan, step_yuan=FINE * unit_yuan)


def in_units(made: Problem, *, unit_yuan: float = 1000.0, scale: float = 1e6) -> tuple[tuple[float, ...], float]:
    spend = allocate(made).spend
    return tuple(x / 100 / unit_yuan for x in spend), float(objective(made, spend)) / MICRO / scale


def test_the_golden_optimum() -> None:
    """54.78332465 / 45.21667535 with response 48.93166440: within a point of the table, and 1e-9 of the response."""
    spend, response = in_units(channels())
    assert spend == pytest.approx(GOLDEN, abs=FINE)
    assert sum(spend) == pytest.approx(100, abs=1e-9)
    assert response == pytest.approx(GOLDEN_RESPONSE, abs=1e-8)
    assert certify(channels(), allocate(channels())).gap < 1e-12


def test_the_golden_optimum_in_a_box() -> None:
    """At most 50 each: 50 / 50, 48.91957750."""
    spend, response = in_units(channels(most=50))
    assert spend == (50.0, 50.0)
    assert response == pytest.approx(EVEN_RESPONSE, abs=1e-8)


def test_no_money_buys_nothing() -> None:
    assert in_units(channels(budget=0)) == ((0.0, 0.0), 0.0)


def test_an_impossible_box_is_refused_with_the_reason() -> None:
    """Channel 1 at least 60 and at most 50: the row and the 10 units it lacks are named."""
    made = channels(most=50, unit_yuan=1000)
    least = row("channel 1 at least 60", -6_000_000, spend=ints(-1, 0))
    with pytest.raises(NoPlanError) as refused:
        allocate(replace(made, limits=(*made.limits, least)))
    words = str(refused.value)
    assert "channel 1 at least 60" in words
    assert "1,000,000" in words  # fen: 10 units of 1,000 yuan


@pytest.mark.parametrize("unit_yuan", [10.0**k for k in range(1, 9)])
def test_the_unit_of_money_does_not_move_the_golden_plan(unit_yuan: float) -> None:
    """Eight units of money, from 10 yuan to 100 million: the same plan to the last step."""
    here, response = in_units(channels(unit_yuan=unit_yuan), unit_yuan=unit_yuan)
    home, expected = in_units(channels())
    assert here == pytest.approx(home, abs=1e-9)
    assert response == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("scale", [10.0**k for k in range(3, 11)])
def test_the_unit_of_the_response_does_not_move_the_golden_plan(scale: float) -> None:
    """Responses counted in eight units: the same plan, and a response that differs by its rounding alone."""
    here, response = in_units(channels(scale=scale), scale=scale)
    home, expected = in_units(channels())
    rounding = 2e-6 * (1 / scale + 1e-6)  # half a micro-yuan for each of four responses, here and at home
    # f'' is -1.1e-3 at the optimum: plans d apart differ by 0.55e-3 d squared, which must exceed the rounding
    assert here == pytest.approx(home, abs=FINE + np.sqrt(rounding / 0.55e-3))
    assert response == pytest.approx(expected, abs=rounding)


def test_a_textbook_of_ads_by_the_page() -> None:
    """Winston, Operations Research (4th edition), page 494: 20,000 buys 20 pages, best as 8 + 12 for 146,000.

    Exposures per page fall from 10,000 (6 pages) to 3,000 (4), 2,500 (5), 0 in one magazine, and from 8,000 (4) to
    6,000 (8), 2,000 (3), 0 in the other. By hand: 60,000 + 2 x 3,000 and 32,000 + 8 x 6,000.
    """
    jocks = np.cumsum([10_000] * 6 + [3_000] * 4 + [2_500] * 5 + [0] * 5)
    family = np.cumsum([8_000] * 4 + [6_000] * 8 + [2_000] * 3 + [0] * 5)
    pages = [1_000 * (k + 1) for k in range(20)]
    tables = [exposures(pages, counts.tolist()) for counts in (jocks, family)]
    made = problem(tables, budget_yuan=20_000, step_yuan=1_000)
    spend = allocate(made).spend
    assert spend == (800_000, 1_200_000)
    assert objective(made, spend) == 146_000 * MICRO
    best = best_plan(made)
    assert best is not None
    assert (best.spend, best.objective) == (spend, 146_000 * MICRO)


def exposures(cost: list[int], counts: list[float]) -> Table:
    """Exposures count as they stand: the cost is the budget alone."""
    it = table(cost, counts)
    return replace(it, value=it.objective)


def test_two_identical_s_curves_to_the_fen() -> None:
    """Hill(100, 50, 4) twice, B = 80, points every 0.5, steps of a fen: all in one, 100 80^4 / (80^4 + 50^4)."""
    costs = np.arange(0.5, 80.25, 0.5)
    made = problem([sampled(partial(hill, 100_000, 50, 4), costs)] * 2, budget_yuan=80, step_yuan=0.01)
    spend = allocate(made).spend
    assert sorted(spend) == [0, 8000]
    want = 100_000 * 80**4 / (80**4 + 50**4)
    assert float(objective(made, spend)) / MICRO == pytest.approx(want, abs=1e-6)
    assert want == pytest.approx(86_761.3, abs=0.1)


def hill(top: float, half: float, exponent: float, cost: np.ndarray) -> np.ndarray:
    return np.asarray(top * cost**exponent / (cost**exponent + half**exponent))


def test_prices_of_logarithms_to_five_digits() -> None:
    """Max sum w ln(1 + x / k) at B = 100: (57.5, 25, 17.5), 8.854565344, price 2 / 45.

    Unit 1,000 yuan, points every 0.01 around the answer: the price lies between two chords, 0.01 / (57.5 + 10) apart
    at most, relative.
    """
    unit, scale = 1000.0, 1e6
    weights, scales, best = (3.0, 2.0, 1.0), (10.0, 20.0, 5.0), (57.5, 25.0, 17.5)
    tables = []
    for w, k, x in zip(weights, scales, best, strict=True):
        costs = np.unique(np.round(np.concatenate([np.arange(0.5, 100.25, 0.5), np.arange(x - 1, x + 1, 0.01)]), 6))
        tables.append(sampled(lambda c, w=w, k=k: scale * w * np.log1p(c / unit / k), costs * unit))
    made = problem(tables, budget_yuan=100 * unit, step_yuan=0.01 * unit)
    allocation = allocate(made)
    assert tuple(x / 100 / unit for x in allocation.spend) == best
    assert float(objective(made, allocation.spend)) / MICRO / scale == pytest.approx(8.854565344, abs=1e-9)
    price = float(allocation.multipliers[0]) / MICRO_PER_FEN / scale * unit
    assert price == pytest.approx(2 / 45, rel=0.01 / (17.5 + 5))
    assert certify(made, allocation).gap < 1e-12
