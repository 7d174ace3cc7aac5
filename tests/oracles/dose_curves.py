"""Curves of dose finding in their textbook form, with gradients by complex steps: they share no code with the models.

Parameters are named as in Bretz, Pinheiro and Branson (2005); ``f(0) = e0`` except for the logistic curve.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Curve = Callable[[Floats, Complexes], Complexes]

STEP = 1e-30  # a complex step has no cancellation, so it may be as small as numbers get


def linear(dose: Floats, t: Complexes) -> Complexes:
    return np.asarray(t[0] + t[1] * dose)


def quadratic(dose: Floats, t: Complexes) -> Complexes:
    return np.asarray(t[0] + t[1] * dose + t[2] * dose**2)


def emax(dose: Floats, t: Complexes) -> Complexes:
    return np.asarray(t[0] + t[1] * dose / (t[2] + dose))


def sig_emax(dose: Floats, t: Complexes) -> Complexes:
    seen = np.where(dose > 0, dose, 1.0)
    return np.asarray(t[0] + np.where(dose > 0, t[1] / (1 + (t[2] / seen) ** t[3]), 0))


def exponential(dose: Floats, t: Complexes) -> Complexes:
    return np.asarray(t[0] + t[1] * (np.exp(dose / t[2]) - 1))


def logistic(dose: Floats, t: Complexes) -> Complexes:
    return np.asarray(t[0] + t[1] / (1 + np.exp((t[2] - dose) / t[3])))


def beta(scale: float) -> Curve:
    """The beta curve, 0 again at ``scale``; its height is t[1]."""

    def curve(dose: Floats, t: Complexes) -> Complexes:
        share = np.where(dose > 0, dose, 1.0) / scale
        peak = (t[2] + t[3]) ** (t[2] + t[3]) / (t[2] ** t[2] * t[3] ** t[3])
        return np.asarray(t[0] + np.where(dose > 0, t[1] * peak * share ** t[2] * (1 - share) ** t[3], 0))

    return curve


def values(curve: Curve, theta: tuple[float, ...], dose: Floats) -> Floats:
    return np.asarray(curve(dose, np.array(theta, dtype=np.complex128)).real)


def gradients(curve: Curve, theta: tuple[float, ...], dose: Floats) -> Floats:
    """Derivatives in the parameters, (L, p)."""
    steps = np.array(theta) + 1j * STEP * np.eye(len(theta))
    return np.stack([curve(dose, step).imag / STEP + 0 * dose for step in steps], axis=-1)


def target_dose(curve: Curve, theta: tuple[float, ...], gain: float, *, before: float) -> float:
    """The dose below ``before``, up to which the curve rises, that brings ``gain`` over dose 0."""
    base = values(curve, theta, np.zeros(1))[0]
    return float(brentq(lambda d: values(curve, theta, np.array([d]))[0] - base - gain, 0.0, before, xtol=1e-12))


def target_gradient(curve: Curve, theta: tuple[float, ...], gain: float, *, before: float) -> Floats:
    """The target dose's derivatives in the parameters, up to its factor -1/f': what they do to f(dose) - f(0)."""
    ends = gradients(curve, theta, np.array([0.0, target_dose(curve, theta, gain, before=before)]))
    return np.asarray(ends[1] - ends[0])
