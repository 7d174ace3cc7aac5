"""Does the curve pass through the days it was fitted to? A posterior predictive check, cell by cell.

A family bends in few ways: a cell that sells nothing below some spend, or less beyond one, gets a curve that misses all
of its days a little, and its scatter takes the blame. Summed over spend bands the misses no longer look like noise.

Notation: n cells, T days, d draws, K bands of equal numbers of days by cost (equal costs share a band).

    D(y, m)   = sum_g (Y_g - M_g)^2 / V_g          Y, M, V: orders, their expectation and variance, summed over band g
    observed    D(y, m(theta^)),   theta^ the posterior mean
    replicated  D(y_s, m(theta^ + G J' score(y_s))),   y_s ~ NB(m(theta_s), r)

A replicate is refitted by one Gauss-Newton step (G the posterior covariance, J the slopes of log m), for the curve has
seen the observed days too; without it the check is blind where it matters (p near 1/2: Bayarri and Berger 2000). The
chance of D or more is read off a scaled chi-square with the replicates' mean and variance (Satterthwaite 1946), which
some draws settle well into the tail.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from adspend_models.likelihood import score
from adspend_models.pooling import Pooled
from adspend_models.sample import Sample, within_reach

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UNLIKELY = 0.01  # a chance below it is a misfit: one sound cell in a hundred is looked at in vain
MATERIAL = 0.1  # of a band's orders: no decision hangs on less, yet large calm cells would show it
BANDS = 5  # two more than a curve has parameters
DAYS_A_BAND = 3
REPLICATES = 200  # mean and variance of D are known to 2 and 10 %
LARGEST_STEP = 1.0  # log units: a replicate is never refitted further


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Misfit:
    """What the check found in each cell, (n,) each; orders are means per day of the band that is missed most.

    ``chance`` is the chance of so bad a miss if the curve were right; 1 where the days are too few to tell, or where
    what is missed is under MATERIAL.
    """

    chance: Floats
    cost: Floats
    seen: Floats
    expected: Floats


def spend_bands(sample: Sample) -> Ints:
    """The band of every day that counts, 0 the cheapest, (n, T); -1 elsewhere, and in cells with under two bands."""
    if sample.ok.shape[1] == 0:
        return np.zeros(sample.ok.shape, dtype=np.int64)
    days = sample.ok.sum(axis=1)
    count = np.minimum(BANDS, days // DAYS_A_BAND)[:, None]
    cut = np.arange(1, BANDS)
    last = np.floor((days[:, None] - 1) * (cut / np.maximum(count, 1))).astype(np.int64)  # a band's last day by cost
    ranked = np.sort(np.where(sample.ok, sample.log_ratio, np.inf), axis=1)
    ends = np.where(cut < count, np.take_along_axis(ranked, np.where(cut < count, last, 0), axis=1), np.inf)
    band = (sample.log_ratio[:, :, None] > ends[:, None, :]).sum(axis=2)
    return np.where(sample.ok & (count >= 2), band, -1)


def check_fit(sample: Sample, pooled: Pooled, theta: Floats, size: Floats, rng: np.random.Generator) -> Misfit:
    """The check of every cell.

    Args:
        sample: n cells, the days' factors in it.
        pooled: Their posterior.
        theta: Draws of it, (d, n, 3).
        size: Negative-binomial sizes, (n, 1).
        rng: Source of the replicates.
    """
    members = (spend_bands(sample)[:, :, None] == np.arange(BANDS)).astype(np.float64)
    mean, _ = sample.expect(pooled.mean)
    away, variance = _by_band(sample.orders, mean, size, members)
    terms = np.square(away) / variance
    found = terms.sum(axis=1)
    worst = np.take_along_axis(members, terms.argmax(axis=1)[:, None, None], axis=2)[:, :, 0]
    days = np.maximum(worst.sum(axis=1), 1.0)
    seen, expected = (worst * sample.orders).sum(axis=1) / days, (worst * mean).sum(axis=1) / days
    # A right curve's D averages below its number of bands, so what lies within it is no misfit and needs no replicates.
    doubted = (found > members.any(axis=1).sum(axis=1)) & (np.abs(seen - expected) > MATERIAL * expected)
    chance = np.ones(len(found))
    some = np.flatnonzero(doubted)
    if some.size:
        replicated = _replicates(sample.of_cells(some), pooled, some, theta, size[some], members[some], rng)
        chance[some] = _chance(found[some], replicated)
    return Misfit(
        chance=chance,
        cost=sample.reference * (worst * np.exp(sample.log_ratio)).sum(axis=1) / days,
        seen=seen,
        expected=expected,
    )


def _replicates(
    sample: Sample, pooled: Pooled, some: Ints, theta: Floats, size: Floats, members: Floats, rng: np.random.Generator
) -> Floats:
    """D of replicates of ``some`` cells (k,), whose ``sample``, ``size`` and ``members`` are given; (s, k)."""
    centre, covariance = pooled.mean[some], pooled.covariance[some]
    mean, bought = sample.expect(centre)
    by_half, by_shape = sample.shape.slopes(within_reach(centre), sample.log_ratio)
    slopes = np.stack([bought, bought * by_half, bought * by_shape], axis=2)
    slopes = slopes * sample.ok[:, :, None].astype(np.float64)
    drawn_mean, _ = sample.expect(theta[:REPLICATES, some])
    orders = np.stack([rng.poisson(drawn * rng.gamma(size, 1.0 / size, drawn.shape)) for drawn in drawn_mean])
    step = np.einsum("snt,ntk->snk", score(orders.astype(np.float64), mean, size), slopes)
    step = np.einsum("njk,snk->snj", covariance, step)
    refitted = mean * np.exp(np.clip(np.einsum("ntj,snj->snt", slopes, step), -LARGEST_STEP, LARGEST_STEP))
    rest, scatter = _by_band(orders, refitted, size, members)
    return np.asarray((np.square(rest) / scatter).sum(axis=-1), dtype=np.float64)


def _by_band(orders: Floats, mean: Floats, size: Floats, members: Floats) -> tuple[Floats, Floats]:
    """Orders beyond expectation, and their variance (1 for an empty band), summed over each band, (..., n, K) each."""
    variance = np.einsum("...nt,ntk->...nk", mean + mean**2 / size, members)
    return np.einsum("...nt,ntk->...nk", orders - mean, members), np.where(variance > 0, variance, 1.0)


def _chance(found: Floats, replicated: Floats) -> Floats:
    """The chance of ``found`` (n,) or more, given replicates (d, n)."""
    mean, variance = replicated.mean(axis=0), replicated.var(axis=0)
    some = variance > 0
    scale = np.where(some, variance, 1.0) / (2.0 * np.where(some, mean, 1.0))
    freedom = np.where(some, mean, 1.0) / scale
    chance: Floats = np.where(some, chi2.sf(found / scale, freedom), 1.0)
    return chance
