"""The inverse of a precision matrix in which the levels of one factor do not touch each other.

A cell belongs to one segment, so two segments share no entry: their part of the matrix is block-diagonal and can be
eliminated block by block. That leaves a small matrix, which matters beyond speed: from about 90 rows on, LAPACK
spreads an inverse over threads, and on a busy two-core machine the threads wait for each other (114 rows: 0.3 ms
alone, up to 580 ms; a fit of 288 cells 0.4 s, up to 16 s).

    [ D  B ] -1     [ D^-1 + F S^-1 F'   -F S^-1 ]
    [ B' C ]     =  [ -S^-1 F'            S^-1   ],   F = D^-1 B,  S = C - B' F

A matrix far below that size is inverted as it is, which is quicker.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from adspend_models.matrices import inverse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEW_ROWS = 60  # no threads yet, and fewer calls


def inverse_without_cross_terms(matrix: Floats, levels: Ints) -> Floats:
    """The inverse of ``matrix`` (p, 3, p, 3), whose entries between two different ``levels`` are 0.

    Args:
        matrix: Symmetric and positive definite as (3p, 3p).
        levels: Columns, out of p, that do not touch each other.

    Returns:
        The inverse, (p, 3, p, 3).
    """
    p, count = len(matrix), len(levels)
    if 3 * p <= FEW_ROWS:
        return inverse(matrix.reshape(3 * p, 3 * p)).reshape(matrix.shape)
    order = np.concatenate([levels, np.delete(np.arange(p), levels)])
    ordered = matrix[order][:, :, order]
    flat, k, each = ordered.reshape(3 * p, 3 * p), 3 * count, np.arange(count)
    own = inverse(ordered[each, :, each, :])
    cross = flat[:k, k:]
    reduced = (own @ cross.reshape(count, 3, 3 * p - k)).reshape(k, 3 * p - k)
    core = inverse(flat[k:, k:] - _product(np.ascontiguousarray(cross.T), reduced))
    off = -_product(reduced, core)
    result = np.empty_like(flat)
    result[k:, k:], result[:k, k:], result[k:, :k] = core, off, off.T
    result[:k, :k] = _product(off, np.ascontiguousarray(-reduced.T))
    blocks, back = result.reshape(p, 3, p, 3), np.argsort(order)
    blocks[each, :, each, :] += own
    inverted: Floats = blocks[back][:, :, back]
    return inverted


def _product(left: Floats, right: Floats) -> Floats:
    """``left`` (3r, j) times ``right``: a stack of 3-row products stays below the size from which BLAS uses threads."""
    rows: Floats = left.reshape(len(left) // 3, 3, left.shape[1]) @ right
    return rows.reshape(len(left), right.shape[1])
