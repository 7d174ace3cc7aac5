"""How many curves a second on one core, against a loop of ``scipy.optimize.curve_fit`` on the same days.

Layers of one fit, on anchor shops of 9 days (three passes through 0.3, 1 and 3 even splits, 20 orders a cell):

    modes and covariances   every cell's posterior under one known prior, Laplace's way
    hierarchy               ``learn``: what cells share is learned too; every cell's posterior mean and covariance
    hierarchy and draws     and 200 joint draws of all curves
    report to bank          ``fit_curves``: reading, fitting, drawing, grading

``curve_fit`` fits each cell alone by bounded least squares: height, half-saturation, exponent, and their covariance.
Times are processor time of one thread, medians of repeats. The judge of the modes is scipy's general optimiser on each
cell's log posterior written with scipy's distributions; ``tests/models/test_scipy_reference.py`` judges the rest.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.optimize import OptimizeWarning, curve_fit, minimize

from adspend_models.draws import draw_curves
from adspend_models.empirical_bayes import learn
from adspend_models.fit import fit_curves
from adspend_models.matrices import inverse_of_definite
from adspend_models.newton import find_modes
from adspend_models.sample import Sample
from adspend_models.variational import summary_at
from benchmarks.curves.anchor_shops import EVEN, SIZE, AnchorShop, draw_shop

Floats = NDArray[np.float64]
Row = dict[str, str | int | float]

SEED = 20261123
GRIDS = ((6, 8), (20, 24), (100, 50))  # segments x slots: 48, 480 and 5,000 cells
LEVELS = (0.3, 1.0, 3.0) * 3
REPEATS, DRAWS = 5, 200
LOOPED, JUDGED = 300, 100  # cells given to the loop and to the judge
MOST_CALLS = 500  # of curve_fit, per cell
CENTRE = np.array([-5.0, 0.9, 0.1])  # of the known prior: about what the shop's own fit finds
SPREAD = np.diag([0.5, 0.5, 0.05])


def fit_speed(smoke: bool) -> list[Row]:
    """One row per layer and size, the loop's row first."""
    shops = [_shop(*grid) for grid in (GRIDS[:1] if smoke else GRIDS)]
    repeats = 1 if smoke else REPEATS
    loop, failed = _loop(shops[-1])
    rows: list[Row] = [_row("curve_fit, cell by cell", min(LOOPED, len(shops[-1].cells)), loop, loop)]
    rows[0]["note"] = f"{failed} cells without an answer in {MOST_CALLS} calls"
    for shop in shops:
        for name, run in _layers(shop).items():
            seconds = float(np.median([_cpu(run) for _ in range(repeats)])) / len(shop.cells)
            rows.append(_row(name, len(shop.cells), seconds, loop))
    away = _disagreement(shops[-1])
    for row in rows:
        if row["layer"] == "modes and covariances" and row["cells"] == len(shops[-1].cells):
            row["note"] = f"{away:.1e} posterior sds at most from scipy's modes"
    return rows


def _row(layer: str, cells: int, seconds: float, loop: float) -> Row:
    return {
        "layer": layer,
        "cells": cells,
        "ms per curve": round(1e3 * seconds, 4),
        "curves per second and core": round(1.0 / seconds),
        "times the loop": round(loop / seconds, 1),
        "note": "",
    }


def _shop(segments: int, slots: int) -> AnchorShop:
    rng = np.random.default_rng([SEED, segments])
    return draw_shop(rng, segments=segments, slots=slots, levels=LEVELS, orders_per_cell=20, jitter=0.1)


def _layers(shop: AnchorShop) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    (sample, effects, calendar), report = shop.laid_out(), shop.report()

    def whole() -> object:
        rng = np.random.default_rng(1)
        return fit_curves(report, shop.cells, plan_date=shop.plan_date, prior=shop.prior, rng=rng, draws=DRAWS)

    def drawn() -> object:
        return draw_curves(learn(sample, effects, calendar).pooled, effects, DRAWS, np.random.default_rng(1))

    return {
        "modes and covariances": lambda: _modes(sample),
        "hierarchy": lambda: learn(sample, effects, calendar),
        "hierarchy and draws": drawn,
        "report to bank": whole,
    }


def _modes(sample: Sample) -> tuple[Floats, Floats]:
    """Posterior modes (n, 3) and covariances (n, 3, 3) under the known prior."""
    n, known = len(sample.reference), np.linalg.inv(SPREAD)
    size = np.full((n, 1), SIZE)
    modes = find_modes(sample, centre=np.tile(CENTRE, (n, 1)), precision=known, size=size)
    return modes.theta, inverse_of_definite(summary_at(sample, modes.theta, size).precision + known)


def _cpu(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _loop(shop: AnchorShop) -> tuple[float, int]:
    """Processor seconds per curve of ``curve_fit`` in a loop, and how many cells it gave up on."""
    cost, orders = shop.cost[:LOOPED] / EVEN, shop.orders[:LOOPED].astype(np.float64)
    failed = 0
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)  # a covariance that cannot be estimated
        for x, y in zip(cost, orders, strict=True):
            try:
                first = (2.0 * max(float(y.max()), 1.0), 2.0, 1.0)
                curve_fit(_hill, x, y, p0=first, bounds=([0, 0.05, 0.2], [1e4, 50, 5]), max_nfev=MOST_CALLS)
            except RuntimeError:
                failed += 1
    return (time.process_time() - start) / len(cost), failed


def _hill(x: Floats, height: float, half: float, exponent: float) -> Floats:
    power = x**exponent
    return np.asarray(height * power / (half**exponent + power))


def _disagreement(shop: AnchorShop) -> float:
    """The largest distance, in posterior sds, of our modes from scipy's."""
    sample, _, _ = shop.laid_out()
    theta, covariance = _modes(sample)
    sd = np.sqrt(np.einsum("nii->ni", covariance))
    judged = [_scipy_mode(shop, float(sample.reference[cell]), cell) for cell in range(min(JUDGED, len(sd)))]
    return float((np.abs(theta[: len(judged)] - np.array(judged)) / sd[: len(judged)]).max())


def _scipy_mode(shop: AnchorShop, reference: float, cell: int) -> Floats:
    """One cell's mode by general optimisers, the density in scipy's words."""
    ratio, orders, scale = shop.cost[cell] / reference, shop.orders[cell], np.sqrt(np.diag(SPREAD))

    def loss(z: Floats) -> float:
        a, q, log_c = CENTRE + scale * z
        c = np.exp(log_c)
        mean = reference * np.exp(a) * ratio**c * (1 + np.exp(c * q)) / (ratio**c + np.exp(c * q))
        fit = stats.nbinom.logpmf(orders, SIZE, SIZE / (SIZE + mean)).sum()
        return -float(fit + stats.norm.logpdf(z).sum())

    rough = minimize(loss, np.zeros(3), method="BFGS")
    found = minimize(loss, rough.x, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-11})
    return np.asarray(CENTRE + scale * found.x)
