"""Empirical-Bayes pooling: what the cells' tests say together, in closed form for Gaussian summaries.

Notation: n cells, p effects (``effects``), coordinates theta_i in R^3.

    B       effects (p, 3);  t_i = z_i' B  what cell i shares with the others
    theta_i = t_i + e_i,  e_i ~ N(0, Sigma);   B_fj ~ N(0, tau_fj^2) within factor f
    h_i, P_i  cell i's data as a Gaussian factor  exp(h_i' theta - theta' P_i theta / 2);  P_i = 0: never tried

With S = Sigma^-1, G_i = (P_i + S)^-1:

    theta_i | B ~ N(G_i (h_i + S t_i), G_i)
    the data say of t_i:  precision K_i = P_i G_i S,  pull k_i = S G_i h_i
    B | data ~ N(C rhs, C),  C^-1 = Lambda + sum_i z_i z_i' (x) K_i,  rhs = Lambda B_0 + sum_i z_i (x) k_i

Sigma and tau maximise the marginal posterior by EM (Dempster, Laird and Rubin 1977); weak inverse-gamma priors keep
them sensible with one cell or none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.block_inverse import inverse_without_cross_terms
from adspend_models.effects import FACTOR_SD, Effects
from adspend_models.matrices import apply, inverse, inverse_of_definite

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FACTOR_WEIGHT = 2.0  # of the factors' starting spreads, as if that many levels had been seen to have them
CLOSEST = 0.98  # bounds correlations within Sigma, which must stay invertible
# Largest log-sds: three times the widest seen (0.5, 0.6, 0.27 on online_ads; the mean of a log-normal of sd 3 would be
# 90 times its median, and one absurd day would send a plan to cells nobody has tried).
WIDEST = np.array([1.5, 1.5, 0.4])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Summary:
    """Every cell's data as a Gaussian factor: ``pull`` h (n, 3) and ``precision`` P (n, 3, 3)."""

    pull: Floats
    precision: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """How far cells lie from what they share: Sigma (3, 3), and tau^2 per factor (F, 3)."""

    cell: Floats
    factor: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pooled:
    """The joint posterior of effects and cells.

    Attributes:
        effect: Posterior mean of B, (p, 3).
        effect_covariance: C, (p, 3, p, 3).
        shared: Posterior means of t_i, (n, 3).
        shared_covariance: (n, 3, 3).
        mean: Posterior means of theta_i, (n, 3).
        covariance: (n, 3, 3).
        gain: G_i, (n, 3, 3): the covariance of theta_i when B is known.
        summary: The data this is the posterior of.
        spread: The spreads it was computed with.
    """

    effect: Floats
    effect_covariance: Floats
    shared: Floats
    shared_covariance: Floats
    mean: Floats
    covariance: Floats
    gain: Floats
    summary: Summary
    spread: Spread


def starting_spread(effects: Effects) -> Spread:
    """The spreads before any data."""
    return Spread(
        cell=np.diag(np.square(effects.cell_sd)), factor=np.tile(np.square(FACTOR_SD), (len(effects.factors), 1))
    )


def pool(effects: Effects, spread: Spread, summary: Summary) -> Pooled:
    """The posterior of effects and cells for known spreads."""
    z, (p, _) = effects.rows, effects.centre.shape
    known = inverse(spread.cell)
    gain = inverse_of_definite(summary.precision + known)
    say = summary.precision @ gain @ known
    say = 0.5 * (say + say.transpose(0, 2, 1))
    pull = apply(gain, summary.pull) @ known
    precision = _prior_precision(effects, spread)
    covariance = _effect_covariance(effects, _sum_of_products(effects, say), precision)
    effect = np.einsum("piqj,qj->pi", covariance, effects.sums @ pull + precision * effects.centre)
    shared = z @ effect
    by_pair = covariance.transpose(0, 2, 1, 3).reshape(p * p, 9)
    shared_covariance = (effects.pairs @ by_pair).reshape(-1, 3, 3)
    to_cell = gain @ known
    return Pooled(
        effect=effect,
        effect_covariance=covariance,
        shared=shared,
        shared_covariance=shared_covariance,
        mean=apply(gain, summary.pull + shared @ known),
        covariance=gain + to_cell @ shared_covariance @ to_cell.transpose(0, 2, 1),
        gain=gain,
        summary=summary,
        spread=spread,
    )


def reestimate_spread(effects: Effects, pooled: Pooled, tried: Bools) -> Spread:
    """One EM step: the spreads that the expected squares of deviations and effects suggest.

    Args:
        effects: The design.
        pooled: The posterior under the current spreads.
        tried: Cells with data, (n,); the others only echo the prior.
    """
    summary, gain = pooled.summary, pooled.gain
    back = gain @ summary.precision
    away = apply(gain, summary.pull) - apply(back, pooled.shared)
    square = gain + back @ pooled.shared_covariance @ back.transpose(0, 2, 1) + away[:, :, None] * away[:, None, :]
    weight, start = effects.cell_weight, np.diag(np.square(effects.cell_sd))
    cell = (weight * start + square[tried].sum(axis=0)) / (weight + tried.sum())
    narrow = np.minimum(1.0, WIDEST / np.sqrt(np.diag(cell)))
    cell = narrow[:, None] * (0.5 * (cell + cell.T)) * narrow
    cell = CLOSEST * cell + (1.0 - CLOSEST) * np.diag(np.diag(cell))
    variance = np.einsum("pipi->pi", pooled.effect_covariance) + np.square(pooled.effect)
    factor = np.empty_like(pooled.spread.factor)
    for index in range(len(factor)):
        member = effects.family == index
        total = FACTOR_WEIGHT * np.square(FACTOR_SD) + variance[member].sum(axis=0)
        factor[index] = np.minimum(total / (FACTOR_WEIGHT + member.sum()), np.square(WIDEST))
    return Spread(cell=cell, factor=factor)


def _sum_of_products(effects: Effects, matrices: Floats) -> Floats:
    """The sum over cells of z_i z_i' (x) K_i, K_i = ``matrices`` (n, 3, 3), as (p, 3, p, 3); zero pairs left out."""
    p = effects.design.shape[1]
    total: Floats = effects.pair_sums @ matrices.reshape(len(matrices), 9)
    return total.reshape(p, p, 3, 3).transpose(0, 2, 1, 3)


def _effect_covariance(effects: Effects, products: Floats, precision: Floats) -> Floats:
    """C, (p, 3, p, 3), by eliminating the factor with most levels."""
    p = len(precision)
    total = products.reshape(3 * p, 3 * p) + np.diag(precision.ravel())
    sizes = np.bincount(effects.family[effects.family >= 0], minlength=1)
    levels = np.flatnonzero(effects.family == sizes.argmax())
    return inverse_without_cross_terms(total.reshape(p, 3, p, 3), levels)


def _prior_precision(effects: Effects, spread: Spread) -> Floats:
    """Lambda, (p, 3): fixed for what is shared by all, 1 / tau^2 for the levels of factors."""
    precision = effects.precision.copy()
    member = effects.family >= 0
    precision[member] = 1.0 / spread.factor[effects.family[member]]
    return precision
