"""Optimal designs: which share of a test to run at each level of spend so that it pins down a curve best.

A design is a vector of weights: shares of the test days (or of the patients: the theory is that of dose finding).
Two aims have a concave measure of what a design teaches, and so has any average of them over rival models:

    all parameters (D-optimal)           value = log det M(w) / p
    one quantity (c- or TD-optimal)      value = -log(c' M(w)^-1 c)

Both grow by log 2 when every weight doubles, so a difference of two values is the log of a ratio of budgets:
``exp(value - best value)`` is the efficiency, the share of the money that the best design needs to teach as much.

For the same reason the weighted mean of the sensitivities ``d value / d w`` is 1 for every design, and the equivalence
theorem (Kiefer and Wolfowitz 1960; Dette, Bretz, Pepelyshev and Pinheiro 2008, theorem 1, for averages over models)
reads: a design is optimal exactly when no level's sensitivity exceeds 1. What is left to gain is at most the largest
sensitivity minus 1; ``possible_gain`` is that certificate, bounds on the weights included.

Notation:

    L, p      levels, parameters of the curve
    g         gradients of the curve in its parameters, one row a level, (L, p)
    lam       what one observation at a level tells: 1 / its variance (for counts of NB size r and the log curve,
              m r / (m + r)), (L,)
    w         weights, >= 0, sum 1, (L,)
    M(w)      information, sum_l w_l lam_l g_l g_l', (p, p)
    c         gradient of the quantity in the parameters, (p,)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, minimize

Floats = NDArray[np.float64]

LEAST_WEIGHT = 1e-9  # keeps M(w) invertible where a design leaves levels out; costs at most L times this in value
MOST_GAIN = 1e-4  # a design that may lack more than this is no answer; tests hold 1e-5 on random problems
REACHED = 1e-6  # relative error within which levels in use determine the quantity


class Criterion(Protocol):
    """What a design is to teach."""

    @property
    def levels(self) -> int:
        """Number of levels L."""
        ...

    def value(self, weights: Floats) -> float:
        """What a design teaches, in logs of budgets; -inf when it cannot tell what it should."""
        ...

    def sensitivity(self, weights: Floats) -> Floats:
        """Derivatives of ``value`` with respect to the weights, (L,); their weighted mean is 1."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AllParameters:
    """The D-criterion: all parameters of a curve with ``gradients`` (L, p) and ``information`` (L,)."""

    gradients: Floats
    information: Floats

    def __post_init__(self) -> None:
        _check_levels(self.gradients, self.information)
        rank, p = np.linalg.matrix_rank(_rows(self)), self.gradients.shape[1]
        if rank < p:
            raise ValueError(f"the levels must tell all {p} parameters apart, but tell {rank}; add levels")

    @property
    def levels(self) -> int:
        """See ``Criterion``."""
        return len(self.gradients)

    def value(self, weights: Floats) -> float:
        """See ``Criterion``."""
        root = np.sqrt(weights)[:, None] * _rows(self)  # M = root' root
        if np.linalg.matrix_rank(root) < root.shape[1]:
            return -np.inf
        return float(2.0 * np.log(np.linalg.svd(root, compute_uv=False)).mean())

    def sensitivity(self, weights: Floats) -> Floats:
        """See ``Criterion``: lam g' M^-1 g / p."""
        rows = _rows(self)
        solved = rows @ np.linalg.pinv(np.sqrt(weights)[:, None] * rows)
        return np.asarray((solved**2).sum(axis=1) / rows.shape[1])


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneQuantity:
    """The c-criterion: one function of the parameters whose gradient is ``target`` (p,), such as a target dose."""

    gradients: Floats
    information: Floats
    target: Floats

    def __post_init__(self) -> None:
        _check_levels(self.gradients, self.information)
        if self.target.shape != self.gradients.shape[1:] or not np.any(self.target):
            raise ValueError(f"target must have {self.gradients.shape[1]} entries, not all 0, but got {self.target}")
        if not np.isfinite(self.value(np.full(self.levels, 1.0 / self.levels))):
            raise ValueError("the levels must determine the quantity, but no combination of them does; add levels")

    @property
    def levels(self) -> int:
        """See ``Criterion``."""
        return len(self.gradients)

    def value(self, weights: Floats) -> float:
        """See ``Criterion``."""
        root = np.sqrt(weights)[:, None] * _rows(self)
        estimator = np.linalg.pinv(root).T @ self.target  # the least-variance combination of the levels' means
        missed = np.abs(estimator @ root - self.target).max()
        if missed > REACHED * np.abs(self.target).max():
            return -np.inf
        return -float(np.log(estimator @ estimator))

    def sensitivity(self, weights: Floats) -> Floats:
        """See ``Criterion``: lam (g' M^-1 c)^2 / (c' M^-1 c)."""
        rows = _rows(self)
        inverse = np.linalg.pinv(np.sqrt(weights)[:, None] * rows)
        estimator = inverse.T @ self.target
        return np.asarray((rows @ (inverse @ estimator)) ** 2 / (estimator @ estimator))


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Averaged:
    """The mean of several criteria on the same levels, by the ``probability`` of each model."""

    criteria: tuple[Criterion, ...]
    probability: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.criteria) != len(self.probability) or len({one.levels for one in self.criteria}) != 1:
            raise ValueError("criteria must share their levels and have a probability each")
        if min(self.probability) < 0 or abs(sum(self.probability) - 1.0) > 1e-9:
            raise ValueError(f"probabilities must be >= 0 and sum to 1, but got {self.probability}")

    @property
    def levels(self) -> int:
        """See ``Criterion``."""
        return self.criteria[0].levels

    def value(self, weights: Floats) -> float:
        """See ``Criterion``."""
        return sum(p * one.value(weights) for p, one in zip(self.probability, self.criteria, strict=True) if p > 0)

    def sensitivity(self, weights: Floats) -> Floats:
        """See ``Criterion``."""
        pairs = zip(self.probability, self.criteria, strict=True)
        return np.asarray(np.sum([p * one.sensitivity(weights) for p, one in pairs], axis=0))


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """The best design: its ``weights`` (L,), its ``value``, and the ``gain`` no other design exceeds it by."""

    weights: Floats
    value: float
    gain: float


def optimal_design(criterion: Criterion, *, lower: Floats | None = None, upper: Floats | None = None) -> Design:
    """The weights of the largest value.

    Args:
        criterion: What the design is to teach.
        lower: Least weights, (L,), 0 if None. Days already run are least weights of the days in all.
        upper: Largest weights, (L,), 1 if None.

    Raises:
        ValueError: No weights keep the bounds.
        ArithmeticError: The best design was not found to ``MOST_GAIN``.
    """
    least, most = _bounds(criterion.levels, lower, upper)
    start = least + (1.0 - least.sum()) * (most - least) / max(float((most - least).sum()), LEAST_WEIGHT)
    found = minimize(
        _loss,
        start,
        args=(criterion,),
        jac=True,
        method="SLSQP",
        bounds=Bounds(least, most),
        constraints=LinearConstraint(np.ones_like(start), 1.0, 1.0),
        options={"maxiter": 300, "ftol": 1e-13},
    )
    weights: Floats = np.clip(found.x, least, most)
    weights = weights / weights.sum()
    # The certificate judges, not the solver's word: near the optimum SLSQP may report that it cannot improve further.
    gain = possible_gain(criterion, weights, lower=least, upper=most)
    if not gain <= MOST_GAIN:
        raise ArithmeticError(f"a design within {MOST_GAIN:g} of the best was not found, only one within {gain:g}")
    return Design(weights=weights, value=criterion.value(weights), gain=gain)


def possible_gain(
    criterion: Criterion, weights: Floats, *, lower: Floats | None = None, upper: Floats | None = None
) -> float:
    """The most that ``value`` can rise above that of ``weights``: a concave function stays below its tangent.

    The tangent is largest at the weights that fill the most sensitive levels to their upper bounds.
    """
    least, most = _bounds(criterion.levels, lower, upper)
    slope = criterion.sensitivity(weights)
    best, left = least.copy(), 1.0 - float(least.sum())
    for level in np.argsort(-slope):
        step = min(left, float(most[level] - least[level]))
        best[level] += step
        left -= step
    return float(slope @ (best - weights))


def efficiency(criterion: Criterion, weights: Floats, best: Design) -> float:
    """The share of the money of ``weights`` that the ``best`` design needs to teach as much.

    ``criterion`` may have other levels than ``best`` was chosen from, if it asks the same of the same curve.
    """
    return float(np.exp(criterion.value(weights) - best.value))


def _loss(weights: Floats, criterion: Criterion) -> tuple[float, Floats]:
    return -criterion.value(weights), -criterion.sensitivity(weights)


def _bounds(levels: int, lower: Floats | None, upper: Floats | None) -> tuple[Floats, Floats]:
    least = np.zeros(levels) if lower is None else np.asarray(lower, dtype=np.float64)
    most = np.ones(levels) if upper is None else np.minimum(np.asarray(upper, dtype=np.float64), 1.0)
    if least.shape != (levels,) or most.shape != (levels,) or np.any(least < 0) or np.any(least > most):
        raise ValueError(f"0 <= lower <= upper must hold at each of {levels} levels, but got {least} and {most}")
    if least.sum() > 1.0 + 1e-12 or most.sum() < 1.0 - 1e-12:
        raise ValueError(f"sum(lower) <= 1 <= sum(upper) must hold, but got {least.sum():g} and {most.sum():g}")
    room = min(LEAST_WEIGHT, max(1.0 - float(least.sum()), 0.0) / levels)
    return np.minimum(np.maximum(least, room), most), most


def _rows(curve: AllParameters | OneQuantity) -> Floats:
    """sqrt(lam) g, (L, p)."""
    return np.sqrt(curve.information)[:, None] * curve.gradients


def _check_levels(gradients: Floats, information: Floats) -> None:
    if gradients.ndim != 2 or information.shape != gradients.shape[:1]:
        raise ValueError(f"gradients must be (L, p) and information (L,), got {gradients.shape}, {information.shape}")
    if not (np.all(np.isfinite(gradients)) and np.all(np.isfinite(information)) and np.all(information >= 0)):
        raise ValueError("gradients must be finite and information finite and >= 0")
