"""Learning across shops: what the typical curves of a category's shops have in common, before one more is fitted.

Notation: J shops; x_j in R^3 the typical coordinates (a, q, l) of shop j (the first row of B in ``pooling``), with a
counted from the log return that the shop itself expects, so that shops of different margins and prices compare.

    x_j ~ N(mu, diag(tau^2)),   mu ~ N(mu_0, s_0^2)
    h_j, P_j    shop j's data as a Gaussian factor: its posterior of x_j with its own prior divided out

mu and tau by EM, as cells are pooled within a shop. A new shop's prior is N(mu, tau^2 (1 + 1/J)); the spread of cells
within a shop is the shops' root mean square. All is rounded to a hundredth: one shop more then seldom changes the prior
of all others, and with it all their plans.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from adspend_models.calendar_effects import lay_out_calendar
from adspend_models.effects import TYPICAL_HALF, TYPICAL_SD, TYPICAL_SHAPE, lay_out_effects
from adspend_models.empirical_bayes import learn
from adspend_models.habit import find_habit
from adspend_models.matrices import inverse
from adspend_models.observed_days import suspect_units
from adspend_models.panel import read_panel
from adspend_models.prior import CategoryPrior, Prior
from adspend_models.sample import take_sample

Floats = NDArray[np.float64]

FEWEST_SHOPS = 3  # below it the constants of ``effects`` know more
START_SD = np.array([0.35, 0.35, 0.15])  # between shops of a category: half of TYPICAL_SD's variance and less
START_WEIGHT = 4.0  # shops' worth of belief in it
START_CENTRE = np.array([-0.5 * TYPICAL_SD[0] ** 2, TYPICAL_HALF, TYPICAL_SHAPE])
STEPS = 100  # of EM; cheap, and settled long before
SMALLEST_SD = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What one shop's report teaches the others.

    Attributes:
        pull: h, (3,).
        precision: P, (3, 3) row by row.
        cell_variance: Diagonal of the cells' spread Sigma.
        cells: Cells with data.
    """

    pull: tuple[float, ...]
    precision: tuple[float, ...]
    cell_variance: tuple[float, ...]
    cells: int


def take_lesson(report: TrafficReport, cells: Sequence[Cell], *, plan_date: datetime.date, prior: Prior) -> Lesson:
    """Fits Hill curves to a shop and keeps what they share; rows on or after ``plan_date`` are not used."""
    panel = read_panel(report, cells, plan_date)
    suspect, _ = suspect_units(panel)
    ok = panel.usable & ~suspect
    sample = take_sample(panel, ok, prior.reference_cost)
    effects = lay_out_effects(panel.cells, np.log(sample.reference / prior.reference_cost), prior)
    calendar = lay_out_calendar(panel, ok, plan_date.toordinal())
    habit = find_habit(sample, panel.randomised, effects, calendar)
    pooled = learn(habit.taken_out(sample), effects, calendar).pooled
    known = inverse(pooled.effect_covariance[0, :, 0, :])
    own = np.diag(effects.precision[0])
    origin = np.array([np.log(prior.order_return), 0.0, 0.0])
    pull = known @ (pooled.effect[0] - origin) - own @ (effects.centre[0] - origin)
    return Lesson(
        pull=tuple(pull.tolist()),
        precision=tuple(_never_negative(known - own).ravel().tolist()),
        cell_variance=tuple(np.diag(pooled.spread.cell).tolist()),
        cells=int(sample.tried.sum()),
    )


def learn_category(lessons: Sequence[Lesson]) -> CategoryPrior | None:
    """What the shops have in common; None where they are too few to say."""
    taught = [lesson for lesson in lessons if lesson.cells]
    if len(taught) < FEWEST_SHOPS:
        return None
    pull = np.array([lesson.pull for lesson in taught])
    precision = np.array([lesson.precision for lesson in taught]).reshape(-1, 3, 3)
    centre, variance = _pooled(pull, precision)
    weight = np.array([lesson.cells for lesson in taught], dtype=np.float64)
    cell_variance = np.average([lesson.cell_variance for lesson in taught], axis=0, weights=weight)
    return CategoryPrior(
        centre=_rounded(centre),
        sd=_rounded(np.maximum(np.sqrt(variance * (1.0 + 1.0 / len(taught))), SMALLEST_SD)),
        cell_sd=_rounded(np.maximum(np.sqrt(cell_variance), SMALLEST_SD)),
        shops=len(taught),
    )


def _pooled(pull: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """Mu and tau^2, (3,) each, by EM."""
    centre, variance = START_CENTRE, np.square(START_SD)
    vague, count = 1.0 / np.square(TYPICAL_SD), len(pull)
    for _ in range(STEPS):
        covariance = np.linalg.inv(precision + np.diag(1.0 / variance))
        mean = np.einsum("jab,jb->ja", covariance, pull + centre / variance)
        centre = (mean.sum(axis=0) / variance + vague * START_CENTRE) / (count / variance + vague)
        square = np.einsum("jaa->ja", covariance) + np.square(mean - centre)
        variance = (START_WEIGHT * np.square(START_SD) + square.sum(axis=0)) / (START_WEIGHT + count)
    return centre, variance


def _never_negative(matrix: Floats) -> Floats:
    """The nearest matrix that takes no knowledge away: negative eigenvalues are rounding, or EM not quite settled."""
    value, vector = np.linalg.eigh(0.5 * (matrix + matrix.T))
    nearest: Floats = (vector * np.maximum(value, 0.0)) @ vector.T
    return nearest


def _rounded(values: Floats) -> tuple[float, float, float]:
    a, q, shape = (round(float(value), 2) for value in values)
    return a, q, shape
