"""The simple forecasts that the curves are compared with do what their names say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.curves.backtest_conjura import _constant_return, _last_value, _power_law

DAYS = pd.date_range("2024-01-01", periods=4)


def known(cost: list[float], count: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"date": DAYS[: len(cost)], "cost": cost, "count": count})


def test_a_power_law_without_noise_is_found_exactly() -> None:
    cost = [1.0, 4.0, 9.0, 16.0]
    made = _power_law(known(cost, [6.0, 12.0, 18.0, 24.0]), np.array([25.0, 100.0]))
    assert made == pytest.approx([30.0, 60.0])  # 6 sqrt(cost)


def test_smearing_gives_the_mean_not_the_median() -> None:
    """At one cost and its double, twice each, with logs +-a around the law: the mean is cosh(a) times the median."""
    a = 0.5
    frame = pd.DataFrame({"date": DAYS, "cost": [1.0, 1.0, 4.0, 2.0], "count": np.exp([a, -a, 0.0, 0.0])})
    made = _power_law(frame, np.array([1.0]))
    assert made is not None
    x, y = np.log(frame["cost"]), np.log(frame["count"])
    slope, level = np.linalg.lstsq(np.column_stack([x, np.ones(4)]), y, rcond=None)[0]
    assert made[0] == pytest.approx(np.exp(level) * np.exp(y - level - slope * x).mean())
    assert made[0] > np.exp(level)


def test_two_levels_of_cost_fall_back_to_the_return() -> None:
    made = _power_law(known([2.0, 2.0, 4.0], [3.0, 5.0, 8.0]), np.array([10.0]))
    assert made == pytest.approx([20.0])  # 16 clicks on a cost of 8


def test_the_constant_return_ignores_clicks_without_cost() -> None:
    frame = known([0.0, 2.0, 8.0], [99.0, 6.0, 14.0])
    assert _constant_return(frame, np.array([5.0])) == pytest.approx([10.0])
    assert _constant_return(frame[:1], np.array([5.0])) is None


def test_the_last_value_is_of_the_last_day_with_cost() -> None:
    frame = known([2.0, 8.0, 0.0], [6.0, 14.0, 99.0])
    assert _last_value(frame, np.array([1.0, 50.0])) == pytest.approx([14.0, 14.0])
