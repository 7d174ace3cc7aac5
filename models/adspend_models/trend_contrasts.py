"""Trend contrasts: does the response change with the level at all, asked in the direction a curve would take?

The first half of MCP-Mod (Bretz, Pinheiro and Branson 2005; general estimates: Pinheiro, Bornkamp, Glimm and Bretz
2014). For a presumed curve the best contrast of the level means is

    c  ~  S^-1 (mu - m 1),   m = mu' S^-1 1 / (1' S^-1 1)

which makes the expectation of the statistic ``c'y / sqrt(c' S c)`` largest when the truth is any ``a + b mu``, b > 0.

Notation: m curves, L levels; ``mu`` a curve's values at the levels, ``y`` the means observed, ``S`` their covariance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def optimal_contrasts(curves: Floats, covariance: Floats) -> Floats:
    """The best contrast for each of ``curves`` (m, L) given ``covariance`` (L, L): (m, L), unit length, sum 0.

    Raises:
        ValueError: A curve is constant over the levels: no contrast can see it.
    """
    solved = np.linalg.solve(covariance, np.concatenate([curves, np.ones_like(curves[:1])]).T).T
    level = curves @ solved[-1] / solved[-1].sum()
    contrasts = solved[:-1] - level[:, None] * solved[-1]
    flat = np.ptp(curves, axis=1) <= 1e-12 * np.abs(curves).max(axis=1)
    if np.any(flat):
        raise ValueError(f"a curve must vary over the levels, but curve {int(np.argmax(flat))} does not")
    return np.asarray(contrasts / np.linalg.norm(contrasts, axis=1, keepdims=True))


def contrast_statistics(contrasts: Floats, means: Floats, covariance: Floats) -> Floats:
    """How many standard errors each of ``contrasts`` (m, L) of ``means`` (L,) lies above 0: (m,)."""
    spread = np.einsum("ml,lk,mk->m", contrasts, covariance, contrasts)
    return np.asarray(contrasts @ means / np.sqrt(spread))


def contrast_correlation(contrasts: Floats, covariance: Floats) -> Floats:
    """The correlation of the statistics, (m, m); what makes the largest of them less surprising than m tries."""
    joint = contrasts @ covariance @ contrasts.T
    spread = np.sqrt(np.diag(joint))
    return np.asarray(joint / np.outer(spread, spread))
