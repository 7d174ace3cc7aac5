"""The compared methods: the exact ones are exact, the local ones fail where they are known to, all keep the boxes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from adspend.problem import MICRO, Problem
from benchmarks.allocation.against_peers import Run, summary
from benchmarks.allocation.instances import Box, Family, make_instance
from benchmarks.allocation.methods.auglag import auglag
from benchmarks.allocation.methods.even_split import even_split
from benchmarks.allocation.methods.exact_dp import exact_dp
from benchmarks.allocation.methods.meridian_greedy import meridian_greedy
from benchmarks.allocation.methods.monolithic_mip import monolithic_mip
from benchmarks.allocation.methods.multi_start import multi_start
from benchmarks.allocation.methods.proportional import proportional
from benchmarks.allocation.methods.slsqp import slsqp
from benchmarks.allocation.methods.smooth_curves import SmoothCurves
from benchmarks.allocation.methods.whole_steps import in_whole_steps
from oracles.brute_force import best_plan, feasible, objective
from oracles.hand_problems import ints, problem, row, sampled, table
from oracles.random_problems import random_problem

METHODS = (even_split, proportional, meridian_greedy, slsqp, multi_start, auglag, exact_dp, monolithic_mip)
every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
Method = Callable[[Problem], tuple[int, ...]]


def hill(top: float, half: float, exponent: float, cost: np.ndarray) -> np.ndarray:
    return np.asarray(top * cost**exponent / (cost**exponent + half**exponent))


def on_integers(curves: list[tuple[float, float, float]], budget: int) -> Problem:
    """Responses at 1, 2, ... ``budget`` yuan, maximised as they stand."""
    costs = np.arange(1.0, budget + 1)
    return problem([sampled(lambda x, c=c: hill(*c, x), costs) for c in curves], budget_yuan=budget)


def earned(made: Problem, spend: tuple[int, ...]) -> float:
    return float(objective(made, spend)) / MICRO


TWO_S_AND_ONE_CONCAVE = on_integers([(100, 40, 4), (90, 45, 4), (30, 30, 1)], 100)
TWINS = on_integers([(100, 50, 4)] * 2, 80)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("method", [exact_dp, monolithic_mip], ids=lambda method: method.__name__)
def test_the_exact_methods_reach_the_best_of_all_plans(method: Method, seed: int) -> None:
    """To the last micro-yuan for the programme, to HiGHS's gap of 1e-3 for the MIP."""
    made = random_problem(np.random.default_rng([7, seed]), 4, most_steps=14, limits=("budget",), locks=False)
    best = best_plan(made)
    assert best is not None
    spend = method(made)
    assert feasible(made, spend) == []
    lost = best.objective - objective(made, spend)
    assert 0 <= lost <= (0 if method is exact_dp else best.objective / 1000)


def test_the_mip_keeps_every_limit() -> None:
    """Shares, ROI, stock and most active cells: within 1e-3 of the best of all plans."""
    for seed in range(20):
        made = random_problem(np.random.default_rng([8, seed]), 4, most_steps=14, locks=False)
        best = best_plan(made)
        assert best is not None
        spend = monolithic_mip(made)
        assert feasible(made, spend) == []
        assert best.objective - objective(made, spend) <= best.objective / 1000


def test_greedy_leaves_money_where_the_next_jump_is_too_long() -> None:
    """As measured of the original: (56, 0, 0) and 79.3457, where (50, 50, 0) earns 125.2867."""
    spend = meridian_greedy(TWO_S_AND_ONE_CONCAVE)
    assert spend == (5600, 0, 0)
    assert earned(TWO_S_AND_ONE_CONCAVE, spend) == pytest.approx(79.3457, abs=1e-4)
    best = exact_dp(TWO_S_AND_ONE_CONCAVE)
    assert best == (5000, 5000, 0)
    assert earned(TWO_S_AND_ONE_CONCAVE, best) == pytest.approx(125.2867, abs=1e-4)


def test_greedy_on_twins_leaves_14_of_80() -> None:
    """As measured of the original: 66 for one, 75.22."""
    spend = meridian_greedy(TWINS)
    assert sorted(spend) == [0, 6600]
    assert earned(TWINS, spend) == pytest.approx(75.22, abs=0.005)


def test_a_local_method_stays_at_the_even_split_of_twins() -> None:
    """A stationary point worth 58.1158; all in one is worth 86.7613, which random starts find."""
    stuck = slsqp(TWINS)
    assert stuck == even_split(TWINS) == (4000, 4000)
    assert earned(TWINS, stuck) == pytest.approx(58.1158, abs=1e-4)
    for method in (multi_start, exact_dp):
        assert sorted(method(TWINS)) == [0, 8000]
        assert earned(TWINS, method(TWINS)) == pytest.approx(86.7613, abs=1e-4)


@pytest.mark.parametrize("method", [meridian_greedy, slsqp, auglag, multi_start], ids=lambda method: method.__name__)
def test_on_concave_curves_every_method_is_right(method: Method) -> None:
    """sqrt: a = (3, 4, 12), B = 169 gives x = a squared and 169, in closed form."""
    costs = np.arange(1.0, 170)
    made = problem([sampled(lambda x, a=a: a * np.sqrt(x), costs) for a in (3, 4, 12)], budget_yuan=169)
    spend = method(made)
    assert earned(made, spend) == pytest.approx(169, rel=1e-5)
    assert np.abs(np.array(spend) - [900, 1600, 14400]).max() <= 200


def test_a_split_by_return_by_hand() -> None:
    """Returns of 3 and 1 yuan per yuan at the even split of 40: 60 and 20; a box of 50 leaves 30 for the other."""
    made = problem([table([20, 40, 80], [40, 80, 90]), table([20, 40, 80], [0, 0, 0])], budget_yuan=80)
    assert proportional(made) == (6000, 2000)
    boxed = problem([table([20, 40, 50], [40, 80, 90]), table([20, 40, 80], [0, 0, 0])], budget_yuan=80)
    assert proportional(boxed) == (5000, 3000)


def test_rounding_keeps_the_total() -> None:
    """Minimum 20, step 10: 15 falls to 0, but what was freed switches it on; the largest remainder gets the rest."""
    made = problem([table([20, 100], [1, 2])] * 3, budget_yuan=110, step_yuan=10)
    assert in_whole_steps(made, np.array([4400.0, 5100.0, 1500.0])) == (4000, 5000, 2000)
    assert in_whole_steps(made, np.array([4900.0, 5100.0, 0.0])) == (5000, 5000, 0)


@every_method
@pytest.mark.parametrize("box", list(Box))
@pytest.mark.parametrize("minimum", [False, True])
def test_every_answer_is_within_its_boxes_and_the_budget(method: Method, box: Box, minimum: bool) -> None:
    family = Family(s_shaped=True, box=box, minimum_or_zero=minimum)
    made = make_instance(np.random.default_rng([9, 6]), family, 6).problem
    spend = method(made)
    assert feasible(made, spend) == []
    assert objective(made, spend) <= objective(made, exact_dp(made))


def test_smooth_curves_meet_the_points_and_their_slopes_are_slopes() -> None:
    """At every point the table's objective; slopes by central differences."""
    made = make_instance(
        np.random.default_rng(5), Family(s_shaped=True, box=Box.FREE, minimum_or_zero=False), 5
    ).problem
    curves = SmoothCurves(made)
    first = made.tables[0]
    assert first is not None
    heights = [curves.climb(np.full(5, spend / curves.unit))[0] for spend in first.spend.tolist()]
    sums = sum(cell.objective for cell in made.tables if cell is not None).astype(np.float64)
    np.testing.assert_allclose(np.array(heights) / heights[-1], sums / sums[-1], rtol=1e-9)
    x, h = np.random.default_rng(6).uniform(0.1, 11.9, 5), 1e-6
    for i in range(5):
        ahead, behind = (curves.climb(x + sign * h * np.eye(5)[i])[0] for sign in (1, -1))
        assert curves.climb(x)[1][i] == pytest.approx((ahead - behind) / (2 * h), rel=1e-4, abs=1e-7)


def test_exact_planning_refuses_other_limits() -> None:
    made = problem([table([100], [1])], budget_yuan=100, limits=[row("few", 1, active=ints(1))])
    with pytest.raises(ValueError, match=r"only a plain budget can be planned exactly, got \['budget', 'few'\]"):
        exact_dp(made)


@every_method
def test_locks_are_refused(method: Method) -> None:
    with pytest.raises(ValueError, match="know no fixed cells, got 1 of them"):
        method(problem([table([100], [1])], budget_yuan=100, fixed=[10000]))


@pytest.mark.parametrize("method", [m for m in METHODS if m is not monolithic_mip], ids=lambda method: method.__name__)
def test_a_missing_budget_is_refused(method: Method) -> None:
    with pytest.raises(ValueError, match=r"need a limit named budget, got \['few'\]"):
        method(problem([table([100], [1])], limits=[row("few", 1, active=ints(1))]))


def test_what_a_box_pays_beforehand_is_the_same_curve() -> None:
    """From 0.5 to 2 even splits: base and what comes on top are the value at 0.5 E and at 2 E of the same cells."""
    above, whole = (
        make_instance(np.random.default_rng(3), Family(s_shaped=True, box=Box.WIDE, minimum_or_zero=minimum), 9)
        for minimum in (False, True)
    )
    ends = [(cell.minimum, cell.maximum) for cell in whole.problem.tables if cell is not None]
    assert ends == [(300_00, 1200_00)] * 9
    values = np.array([cell.value[[0, -1]] for cell in whole.problem.tables if cell is not None])
    on_top = sum(int(cell.value[-1]) for cell in above.problem.tables if cell is not None)
    assert (above.base, above.base + on_top) == tuple(values.sum(axis=0))
    assert above.budget - above.problem.limits[0].rhs == 9 * 300_00
    assert (whole.base, whole.problem.limits[0].rhs) == (0, whole.budget) == (0, 9 * 600_00)


@pytest.mark.parametrize("s_shaped", [False, True])
def test_concave_curves_bend_down_and_s_curves_first_up(s_shaped: bool) -> None:
    made = make_instance(
        np.random.default_rng(4), Family(s_shaped=s_shaped, box=Box.FREE, minimum_or_zero=False), 50
    ).problem
    for cell in made.tables:
        assert cell is not None
        slopes = np.diff(cell.value, prepend=0) / np.diff(cell.spend, prepend=0)
        rises = bool((np.diff(slopes) > 1e-6 * slopes[:-1]).any())
        assert rises is s_shaped


def test_coupled_instances_have_every_row_and_a_plan_that_spends() -> None:
    family = Family(s_shaped=True, box=Box.FREE, minimum_or_zero=True, coupled=True)
    made = make_instance(np.random.default_rng([2, 12, 0]), family, 12).problem
    kinds = [limit.key.split("/")[0] for limit in made.limits]
    assert kinds == ["budget", "roi_floor", "max_active", "stock", *["share"] * 9]
    spend = monolithic_mip(made, time_limit=5.0)
    assert feasible(made, spend) == []
    assert sum(spend) > 0


def test_coupling_rows_need_cells_that_may_be_0() -> None:
    with pytest.raises(ValueError, match=r"coupling rows need cells that may be 0, got the box 0\.7"):
        Family(s_shaped=True, box=Box.TIGHT, minimum_or_zero=False, coupled=True)


def test_an_answer_that_breaks_a_limit_has_no_gap() -> None:
    """Of two runs, one at 20 % and one broken: the gap is 20, half break a limit."""
    runs = [Run(gap=0.2, unspent=0.1, seconds=1.0), Run(gap=None, unspent=0.3, seconds=3.0)]
    told = summary(runs, 4.0, "")
    assert (told["gap mean %"], told["gap max %"], told["breaks a limit %"]) == (20.0, 20.0, 50.0)
    assert (told["unspent mean %"], told["seconds median"], told["time / ours"]) == (20.0, 2.0, 0.5)
    assert set(summary([], 4.0, "skipped").values()) == {"-", "skipped"}
