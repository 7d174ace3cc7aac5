"""The fit: curves of all cells and what they share, learned together from one sample.

The loop alternates four estimates until they agree:

1. every cell's data as a Gaussian factor around the current posterior (``variational``)
2. the joint posterior of effects and cells, and how far cells spread (``pooling``; EM)
3. how orders scatter (``dispersion``)
4. what the days do (``calendar_effects``)

It starts from the modes under the prior (``newton``).

A summary depends on the posterior that it helps to make, and the two settle in two ways at once. What all cells share
creeps, closing an eighth of its distance a round: a wider posterior moves the mean, and the moved mean is wider still.
Single cells overshoot and come back from the other side. A short step tames these and slows that, so a round goes part
of the way and carries on part of the step before it (a heavy ball, Polyak 1964), which serves both. The cells' spread
goes on further the way an EM step points (overrelaxed EM; Salakhutdinov and Roweis 2003). The answer is the same, the
fixed point: tests/models/test_fixed_point.py holds fits to months of an operator's spend near it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.calendar_effects import Calendar, DayEffects, no_day_effects, reestimate_day_effects
from adspend_models.dispersion import Dispersion, log_mean_variance, reestimate_dispersion, starting_dispersion
from adspend_models.effects import Effects
from adspend_models.matrices import apply, inverse
from adspend_models.newton import find_modes
from adspend_models.pooling import WIDEST, Pooled, Spread, Summary, pool, reestimate_spread, starting_spread
from adspend_models.sample import Sample
from adspend_models.variational import blend, onward, summary_at, summary_over

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FIRST_STEPS = 4  # towards the modes, where the rounds start: 2 to 12 steps make the same rounds
ROUNDS = 40  # at most; usual fits settle in 10 to 25
EAGER = 0.9  # an EM step's ratio of spreads, taken this much further; always settles below 1
PACE = 0.8  # how far a round moves towards the new summaries
MOMENTUM, FIRST_CARRIED = 0.6, 3  # of the step before, from the third round on: the first steps are long and rough
LONGEST_MOVE = 1.5  # log units a round: a factor of 4.5; only data that no curve fits ask for more
# Posterior standard deviations a round. Moves this small change no decision; a batch of thousands always has a
# straggler; and where the median cell still moves, all creep together and have further to go.
SETTLED, MOST = 0.06, 0.99
CREEPING = 0.015
STUCK = 0.2  # posterior standard deviations: a cell that still moves by more has not converged


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """Everything the fit found out.

    Attributes:
        pooled: Posterior of effects and cells.
        dispersion: Negative-binomial sizes.
        sample: The sample, with the days' factors in it.
        days: What the days did.
        converged: Whether each cell's posterior has settled, (n,).
        rounds: Rounds used.
    """

    pooled: Pooled
    dispersion: Dispersion
    sample: Sample
    days: DayEffects
    converged: Bools
    rounds: int


def learn(
    sample: Sample, effects: Effects, calendar: Calendar, *, rounds: int = ROUNDS, near: Learned | None = None
) -> Learned:
    """The joint posterior of all curves under estimated hyper-parameters.

    Args:
        sample: n cells.
        effects: What they share.
        calendar: Of the same days.
        rounds: At most this many.
        near: What was learned of the same cells under another family, or on the days up to yesterday, to start from:
            the coordinates mean the same, so a few rounds come close.
    """
    if near is None:
        spread, dispersion = starting_spread(effects), starting_dispersion(len(sample.ok))
        days, summary = no_day_effects(calendar), _first_summary(sample, effects, dispersion)
    else:
        spread, dispersion = near.pooled.spread, near.dispersion
        days = near.days if near.sample.ok is sample.ok else no_day_effects(calendar)
        sample = sample.on_days(days.log_factor, calendar.group)
        summary = summary_over(sample, near.pooled.mean, near.pooled.covariance, dispersion.cell)
    pooled = pool(effects, spread, summary)
    move, last, used = np.full(len(sample.ok), np.inf), summary, 0
    for used in range(1, rounds + 1):
        fresh, before = summary_over(sample, pooled.mean, pooled.covariance, dispersion.cell), pooled
        ahead = onward(last, before.summary, fresh, PACE, MOMENTUM * (used >= FIRST_CARRIED))
        last, pooled = before.summary, _within_a_leap(effects, spread, before, ahead)
        spread = _overshoot(spread, reestimate_spread(effects, pooled, sample.tried))
        move = _moves(before, pooled)
        if used % 2 == 0:
            mean, bought = sample.expect(pooled.mean)
            variance = log_mean_variance(sample, pooled.mean, pooled.covariance, bought)
            dispersion = reestimate_dispersion(sample, mean, variance, dispersion)
            days = reestimate_day_effects(sample, calendar, mean, dispersion.cell, days)
            sample = sample.on_days(days.log_factor, calendar.group)
            if _settled(move):
                break
    return Learned(pooled=pooled, dispersion=dispersion, sample=sample, days=days, converged=move < STUCK, rounds=used)


def _overshoot(before: Spread, after: Spread) -> Spread:
    """The cells' spread beyond an EM step, within ``WIDEST``; correlations and factors as the step left them."""
    further = np.sqrt(np.diag(after.cell) / np.diag(before.cell)) ** EAGER
    further = np.minimum(further, WIDEST / np.sqrt(np.diag(after.cell)))
    return Spread(cell=further[:, None] * after.cell * further, factor=after.factor)


def _settled(move: Floats) -> bool:
    """Whether no decision can change any more: nearly all cells stand still, and none is on its way."""
    if move.size == 0:
        return True
    ranked = np.sort(move)
    median, most = np.interp([0.5 * (move.size - 1), MOST * (move.size - 1)], np.arange(move.size), ranked)
    return bool(median < CREEPING and most < SETTLED and ranked[-1] < STUCK)


def _within_a_leap(effects: Effects, spread: Spread, before: Pooled, summary: Summary) -> Pooled:
    """The posterior of ``summary``, or of one nearer to the last for cells that would leap.

    A cell's leap is taken with what it shares held still.
    """
    ahead = pool(effects, spread, summary)
    own = apply(ahead.gain, ahead.summary.pull + before.shared @ inverse(spread.cell))
    leap = np.abs(own - before.mean).max(axis=1, initial=0.0)
    if leap.max(initial=0.0) <= LONGEST_MOVE:
        return ahead
    shorter = np.minimum(1.0, LONGEST_MOVE / np.maximum(leap, LONGEST_MOVE))
    return pool(effects, spread, blend(before.summary, summary, shorter))


def _first_summary(sample: Sample, effects: Effects, dispersion: Dispersion) -> Summary:
    """Laplace summaries at the modes under the prior's own centre and spread."""
    spread = starting_spread(effects).cell + np.diag(1.0 / effects.precision[0])
    centre = effects.design[:, :2] @ effects.centre[:2]
    modes = find_modes(sample, centre=centre, precision=inverse(spread), size=dispersion.cell, steps=FIRST_STEPS)
    return summary_at(sample, modes.theta, dispersion.cell)


def _moves(before: Pooled, after: Pooled) -> Floats:
    """The largest move of each cell's coordinates, in posterior standard deviations, (n,)."""
    deviation = np.sqrt(np.einsum("nii->ni", after.covariance))
    move: Floats = np.max(np.abs(after.mean - before.mean) / deviation, axis=1, initial=0.0)
    return move
