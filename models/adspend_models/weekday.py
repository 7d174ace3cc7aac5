"""The weekday effect: how much more or less a shop sells on each day of the week, at the same cost.

Notation: w_d multiplies the expected orders of every cell on weekday d (Monday first); the mean of log w is 0.

    log w_d ~ N(0, 0.13^2)

One log factor per weekday is shared by all cells. A day also has a shock of its own (log-sd 0.15) that all cells share,
so a weekday seen twice has been measured twice, however many cells were on: its precision is
``1 / (1 / curvature + 0.15^2 / times seen)``. Under two weeks no weekday has been seen twice and nothing is
estimated.

Both constants are from a real advertiser (14 cells with orders every day, 61 days): after each cell's own trend in
cost, weekday means have sd 0.066 and day means sd 0.15. The prior is twice the former,
for shops whose week swings more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adspend_models.likelihood import curvature, score
from adspend_models.sample import Sample

Floats = NDArray[np.float64]

PRIOR_SD = 0.13
DAY_SHOCK_SD = 0.15
FEWEST_DAYS = 14
LARGEST = 1.0  # a factor of 2.7, eight prior standard deviations: only broken data ask for more


def reestimate_weekday(sample: Sample, mean: Floats, size: Floats, log_weekday: Floats) -> Floats:
    """One Newton step of the log effects (7,), centred.

    Args:
        sample: n cells.
        mean: Expected orders with the current effects in, (n, T).
        size: Negative-binomial sizes, (n, 1).
        log_weekday: The current effects.
    """
    days = np.unique(sample.day[sample.ok])
    if days.size < FEWEST_DAYS:
        return np.zeros(7)
    weekday = sample.weekday[sample.ok]
    pull = np.bincount(weekday, score(sample.orders, mean, size)[sample.ok], minlength=7)
    weight = np.bincount(weekday, curvature(sample.orders, mean, size)[sample.ok], minlength=7)
    times = np.bincount((days - 1) % 7, minlength=7)
    known = (weight > 0) & (times > 0)
    weight, times = np.where(known, weight, 1.0), np.where(known, times, 1)
    effective = np.where(known, 1.0 / (1.0 / weight + DAY_SHOCK_SD**2 / times), 0.0)
    step = (effective * pull / weight - log_weekday / PRIOR_SD**2) / (effective + 1.0 / PRIOR_SD**2)
    moved = log_weekday + step
    centred: Floats = np.clip(moved - moved.mean(), -LARGEST, LARGEST)
    return centred
