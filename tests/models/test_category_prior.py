"""What shops of a category teach: recovered where it is known, and worth nothing where shops are too few."""

from __future__ import annotations

import numpy as np
import pytest

from adspend_models.category_prior import FEWEST_SHOPS, START_CENTRE, Lesson, learn_category, take_lesson
from adspend_models.effects import CELL_SD, TYPICAL_SD, lay_out_effects
from adspend_models.prior import CategoryPrior, Prior
from oracles.known_worlds import EVEN, sell
from oracles.made_reports import day_after, grid_cells, report_from_arrays

CELLS = grid_cells(3, 2)
PRIOR = Prior(reference_cost=EVEN, gmv_return=3, order_value=80)
CATEGORY = CategoryPrior(centre=(0.3, 1.2, 0.2), sd=(0.2, 0.25, 0.1), cell_sd=(0.3, 0.4, 0.15), shops=9)


def lessons(rng: np.random.Generator, shops: int, centre: np.ndarray, sd: np.ndarray, noise: float) -> list[Lesson]:
    """Shops around a centre, each seen with an error of log-sd ``noise``."""
    seen = centre + sd * rng.standard_normal((shops, 3)) + noise * rng.standard_normal((shops, 3))
    precision = np.eye(3) / noise**2
    return [
        Lesson(
            pull=tuple(precision @ x), precision=tuple(precision.ravel()), cell_variance=(0.09, 0.16, 0.02), cells=48
        )
        for x in seen
    ]


def test_centre_and_spread_are_recovered() -> None:
    """200 shops, noise as large as the spread: the centre within four errors of a mean, the spread within a fifth."""
    centre, sd = np.array([0.4, 1.3, 0.25]), np.array([0.4, 0.3, 0.2])
    learned = learn_category(lessons(np.random.default_rng(1), 200, centre, sd, 0.3))
    assert learned is not None
    error = np.sqrt((sd**2 + 0.3**2) / 200)
    assert np.all(np.abs(np.array(learned.centre) - centre) < 4 * error + 0.005)
    assert np.array(learned.sd) == pytest.approx(sd, rel=0.2)
    assert learned.cell_sd == (0.3, 0.4, 0.14)
    assert learned.shops == 200


def test_shops_that_know_nothing_leave_the_constants() -> None:
    """With hardly any data in any shop, the centre stays where a shop alone would have it."""
    learned = learn_category(lessons(np.random.default_rng(2), 10, np.zeros(3), np.ones(3), 1e4))
    assert learned is not None
    assert np.array(learned.centre) == pytest.approx(START_CENTRE, abs=0.01)


def test_too_few_shops_teach_nothing() -> None:
    taught = lessons(np.random.default_rng(3), FEWEST_SHOPS, np.zeros(3), np.ones(3), 0.3)
    empty = Lesson(pull=(0.0,) * 3, precision=(0.0,) * 9, cell_variance=(0.2,) * 3, cells=0)
    assert learn_category(taught[:-1]) is None
    assert learn_category([*taught[:-1], empty]) is None
    assert learn_category(taught) is not None


def test_a_lesson_leaves_the_shops_own_prior_out() -> None:
    """Two shops with the same days and different expectations teach the same curve, far within its uncertainty."""
    rng = np.random.default_rng(4)
    cost = EVEN * np.exp(0.7 * rng.standard_normal((len(CELLS), 30)))
    report = report_from_arrays(CELLS, cost, sell(rng, 60 * cost / (2 * EVEN + cost)), 80.0)
    seen = []
    for expected in (1.5, 3.0):
        prior = Prior(reference_cost=EVEN, gmv_return=expected, order_value=80)
        lesson = take_lesson(report, CELLS, plan_date=day_after(30), prior=prior)
        precision = np.array(lesson.precision).reshape(3, 3)
        typical = np.linalg.solve(precision + 1e-9 * np.eye(3), lesson.pull)
        seen.append(typical[0] + np.log(prior.order_return))
        sd = np.sqrt(np.linalg.inv(precision + 1e-9 * np.eye(3))[0, 0])
    assert seen[0] == pytest.approx(seen[1], abs=0.5 * sd)


def test_a_category_replaces_the_constants_of_the_effects() -> None:
    """Centre, spread and the cells' spread; without one they are as ever."""
    alone = lay_out_effects(CELLS, np.zeros(len(CELLS)), PRIOR)
    among = lay_out_effects(
        CELLS, np.zeros(len(CELLS)), Prior(reference_cost=EVEN, gmv_return=3, order_value=80, category=CATEGORY)
    )
    assert among.centre[0] == pytest.approx([0.3 + np.log(3 / 80), 1.2, 0.2])
    assert 1 / np.sqrt(among.precision[0]) == pytest.approx(CATEGORY.sd)
    assert (alone.cell_sd, among.cell_sd) == (CELL_SD, CATEGORY.cell_sd)
    assert 1 / np.sqrt(alone.precision[0]) == pytest.approx(TYPICAL_SD)
    assert np.array_equal(alone.precision[1:], among.precision[1:])


@pytest.mark.parametrize("sd", [(0.0, 0.1, 0.1), (float("nan"), 0.1, 0.1)])
def test_impossible_categories_are_refused(sd: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        CategoryPrior(centre=(0.0, 0.0, 0.0), sd=sd, cell_sd=(0.1, 0.1, 0.1), shops=3)
