"""The clairvoyant without luck is the optimum: a closed form on concave curves, brute force on S-shaped ones."""

from __future__ import annotations

import datetime
import itertools

import numpy as np
import pytest
from scipy.optimize import brentq

from adspend.simulate import scored, simulate
from adspend.solve import SolveSettings
from adspend.strategies.clairvoyant import Clairvoyant
from oracles.quiet_worlds import FIRST, QuietWorld, hills, shop

NO_CAPS = "[limits]\nmax_raise_per_day = inf\nmax_over_tested = inf"


def test_concave_curves_water_filling_in_closed_form() -> None:
    """V E D / (x + D)^2 = 1 + price at every cell: x = sqrt(v E D / (1 + price)) - D, with the price that fills B."""
    rng = np.random.default_rng(1)
    top, half = rng.uniform(20, 60, 12), rng.uniform(150, 600, 12)
    worth, budget = 50.0, 3_000.0  # half of an order's 100 yuan is kept

    def spends(price: float) -> np.ndarray:
        return np.maximum(np.sqrt(worth * top * half / (1 + price)) - half, 0.0)

    best = spends(brentq(lambda price: spends(price).sum() - budget, 0.0, 50.0))
    world = QuietWorld(hills(3, 4, ceiling=top, half=half, shape=1.0))
    planned = shop(3, 4, daily=budget, least=50, most=3_000, step=0.01, more=NO_CAPS)
    found = Clairvoyant(world, planned, SolveSettings(target_gap=1e-6)).decide(FIRST, ()) / 100

    def net(cost: np.ndarray) -> float:
        return float((worth * top * cost / (cost + half) - cost).sum())

    assert found.sum() == pytest.approx(budget, abs=0.5)
    assert net(found) == pytest.approx(net(best), rel=1e-3), (found, best)
    assert np.abs(found - best).max() < 0.05 * budget / 12


def test_s_shaped_curves_with_minimums_against_every_plan() -> None:
    """Four cells of 0 or 200 to 900 in steps of 100, day after day the same: 9^4 plans tried."""
    truth = hills(
        2, 2, ceiling=np.array([22.0, 30.0, 14.0, 26.0]), half=np.array([300.0, 520.0, 150.0, 420.0]), shape=2.2
    )
    planned = shop(2, 2, daily=1_600, least=200, most=900, step=100, more=NO_CAPS)
    levels = np.array([0, *range(200, 901, 100)])
    value = 50.0 * truth.mean_orders(FIRST, np.tile(levels / 1.0, (4, 1))) - levels
    best = max(
        sum(value[i, k] for i, k in enumerate(plan))
        for plan in itertools.product(range(len(levels)), repeat=4)
        if sum(levels[k] for k in plan) <= 1_600
    )
    world = QuietWorld(truth)
    days = simulate(world, Clairvoyant(world, planned).decide, first=FIRST, days=3)
    assert scored("clairvoyant", world, planned, days).expected == pytest.approx([best] * 3, rel=1e-3)


def test_caps_hold_from_its_second_day() -> None:
    """A world whose curves grow 100-fold overnight: the second day may go to 1.3 times the first, no further."""
    small, large = (hills(1, 2, ceiling=top, half=200.0, shape=1.0) for top in (9.0, 900.0))
    planned = shop(1, 2, daily=4_000, least=100, most=2_000, step=10)
    first = Clairvoyant(QuietWorld(small), planned).decide(FIRST, ())
    day = QuietWorld(small).day(FIRST, first)
    second = Clairvoyant(QuietWorld(large), planned).decide(FIRST + datetime.timedelta(days=1), [day])
    assert np.all(first > 0)
    assert second.tolist() == (first * 13 // 10 // 1_000 * 1_000).tolist()


def test_another_shop_s_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="in the order of"):
        Clairvoyant(QuietWorld(hills(1, 2, ceiling=9.0, half=200.0, shape=1.0)), shop(2, 1, daily=100))
