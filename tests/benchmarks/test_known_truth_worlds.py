"""The worlds of known truth are what their tables say, and the methods do what their names say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from adspend_models.panel import read_panel
from benchmarks.curves.curve_methods import (
    METHODS,
    constant_return,
    fitted_per_cell,
    isotonic_cell,
    pooled_curves,
    pooled_hill,
    pooled_return,
)
from benchmarks.curves.design_markets import CELLS, EVEN
from benchmarks.curves.designed_tests import GRID, best_split
from benchmarks.curves.known_truth import (
    CAPPED,
    ROWS,
    coverage,
    even_split,
    flagged,
    known_truth,
    outcomes,
    taken,
    true_gmv,
    within_cap,
)
from benchmarks.curves.truth_curves import PURE, emax, fatigue, power, scaled, threshold
from benchmarks.curves.truth_worlds import (
    GRID_OF_CELLS,
    HISTORY_DAYS,
    LEVELS,
    SCENARIOS,
    Scenario,
    Seen,
    World,
    draw_world,
)

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
HEADLINE = BY_NAME["3 levels x 3 days, 20 orders"]
AT = EVEN * np.tile([0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 20.0], (CELLS, 1))


def sure_days(world: World, cost: np.ndarray, orders: np.ndarray) -> Seen:
    """What the world's methods would see of other days, every order worth 80."""
    return replace(
        world.seen, cost=cost, orders=orders.astype(np.int64), gmv=80.0 * orders, test=np.zeros(cost.shape, dtype=bool)
    )


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_same_seed_is_the_same_world(scenario: Scenario) -> None:
    first, again, other = (draw_world(scenario, seed) for seed in (4, 4, 5))
    for name in ("cost", "orders", "gmv", "test"):
        assert np.array_equal(getattr(first.seen, name), getattr(again.seen, name))
    assert np.array_equal(first.orders(AT), again.orders(AT))
    assert not np.array_equal(first.orders(AT), other.orders(AT))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_report_says_what_was_seen(scenario: Scenario) -> None:
    """Read back by the fit's own reader: no spend is no row, and only the test days bear the tag."""
    seen = draw_world(scenario, 1).seen
    panel = read_panel(seen.report(), GRID_OF_CELLS, seen.plan_date)
    assert panel.cells == GRID_OF_CELLS
    assert np.array_equal(np.nan_to_num(panel.cost).sum(axis=1) > 0, seen.tried)
    for name in ("cost", "orders", "gmv"):
        assert np.nansum(getattr(panel, name)) == pytest.approx(getattr(seen, name).sum(), rel=1e-5)
    tagged = panel.seen & (np.array(panel.phase_names)[panel.phase] == "test")
    assert tagged.sum() == (seen.test & (seen.cost > 0)).sum() == (120 if "test days" in scenario.name else 0)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_true_curves_start_at_nothing_and_rise_unless_people_tire(scenario: Scenario) -> None:
    orders = draw_world(scenario, 2).orders(AT)
    assert orders.shape == AT.shape
    assert np.all(orders[:, 0] == 0)
    assert np.all(orders >= 0)
    if scenario.name not in ("fatigue", "mixture"):
        assert np.all(np.diff(orders, axis=1) >= 0)


def test_families_by_their_defining_property() -> None:
    rng = np.random.default_rng(0)
    fine = EVEN * np.tile(np.linspace(0.0, 20.0, 2001), (CELLS, 1))
    assert np.all(np.diff(emax(rng)(fine), n=2, axis=1) < 0), "concave"
    constant = power(rng)
    elasticity = np.log2(constant(2 * AT[:, 1:]) / constant(AT[:, 1:]))
    assert np.allclose(elasticity, elasticity[:, :1]), "each doubling multiplies by the same"
    assert np.all((elasticity > 0.45) & (elasticity < 0.85))
    tired = fatigue(rng)(fine)
    assert np.all((tired.argmax(axis=1) > 0) & (tired[:, -1] < tired.max(axis=1))), "falls beyond a best cost"
    kinked = threshold(rng)(fine)
    assert np.all(kinked[:, 1] == 0), "nothing below the threshold"
    assert np.mean(kinked[:, -1] == kinked[:, -2]) > 0.9, "a plateau"


def test_the_median_cell_sells_what_the_scenario_states() -> None:
    for family in PURE:
        curve = scaled(family(np.random.default_rng(3)), AT, 7.0)
        assert np.median(curve(AT).sum(axis=1)) == pytest.approx(7.0)
    world = draw_world(HEADLINE, 0)
    assert np.median(world.orders(world.seen.cost).sum(axis=1)) == pytest.approx(20.0)
    assert np.allclose(world.seen.cost[0], EVEN * np.tile(LEVELS, 3))


def test_an_even_split_is_worth_what_was_published() -> None:
    """0.79 of the best split; a world's share has an sd of 6 %, so the mean of 60 an error of 0.8 %."""
    shares = []
    for seed in range(60):
        world = draw_world(HEADLINE, seed)
        truth = true_gmv(world)
        shares.append(taken(truth, even_split(world.seen)) / taken(truth, best_split(truth)))
    assert np.mean(shares) == pytest.approx(0.79, abs=0.025)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_split_beats_the_clairvoyant(scenario: Scenario) -> None:
    """Against a hundred random splits and the even one; a piece of a convex stretch may be left over, hence 1 %."""
    world, rng = draw_world(scenario, 3), np.random.default_rng(1)
    truth = true_gmv(world)
    best = taken(truth, best_split(truth))
    assert taken(truth, even_split(world.seen)) <= 1.01 * best
    for weight in rng.dirichlet(np.full(CELLS, 0.5), 100):
        assert taken(truth, np.minimum(np.floor(800 * weight), 400).astype(np.int64)) <= 1.01 * best


def test_money_follows_demand_in_the_confounded_history_and_not_in_the_test() -> None:
    """Within a cell log cost and log demand correlate by 0.86, the slope of demand in cost is 0.74; in the test by 0.

    1,200 days of a world; over 20 worlds the errors are below 0.005 and, in the test's 2,400 cell-days, 0.02.
    """
    logs = []
    for seed in range(20):
        world = draw_world(BY_NAME["confounded, 3 test days"], seed)
        logs.append((np.log(world.seen.cost), world.demand))
    cost, demand = (np.concatenate(part) for part in zip(*logs, strict=True))

    def within(values: np.ndarray) -> np.ndarray:
        return (values - values.mean(axis=1, keepdims=True)).ravel()

    x, y = within(cost[:, :HISTORY_DAYS]), within(demand[:, :HISTORY_DAYS])
    assert np.corrcoef(x, y)[0, 1] == pytest.approx(0.5 / np.sqrt(0.34), abs=0.02)
    assert x @ y / (x @ x) == pytest.approx(0.25 / 0.34, abs=0.03)
    x, y = within(cost[:, HISTORY_DAYS:]), within(demand[:, HISTORY_DAYS:])
    assert abs(np.corrcoef(x, y)[0, 1]) < 0.06


def test_counts_scatter_around_the_curve_and_an_average_day_is_average() -> None:
    """Orders over all days match the curves' within three standard errors, day shocks and demand included."""
    for name in ("over-dispersed", "day shocks, 21 days", "confounded history"):
        ratio = []
        for seed in range(40):
            world = draw_world(BY_NAME[name], seed)
            if name == "confounded history":  # money follows demand: undo the demand, then compare
                expected = (world.orders(world.seen.cost) * np.exp(world.demand - 0.125)).sum()
            else:
                expected = world.orders(world.seen.cost).sum()
            ratio.append(world.seen.orders.sum() / expected)
        assert abs(np.mean(ratio) - 1) < 3 * np.std(ratio) / np.sqrt(40)


def test_heavy_order_values_average_what_the_truth_says() -> None:
    """Mean GMV per order over 60 worlds against the stated truth, which counts the rare orders of 100 times."""
    found, stated = [], []
    for seed in range(60):
        world = draw_world(BY_NAME["heavy-tailed order values"], seed)
        found.append(world.seen.gmv.sum())
        stated.append(float(world.seen.orders.sum(axis=1) @ world.order_value))
    ratio = np.array(found) / np.array(stated)
    assert abs(ratio.mean() - 1) < 3 * ratio.std() / np.sqrt(60)
    assert np.std(ratio) > 0.05, "heavy"


def test_isotonic_by_hand() -> None:
    """Days (1, 2), (2, 6), (3, 4): the last two are pooled to 5; halfway to the first it is 1, beyond 3 still 5."""
    curve = isotonic_cell(np.array([2.0, 1.0, 3.0]), np.array([6.0, 2.0, 4.0]))
    assert curve(np.array([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 99.0])).tolist() == [0.0, 1.0, 2.0, 3.5, 5.0, 5.0, 5.0]
    # A cost seen on three days weighs three times: (3 * 6 + 2) / 4.
    often = isotonic_cell(np.array([1.0, 1.0, 1.0, 2.0]), np.array([5.0, 6.0, 7.0, 2.0]))
    assert often(np.array([1.0, 2.0])).tolist() == [5.0, 5.0]


def test_constant_returns_by_hand() -> None:
    """100 and 300 yuan brought 2 and 4 orders of 80 yuan: 1.2 yuan per yuan, at any cost."""
    world = draw_world(HEADLINE, 0)
    seen = sure_days(world, np.tile([100.0, 300.0], (CELLS, 1)), np.tile([2.0, 4.0], (CELLS, 1)))
    for method in (constant_return, pooled_return):
        assert np.allclose(method(seen).gmv(AT), 1.2 * AT)


def test_curve_fit_finds_a_curve_without_noise_and_falls_back_on_the_return() -> None:
    """Counts of 10,000 and more follow the true Hill curve; two days are too few for three parameters."""
    world = draw_world(HEADLINE, 0)
    cost = EVEN * np.tile([0.1, 0.3, 1.0, 3.0, 10.0], (CELLS, 1))
    orders = np.rint(1e5 * world.orders(cost))
    found = fitted_per_cell(sure_days(world, cost, orders)).gmv(cost)
    assert np.median(np.abs(found / (80.0 * orders) - 1)) < 1e-3
    few = sure_days(world, cost[:, :2], orders[:, :2])
    assert np.allclose(fitted_per_cell(few).gmv(AT), constant_return(few).gmv(AT))


@pytest.mark.parametrize("name", METHODS)
def test_every_method_gives_nothing_for_nothing_and_for_cells_never_tried(name: str) -> None:
    seen = draw_world(BY_NAME["8 cells never tried"], 0).seen
    gmv = METHODS[name](seen).gmv(AT)
    assert seen.tried.sum() == 32
    assert gmv.shape == AT.shape
    assert np.all(np.isfinite(gmv))
    assert np.all(gmv[:, 0] == 0)
    assert np.all(gmv[~seen.tried] == 0)


def test_one_world_measured_anew() -> None:
    """The shares, promises and coverage of the pooled curves, recomputed cell by cell from their bank."""
    world = draw_world(BY_NAME["8 cells never tried"], 1)
    found = outcomes(world)
    assert all(outcome.share <= 1.01 for outcome in found.values())
    fitted = pooled_curves(world.seen)
    promise, truth = fitted.gmv(GRID), true_gmv(world)
    steps = best_split(promise)
    assert steps.sum() <= 800
    assert found["pooled curves"].promised == pytest.approx(sum(promise[i, steps[i]] for i in range(CELLS)))
    assert found["pooled curves"].realised == pytest.approx(sum(truth[i, steps[i]] for i in range(CELLS)))
    assert fitted.bank is not None
    assert flagged(world.seen, fitted.bank) == 1.0
    assert 0.5 < coverage(world, fitted.bank) <= 1.0


def test_a_capped_split_stays_within_the_cap() -> None:
    """Tests went up to 3 even splits, so no cell gets more than 3.9, and what it may get is worth what it was."""
    seen = draw_world(HEADLINE, 0).seen
    gmv = constant_return(seen).gmv(GRID)
    capped = within_cap(gmv, seen)
    assert best_split(gmv).max() == 400
    assert best_split(capped).max() == 78
    assert np.array_equal(capped[:, :79], gmv[:, :79])


def test_intervals_around_the_truth_hold_and_intervals_elsewhere_do_not() -> None:
    """A bank whose draws scatter around another world's curves covers few of this one's."""
    world, other = (draw_world(HEADLINE, seed) for seed in (0, 1))
    bank = pooled_hill(world.seen).bank
    assert bank is not None
    assert coverage(world, bank) > 0.75
    assert coverage(other, bank) < 0.6


@pytest.mark.gate
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            scenario.name,
            marks=[pytest.mark.xfail(reason="money followed each cell's own good days: nothing in the fit knows it")]
            if "confounded" in scenario.name
            else [],
        )
        for scenario in SCENARIOS
    ],
)
def test_the_bars(name: str) -> None:
    """The project's own bars, in the benchmark's worlds: the clairvoyant's share, never below an even split, flags."""
    scenario = BY_NAME[name]
    found = [outcomes(draw_world(scenario, seed)) for seed in range(scenario.worlds)]
    share = np.mean([world["pooled curves"].share for world in found])
    assert share >= np.mean([world["even split"].share for world in found])
    assert share >= {"3 levels, 5 orders": 0.88, "3 levels x 3 days, 20 orders": 0.93}.get(name, 0.0)
    assert all(world["pooled curves"].flagged == 1.0 for world in found)


def test_smoke_rows_name_every_method() -> None:
    rows = known_truth(True)
    assert [row["method"] for row in rows] == list(ROWS)
    assert set(ROWS) == {*METHODS, CAPPED}
