"""Spend that follows demand, and cells that change: found where simulated markets have them, and seldom elsewhere.

A market of 48 concave cells sells around ``curve(cost) * exp(demand)``; a day's demand is the cell's own or the
market's, and the operator's log spend follows it or does not. Test days draw their levels from 0.3, 1, 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import minimize

from adspend_datasets.report import TrafficReport
from adspend_models.calendar_effects import lay_out_calendar
from adspend_models.effects import lay_out_effects
from adspend_models.fit import fit_curves
from adspend_models.habit import find_habit
from adspend_models.log_linear import RIDGE, fit_log_linear
from adspend_models.panel import read_panel
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import Prior
from adspend_models.sample import Sample, take_sample
from adspend_models.trend import estimate_trend
from oracles.known_worlds import EVEN, best_split, sell
from oracles.made_reports import day_after, grid_cells, report_from_arrays

Floats = np.ndarray
CELLS = grid_cells(6, 8)
N, DAYS = len(CELLS), 30
PRIOR = Prior(reference_cost=EVEN, gmv_return=2.4, order_value=80)
GRID = np.tile(EVEN * np.arange(0.0, 3.01, 0.05), (N, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How log spend follows demand, its log-sds, and how many of the last days are tests."""

    follows_own: float = 0.0
    follows_market: float = 0.0
    own_sd: float = 0.0
    market_sd: float = 0.0
    tests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A market's true curves, (n,) each, and the bank fitted to its report."""

    height: Floats
    half: Floats
    bank: PosteriorBank

    def orders(self, cost: Floats) -> Floats:
        return self.height[:, None] * cost / (self.half[:, None] + cost)

    def share_saying(self, words: str) -> float:
        return float(np.mean([any(words in r.en for r in grading.reasons) for grading in self.bank.gradings]))

    def worth(self) -> tuple[float, float]:
        """The plan's orders as a share of the best split's, and promised over realised."""
        truth, mean = self.orders(GRID), self.bank.mean_orders(GRID)
        steps, best = (best_split(value, 20 * N)[:, None] for value in (mean, truth))
        made = np.take_along_axis(truth, steps, axis=1).sum()
        promised = np.take_along_axis(mean, steps, axis=1).sum()
        return float(made / np.take_along_axis(truth, best, axis=1).sum()), float(promised / made)


def market(seed: int, habits: Habits, *, tagged: bool = True) -> Found:
    rng = np.random.default_rng([83, seed])
    height, half, report = sold(rng, habits, tagged=tagged)
    bank = fit_curves(report, CELLS, plan_date=day_after(DAYS), prior=PRIOR, rng=rng, draws=100)
    return Found(height=height, half=half, bank=bank)


def sold(rng: np.random.Generator, habits: Habits, *, tagged: bool) -> tuple[Floats, Floats, TrafficReport]:
    """Heights and half-saturations (n,), and the report."""
    half = 2 * EVEN * np.exp(0.5 * rng.standard_normal(N))
    height = 20 * np.exp(0.5 * rng.standard_normal(N))
    own, everyone = habits.own_sd * rng.standard_normal((N, DAYS)), habits.market_sd * rng.standard_normal(DAYS)
    spend = 0.5 * rng.standard_normal((N, 1)) + 0.3 * rng.standard_normal((N, DAYS))
    spend = spend + habits.follows_own * own + habits.follows_market * everyone
    test = np.arange(DAYS) >= DAYS - habits.tests
    levels = np.log([0.3, 1.0, 3.0])[np.arange(habits.tests) % 3]
    spend[:, test] = rng.permuted(np.tile(levels, (N, 1)), axis=1)
    cost = EVEN * np.exp(spend)
    expected = height[:, None] * cost / (half[:, None] + cost) * np.exp(own + everyone)
    report = report_from_arrays(CELLS, cost, sell(rng, expected), 80.0)
    return height, half, with_tests(report, np.tile(test & tagged, N))


def with_tests(report: TrafficReport, test: Floats) -> TrafficReport:
    return TrafficReport(report.rows.assign(phase=np.where(test, "test", "")))


def said(habits: Habits, words: str, worlds: int = 3) -> float:
    """Share of cells whose reasons hold ``words``."""
    return float(np.mean([market(seed, habits).share_saying(words) for seed in range(worlds)]))


STEEPER, RIDES, FASTER = "than randomised test days", "when all cells sell well", "orders rise faster than cost (mean"
CHANGED = "orders at the same cost have"


def test_sound_markets_are_seldom_doubted() -> None:
    """Demand that spend does not follow: under 5 % of the cells by any of the four rules."""
    calm = Habits(own_sd=0.2, market_sd=0.15, tests=6)
    for words in (STEEPER, RIDES, FASTER, CHANGED):
        assert said(calm, words) < 0.05, words


def test_spend_that_follows_its_own_demand_is_found_by_test_days() -> None:
    assert said(Habits(own_sd=0.3, follows_own=1.0, market_sd=0.1, tests=6), STEEPER) == 1.0


def test_without_test_days_an_elasticity_above_one_tells() -> None:
    assert said(Habits(own_sd=0.4, follows_own=1.0, market_sd=0.1), FASTER) == 1.0
    assert said(Habits(own_sd=0.4, market_sd=0.1), FASTER) == 0.0


@pytest.mark.parametrize(("follows", "left"), [(1.0, 1.0), (0.0, None)])
def test_without_test_days_what_exceeds_proportion_is_divided_out(follows: float, left: float | None) -> None:
    """The shop's mean elasticity is 1 afterwards; a sound shop's days stay as they are."""
    _, _, report = sold(np.random.default_rng(1), Habits(own_sd=0.4, follows_own=follows), tagged=True)
    panel = read_panel(report, CELLS, day_after(DAYS))
    sample = take_sample(panel, panel.usable, EVEN)
    effects = lay_out_effects(panel.cells, np.log(sample.reference / EVEN), PRIOR)
    calendar = lay_out_calendar(panel, panel.usable, day_after(DAYS).toordinal())
    after = find_habit(sample, panel.randomised, effects, calendar).taken_out(sample)
    if left is None:
        assert after is sample
    else:
        elasticity, _ = estimate_trend(after, np.full((N, 1), 8.0)).of_shop(np.ones(N, dtype=bool))
        assert elasticity == pytest.approx(left, abs=0.02)


def test_spend_that_follows_the_market_is_found() -> None:
    assert said(Habits(market_sd=0.3, follows_market=1.0), RIDES) > 0.8


def test_a_cell_that_changed_is_found() -> None:
    """What all cells lose is the market's day effect; an eighth of the cells, falling by 70 %, is theirs."""
    rng, days = np.random.default_rng(5), 60
    cost = EVEN * np.exp(0.3 * rng.standard_normal((N, days)))
    falls = np.arange(N) % 8 == 0
    expected = 40 * cost / (2 * EVEN + cost) * np.exp(-1.2 * falls[:, None] * np.linspace(0, 1, days))
    report = report_from_arrays(CELLS, cost, sell(rng, expected, 20.0), 80.0)
    bank = fit_curves(report, CELLS, plan_date=day_after(days), prior=PRIOR, rng=rng, draws=50)
    texts = [" ".join(reason.en for reason in grading.reasons) for grading in bank.gradings]
    fell = np.array(["orders at the same cost have fallen by about " in text for text in texts])
    assert fell[falls].mean() > 0.8
    assert fell[~falls].mean() <= 0.05


def test_the_tests_variation_mends_the_plan() -> None:
    """The same confounded days, test days tagged or not: the tag brings promises down, and better plans."""
    habits = Habits(own_sd=0.4, follows_own=1.0, market_sd=0.1, tests=6)
    with_tag, without = (
        np.mean([market(seed, habits, tagged=tagged).worth() for seed in range(4)], axis=0) for tagged in (True, False)
    )
    assert with_tag[0] > without[0]
    assert abs(with_tag[1] - 1) < abs(without[1] - 1) - 0.05


def test_a_tag_changes_nothing_in_a_sound_market() -> None:
    habits = Habits(own_sd=0.2, market_sd=0.1, tests=6)
    first, second = market(1, habits), market(1, habits, tagged=False)
    assert np.array_equal(first.bank.curves.level, second.bank.curves.level)


def test_the_regression_is_the_penalised_maximum() -> None:
    """Against a general optimiser of the Poisson likelihood (size 1e9) with the same ridge."""
    rng = np.random.default_rng(9)
    z = np.stack([np.ones(20), rng.standard_normal(20), rng.standard_normal(20)], axis=1)
    orders = rng.poisson(np.exp(z @ np.array([1.0, 0.5, -0.3]))).astype(float)
    offset = 0.2 * rng.standard_normal(20)
    sample = Sample(
        ok=np.ones((1, 20), dtype=bool), orders=orders[None], log_ratio=np.zeros((1, 20)), reference=np.ones(1),
        usual=np.ones(1), natural=np.zeros((1, 1)), factor=np.ones((1, 20)),
    )  # fmt: skip

    def loss(b: Floats) -> float:
        eta = z @ b + offset
        return float(np.exp(eta).sum() - orders @ eta + 0.5 * RIDGE * (b[1:] @ b[1:]))

    found = fit_log_linear(sample, z[None], offset[None], np.array([[1e9]]))
    assert found.coefficient[0] == pytest.approx(minimize(loss, np.zeros(3)).x, abs=1e-4)
