"""Inverses and square roots of stacks of small matrices, in double precision."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def inverse(matrices: Floats) -> Floats:
    """The inverses of (..., k, k)."""
    result: Floats = np.linalg.inv(matrices).astype(np.float64, copy=False)
    return result


def root(matrices: Floats) -> Floats:
    """Lower triangles L with L L' = (..., k, k), symmetric and positive definite."""
    result: Floats = np.linalg.cholesky(matrices).astype(np.float64, copy=False)
    return result


def apply(matrices: Floats, vectors: Floats) -> Floats:
    """Each matrix (n, k, k) times its vector (n, k)."""
    result: Floats = np.einsum("nij,nj->ni", matrices, vectors)
    return result
