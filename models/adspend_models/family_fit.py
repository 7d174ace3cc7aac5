"""Fitting the families a shop may choose from: the default in full, the others only as far as they have a chance.

Families share coordinates and mostly agree inside the tested range, so another family's fit starts from the default's
and a few rounds tell its score. Only the best of them, and only when it seems to lead, is fitted in full from the
beginning and may be chosen. On 36 market shops (48 cells, 30 days) a try puts half of the leads within 0.8 of the full
fit's and nine in ten within 2.5 (deficits over 10 aside), no closer with 6 rounds than with 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.calendar_effects import Calendar
from adspend_models.draws import draw_curves
from adspend_models.effects import Effects
from adspend_models.empirical_bayes import Learned, learn
from adspend_models.loo import left_out_scores
from adspend_models.sample import Sample
from adspend_models.shape_choice import ShapeChoice, choose_shape
from adspend_models.shapes import Curves, Shape

Floats = NDArray[np.float64]

TRY_ROUNDS, TRY_DRAWS = 4, 50
HOPEFUL = 0.5  # log score: a try's lead from which a full fit may come to lead by shape_choice.SMALL


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """One family's fit: what was learned, draws (d, n, 3), and their curves on an average day observed, (d, n)."""

    learned: Learned
    theta: Floats
    curves: Curves


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitter:
    """What every family's fit has in common; each sees the same luck. ``near``: see ``empirical_bayes.learn``."""

    days: Sample
    effects: Effects
    calendar: Calendar
    draws: int
    seed: int
    near: Learned | None = None

    def fit(self, shape: Shape) -> Fitted:
        """The family's fit, to the end."""
        near = self.near if self.near is not None and self.near.sample.shape == shape else None
        learned = learn(self.days.of_shape(shape), self.effects, self.calendar, near=near)
        theta, sample = self._drawn(learned, self.draws), learned.sample
        return Fitted(learned=learned, theta=theta, curves=sample.shape.curves(theta, sample.reference))

    def attempt(self, shape: Shape, near: Fitted) -> Floats:
        """The days' scores after a few rounds of the family's fit from another's, by few draws."""
        sample = self.days.of_shape(shape)
        return self.rough_scores(learn(sample, self.effects, self.calendar, rounds=TRY_ROUNDS, near=near.learned))

    def rough_scores(self, learned: Learned) -> Floats:
        """The days' scores by few draws."""
        return _scores(learned, self._drawn(learned, min(TRY_DRAWS, self.draws)))

    def _drawn(self, learned: Learned, draws: int) -> Floats:
        return draw_curves(learned.pooled, self.effects, draws, np.random.default_rng(self.seed))


def fit_best_family(fitter: Fitter, shapes: Sequence[Shape]) -> tuple[ShapeChoice, Fitted]:
    """The family that forecasts best, and its fit; the first stands unless another is clearly better."""
    names, first = [shape.name for shape in shapes], fitter.fit(shapes[0])
    if not shapes[1:]:  # nothing to score
        return choose_shape(names, [np.empty(0)]), first
    scores = [fitter.rough_scores(first.learned), *(fitter.attempt(shape, first) for shape in shapes[1:])]
    best = max(range(1, len(scores)), key=lambda i: float((scores[i] - scores[0]).sum()))
    if float((scores[best] - scores[0]).sum()) <= HOPEFUL:
        return choose_shape(names, scores, among=[0]), first
    other, known = fitter.fit(shapes[best]), _scores(first.learned, first.theta)
    scores = [known + (score - scores[0]) for score in scores]  # what was only tried keeps its lead
    scores[best] = _scores(other.learned, other.theta)
    choice = choose_shape(names, scores, among=[0, best])
    return choice, other if choice.index == best else first


def _scores(learned: Learned, theta: Floats) -> Floats:
    return left_out_scores(learned.sample, theta, learned.dispersion.cell)
