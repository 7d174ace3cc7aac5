"""Does spend follow demand? What an advertiser's own days say of cost, beyond what days drawn in advance say.

An operator who feeds good days makes orders rise with cost whether or not cost makes orders, and a curve fitted to such
days promises too much. Three traces, none of which a curve shows by itself:

1. Own days respond more steeply than test days, whose levels were drawn in advance (``festivals.TEST_PHASE``). Per cell

       log m_t = log H(x_t) + log w_t + b_0 + b_1 own_t + b_2 test_t v_t + b_3 own_t v_t

   with v centred within either kind. One cell's b_3 - b_2 drowns in noise, but the habit is the operator's, so its
   precision-weighted mean over cells is the ``gap``. Where it is clear it is divided out of own days, which then tell a
   cell's level and leave the slope to test days. 48 cells and 30 days, 6 of them tests, elasticities overstated by
   0.3: found always, promised over realised orders 1.25 -> 1.09, plans worth 2 points more; sound shops unchanged.
   Leaning on test days everywhere instead (own days at their mean cost) costs sound shops up to a point.
2. Spend rises on days when all cells sell well: ``rides`` correlates it with what the day did.
3. Without test days: the shop's orders rise faster than cost, mean elasticity clearly above 1 over cells with two weeks
   of own days. One cell may have a threshold, a whole shop seldom has; what exceeds proportion is divided out in the
   same way until a test says otherwise. Histories of 30 days, plans within 1.3 times the tested range, six worlds:
   money that follows demand 77 -> 87 % of the best split (promised over realised 2.5 -> 1.35), shops that are truly
   S-shaped 80 -> 81 %, logistic 88 -> 89 %, with a threshold in every cell 77 -> 73 %, concave ones are not touched.
   Taking elasticity down to a usual 0.7 would give 94, 77, 89 and 67 %.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from adspend_models.calendar_effects import Calendar
from adspend_models.dispersion import starting_dispersion
from adspend_models.effects import Effects
from adspend_models.empirical_bayes import Learned, learn
from adspend_models.log_linear import centred, fit_log_linear
from adspend_models.sample import Sample
from adspend_models.trend import estimate_trend

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FAIR_CHANCE_DAYS = 14  # every weekday twice
FEWEST_CELLS = 6  # fewer are no shop: each may have a threshold
FEWEST_DAYS = 3  # of either kind, for a cell to be heard
LEAST_SPREAD = 0.1  # log-sd of test costs: less is one level
CLEARLY = 2.33  # standard errors: one sound shop in a hundred


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Habit:
    """How much steeper own days are than test days, or than proportion where no test days can tell.

    Attributes:
        gap: Of elasticities, the shop's mean; 0 where it cannot be told.
        error: Its standard error.
        own: Days whose spend was the advertiser's choice, (n, T).
        tested: Whether test days tell.
    """

    gap: float
    error: float
    own: Bools
    tested: bool

    @property
    def clear(self) -> bool:
        """Whether spend followed demand beyond noise."""
        return self.gap > CLEARLY * self.error

    def taken_out(self, sample: Sample) -> Sample:
        """The sample without what the habit adds to own days; unchanged where it is not clear."""
        if not self.clear:
            return sample
        followed = self.gap * centred(sample.log_ratio, self.own)
        return replace(sample, followed=followed, factor=sample.factor * np.exp(followed))


def find_habit(sample: Sample, test: Bools, effects: Effects, calendar: Calendar) -> Habit:
    """The habit of a shop with ``test`` days (n, T), from a fit to all days."""
    test = test & sample.ok
    own = sample.ok & ~test
    v = centred(sample.log_ratio, test)
    spread = np.sqrt(np.square(v).sum(axis=1) / np.maximum(test.sum(axis=1), 1))
    heard = (test.sum(axis=1) >= FEWEST_DAYS) & (own.sum(axis=1) >= FEWEST_DAYS) & (spread > LEAST_SPREAD)
    if heard.any():
        return _against_tests(learn(sample, effects, calendar), test, own, heard)
    return _against_proportion(sample, own)


def _against_tests(learned: Learned, test: Bools, own: Bools, heard: Bools) -> Habit:
    """The gap over the cells ``heard`` (n,)."""
    sample = learned.sample
    mean, _ = sample.expect(learned.pooled.mean)
    columns = (np.ones(own.shape), own, centred(sample.log_ratio, test), centred(sample.log_ratio, own))
    found = fit_log_linear(sample, np.stack(columns, axis=2), np.log(mean), learned.dispersion.cell)
    contrast = np.array([0.0, 0.0, -1.0, 1.0])
    difference = (found.coefficient @ contrast)[heard]
    precision = 1.0 / np.einsum("j,njk,k->n", contrast, found.covariance, contrast)[heard]
    return Habit(
        gap=float((precision * difference).sum() / precision.sum()),
        error=float(1.0 / np.sqrt(precision.sum())),
        own=own,
        tested=True,
    )


def _against_proportion(sample: Sample, own: Bools) -> Habit:
    """The shop's elasticity beyond 1, over cells with enough own days."""
    heard = np.flatnonzero(own.sum(axis=1) >= FAIR_CHANCE_DAYS)
    trend = estimate_trend(sample.of_cells(heard), starting_dispersion(heard.size).cell)
    elasticity, error = trend.of_shop(np.ones(heard.size, dtype=np.bool_))
    many = heard.size >= FEWEST_CELLS
    return Habit(gap=elasticity - 1.0 if many else 0.0, error=error, own=own, tested=False)


def rides(learned: Learned, calendar: Calendar) -> Floats:
    """Correlation of each cell's log cost with what the day did to all cells, (n,); 0 where either stood still."""
    sample, effect = learned.sample, learned.days.log_factor
    if effect.size == 0:
        return np.zeros(len(sample.ok))
    day, v = centred(effect[calendar.group], sample.ok), centred(sample.log_ratio, sample.ok)
    size = np.sqrt(np.square(day).sum(axis=1) * np.square(v).sum(axis=1))
    return np.where(size > 0, (day * v).sum(axis=1) / np.where(size > 0, size, 1.0), 0.0)
