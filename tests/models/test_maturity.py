"""Young days hide refunds: the mature rate is found from known worlds, with an interval that holds it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_models.market.refunds import Refunded
from adspend_models.market.sample_shop import sample_world
from adspend_models.market.world import World
from adspend_models.maturity import RefundMaturity, matured_refunds, refund_maturity
from oracles.refund_panels import SNAPSHOT, one_cell, world_panel

STATED = 0.3


def arrival(age: int, at_once: float, daily: float) -> float:
    """The share of refunds known at ``age``, day by day rather than by the formula."""
    outstanding = 1 - at_once
    for _ in range(age):
        outstanding -= outstanding * daily
    return 1 - outstanding


def world(seed: int, rate: float, daily: float) -> World:
    """The sample room with another refund rate and lag."""
    room = sample_world(seed)
    assert isinstance(room, Refunded)
    return replace(room, rate=rate, daily=daily)


@pytest.mark.parametrize(("rate", "at_once", "daily"), [(0.46, 0.25, 0.25), (0.3, 0.0, 0.15), (0.62, 0.5, 0.12)])
def test_days_that_follow_the_curve_exactly_give_it_back(rate: float, at_once: float, daily: float) -> None:
    """Without luck the three numbers are recovered, whichever share arrives at once."""
    ages = list(range(30, 0, -1))
    gmv = [1000.0 + 37 * (age % 7) for age in ages]
    refund = [rate * arrival(age, at_once, daily) * g for age, g in zip(ages, gmv, strict=True)]
    found = refund_maturity(one_cell(ages, gmv, refund), SNAPSHOT, STATED)
    assert found.rate == pytest.approx(rate, abs=2e-4)
    want = [arrival(age, at_once, daily) for age in range(31)]
    np.testing.assert_allclose(found.completion, want, atol=2e-3)
    assert found.low < rate < found.high


def test_an_anchor_by_hand() -> None:
    """Only days over two weeks old, 30 of 100 and 50 of 100: nothing more is to come, and the rate is 40 of 100."""
    found = refund_maturity(one_cell([20, 19, 18, 17], [1e4] * 4, [3e3, 5e3, 3e3, 5e3]), SNAPSHOT, STATED)
    assert found.rate == pytest.approx(0.4, abs=1e-6)
    assert found.completion.tolist() == [1.0] * 21
    assert found.reason.zh == "4 天、400 单，其中 4 天满 14 天"


@pytest.mark.parametrize(("rate", "daily"), [(0.46, 0.25), (0.3, 0.15)])
def test_known_worlds_are_recovered_covered_and_the_naive_rate_is_low(rate: float, daily: float) -> None:
    """20 worlds of 30 days: the mean error is within 4 standard errors and within a point.

    Of twenty 90 % intervals at least 15 hold the truth (a right procedure fails that once in 90 such tests).
    """
    panels = [world_panel(world(seed, rate, daily), 30, 800) for seed in range(20)]
    found = [refund_maturity(panel, SNAPSHOT, STATED) for panel in panels]
    error = np.array([each.rate for each in found]) - rate
    naive = np.array([panel.refund.sum() / panel.gmv.sum() for panel in panels]) - rate
    assert abs(error.mean()) < min(4 * error.std() / np.sqrt(20), 0.01)
    assert sum(each.low <= rate <= each.high for each in found) >= 15
    assert np.all([each.high - each.low < 0.2 for each in found])
    assert naive.mean() < -0.03
    assert naive.max() < 0
    known = np.mean([each.completion[7] for each in found])
    assert known == pytest.approx(arrival(7, daily, daily), abs=0.03)


def test_matured_rows_are_what_the_world_shows_later() -> None:
    """Rows completed at the snapshot and the world's own refunds once all have come agree to 1 % of GMV."""
    shown = world(3, 0.46, 0.25)
    panel = world_panel(shown, 30, 800)
    found = refund_maturity(panel, SNAPSHOT, STATED)
    rows = matured_refunds(panel, SNAPSHOT, found)
    dates = [type(SNAPSHOT).fromordinal(int(day)) for day in panel.day[0]]
    budget = np.full(len(panel.cells), 800_00)
    final = np.stack([shown.day(date, budget).refund_fen(within_days=1000) for date in dates], axis=1) / 100  # type: ignore[misc]
    young = slice(-7, None)
    sold = panel.gmv[:, young].sum()
    assert abs(rows.refund[:, young].sum() - final[:, young].sum()) < 0.03 * sold
    assert panel.refund[:, young].sum() < final[:, young].sum() - 0.1 * sold
    assert rows.immature[0].tolist() == [False] * 17 + [True] * 13
    assert np.all((rows.refund >= panel.refund - 1e-9) & (rows.refund <= np.maximum(panel.gmv, panel.refund) + 1e-9))


def test_a_missing_refund_stays_missing() -> None:
    panel = one_cell([20, 19, 18, 2], [1e4] * 4, [4e3, 4e3, 4e3, np.nan])
    rows = matured_refunds(panel, SNAPSHOT, refund_maturity(panel, SNAPSHOT, STATED))
    assert np.isnan(rows.refund[0]).tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("ages", "gmv", "refund", "why"),
    [
        ([20, 19, 18], 5e3, 2e3, "150"),  # 50 orders a day
        ([20, 19, 5, 4], 1e5, 4e4, "满 14 天的日子只有 2 天"),
        ([20, 19, 18], 1e5, 0.0, "一笔退款也没有"),
        ([20, 19, 18], 1e5, np.nan, "只有 0 单"),
    ],
)
def test_too_little_data_say_so_and_leave_the_stated_rate(ages: list[int], gmv: float, refund: float, why: str) -> None:
    found = refund_maturity(one_cell(ages, [gmv] * len(ages), [refund] * len(ages)), SNAPSHOT, STATED)
    assert not found.measured
    assert found.rate == STATED
    assert np.isnan([found.low, found.high]).all()
    assert why in found.reason.zh


def test_a_calm_report_is_never_surer_than_its_orders() -> None:
    """400 orders that fall exactly on 40 % still leave about 1.65 sqrt(0.24 / 400) = 4 points either side."""
    found = refund_maturity(one_cell([20, 19, 18, 17], [1e4] * 4, [4e3] * 4), SNAPSHOT, STATED)
    assert 0.04 < found.high - found.rate < 0.08
    assert 0.04 < found.rate - found.low < 0.08


reports = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def drawn(rng: np.random.Generator, days: int) -> tuple[list[int], list[float], list[float]]:
    ages = list(range(days, 0, -1))
    rate, at_once, daily = rng.uniform(0.1, 0.8), rng.uniform(0, 0.5), rng.uniform(0.12, 0.6)
    gmv = rng.uniform(2e3, 2e4, days)
    share = np.array([rate * arrival(age, at_once, daily) for age in ages])
    refund = gmv * np.clip(share + rng.normal(0, 0.05, days), 0, 1)
    return ages, gmv.tolist(), refund.tolist()


@settings(max_examples=25, deadline=None)
@given(rng=reports)
def test_an_older_day_refunded_whole_never_lowers_the_rate(rng: np.random.Generator) -> None:
    ages, gmv, refund = drawn(rng, 28)
    before = refund_maturity(one_cell(ages, gmv, refund), SNAPSHOT, STATED)
    extra = float(rng.uniform(1e2, 3e4))
    after = refund_maturity(one_cell([29, *ages], [extra, *gmv], [extra, *refund]), SNAPSHOT, STATED)
    assert after.rate >= before.rate - 1e-4  # the optimiser's tolerance


@settings(max_examples=15, deadline=None)
@given(rng=reports, power=st.integers(-8, 8))
def test_the_unit_of_money_does_not_matter(rng: np.random.Generator, power: int) -> None:
    """Powers of two scale without rounding, so that even the optimiser's path is the same."""
    ages, gmv, refund = drawn(rng, 28)
    here = one_cell(ages, gmv, refund)
    factor = 2.0**power
    found = refund_maturity(here, SNAPSHOT, STATED)
    scaled = refund_maturity(replace(here, gmv=here.gmv * factor, refund=here.refund * factor), SNAPSHOT, STATED)
    assert (scaled.rate, scaled.low, scaled.high) == pytest.approx((found.rate, found.low, found.high), abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(rng=reports)
def test_rate_and_interval_are_in_order_and_completion_rises(rng: np.random.Generator) -> None:
    found = refund_maturity(one_cell(*drawn(rng, 28)), SNAPSHOT, STATED)
    assert 0 <= found.low <= found.rate <= found.high <= 1
    assert np.all(np.diff(found.completion) >= 0)


def test_an_impossible_rate_is_refused() -> None:
    reason = refund_maturity(one_cell([20], [1.0], [0.0]), SNAPSHOT, STATED).reason
    with pytest.raises(ValueError, match=r"0 <= rate <= 1"):
        RefundMaturity(rate=1.2, low=1, high=1.3, completion=np.ones(1), measured=True, reason=reason)
