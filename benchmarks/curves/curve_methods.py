"""Ways to turn seen days into curves of GMV, behind one signature: ``Seen`` in, ``Fitted`` out.

| method | how |
|---|---|
| pooled curves | ``fit_curves`` with every family, as ``adspend`` calls it |
| pooled Hill curves | the same with one family |
| curve_fit per cell | SciPy's ``curve_fit`` of a Hill curve to a cell's daily orders |
| isotonic per cell | a rising line near a cell's mean orders at each cost, from (0, 0), flat beyond the largest cost |
| constant return | a cell's orders per yuan, at every cost |
| even split | no curve: every cell gets the same, and all cells' return is what it promises |

The last four value an order at the cell's own mean GMV (all cells' where it has none). Only the pooled curves know the
prior; one cell alone has no use for it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeWarning, curve_fit, isotonic_regression

from adspend_models.fit import fit_curves
from adspend_models.hill import sigmoid
from adspend_models.posterior import PosteriorBank
from adspend_models.shapes import HILL, SHAPES, Shape
from benchmarks.curves.design_markets import EVEN
from benchmarks.curves.truth_curves import Curve
from benchmarks.curves.truth_worlds import GRID_OF_CELLS, Seen

Floats = NDArray[np.float64]
CellCurve = Callable[[Floats], Floats]  # orders at costs (m,)

FEWEST = 3  # days: a Hill curve has three parameters
MOST_EVALUATIONS = 100
# Half-saturation within 0.02 to 200 even splits, exponent within 0.3 to 5: without bounds SciPy's answers are absurd.
BOUNDS = np.log([[1e-9, EVEN * 0.02, 0.3], [1e9, EVEN * 200.0, 5.0]])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """Expected GMV of an average day at costs (n, m), 0 for a cell never tried; and the bank it was read from."""

    gmv: Curve
    bank: PosteriorBank | None = None


Method = Callable[[Seen], Fitted]


def pooled_curves(seen: Seen, shapes: Sequence[Shape] = SHAPES) -> Fitted:
    """The fit, as the morning's plan makes it."""
    rng = np.random.default_rng(1)
    bank = fit_curves(seen.report(), GRID_OF_CELLS, plan_date=seen.plan_date, prior=seen.prior, rng=rng, shapes=shapes)
    worth = (bank.order_value * seen.tried)[:, None]  # a cell never tried fails: money waits for a test
    return Fitted(gmv=lambda cost: bank.mean_orders(cost) * worth, bank=bank)


def pooled_hill(seen: Seen) -> Fitted:
    """Hill curves only."""
    return pooled_curves(seen, (HILL,))


def fitted_per_cell(seen: Seen) -> Fitted:
    """SciPy's ``curve_fit``, cell by cell."""
    return _cell_by_cell(seen, _fitted_cell)


def isotonic_per_cell(seen: Seen) -> Fitted:
    """Isotonic regression, cell by cell."""
    return _cell_by_cell(seen, isotonic_cell)


def constant_return(seen: Seen) -> Fitted:
    """Orders per yuan, cell by cell."""
    return _cell_by_cell(seen, _constant_cell)


def pooled_return(seen: Seen) -> Fitted:
    """GMV per yuan of all cells: a line that prefers no cell, so the split stays even."""
    rate = seen.tried[:, None] * float(seen.gmv.sum() / seen.cost.sum())
    return Fitted(gmv=lambda cost: rate * cost)


def isotonic_cell(cost: Floats, orders: Floats) -> CellCurve:
    """The rising line nearest to the days (T,), through (0, 0); costs seen more often weigh more."""
    levels, where, days = np.unique(cost, return_inverse=True, return_counts=True)
    mean = np.bincount(where, orders) / days
    rising = isotonic_regression(mean, weights=days).x  # counts: nothing to pool with (0, 0)
    x, y = np.append(0.0, levels), np.append(0.0, rising)
    return lambda at: np.interp(at, x, y)


def _constant_cell(cost: Floats, orders: Floats) -> CellCurve:
    rate = orders.sum() / cost.sum()
    return lambda at: rate * at


def _fitted_cell(cost: Floats, orders: Floats) -> CellCurve:
    """A Hill curve by least squares; the constant return where SciPy finds none or has too few days or orders."""
    if len(cost) < FEWEST or not orders.any():
        return _constant_cell(cost, orders)
    start = np.log([2.0 * float(orders.max()), float(np.median(cost)), 1.0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OptimizeWarning)  # no covariance of the parameters; it is not used
        try:
            found, _ = curve_fit(
                _hill, cost, orders, p0=start, bounds=BOUNDS, jac=_hill_slopes, max_nfev=MOST_EVALUATIONS
            )
        except RuntimeError:
            return _constant_cell(cost, orders)
    return lambda at: _hill(at, *found)


def _hill(cost: Floats, log_height: float, log_half: float, log_exponent: float) -> Floats:
    with np.errstate(divide="ignore"):
        return np.exp(log_height) * sigmoid(np.exp(log_exponent) * (np.log(cost) - log_half))


def _hill_slopes(cost: Floats, log_height: float, log_half: float, log_exponent: float) -> Floats:
    """Derivatives of ``_hill`` in its parameters at costs (m,) above 0, (m, 3)."""
    exponent = np.exp(log_exponent)
    t = exponent * (np.log(cost) - log_half)
    orders, bend = np.exp(log_height) * sigmoid(t), sigmoid(-t)
    return np.stack([orders, -exponent * orders * bend, t * orders * bend], axis=1)


def _cell_by_cell(seen: Seen, fit: Callable[[Floats, Floats], CellCurve]) -> Fitted:
    """Every tried cell fitted alone and valued; a cell never tried is worth 0."""
    shop = seen.gmv.sum() / max(seen.orders.sum(), 1)
    bought = seen.orders.sum(axis=1)
    worth = np.where(bought > 0, seen.gmv.sum(axis=1) / np.maximum(bought, 1), shop)
    fits = {i: fit(seen.cost[i, ran], seen.orders[i, ran].astype(np.float64)) for i, ran in _days_run(seen)}

    def value(cost: Floats) -> Floats:
        orders = np.zeros(cost.shape)
        for i, curve in fits.items():
            orders[i] = curve(cost[i])
        return orders * worth[:, None]

    return Fitted(gmv=value)


def _days_run(seen: Seen) -> list[tuple[int, NDArray[np.bool_]]]:
    return [(i, row > 0) for i, row in enumerate(seen.cost) if row.any()]


POOLED, EVEN_SPLIT = "pooled curves", "even split"
METHODS: dict[str, Method] = {
    POOLED: pooled_curves,
    "pooled Hill curves": pooled_hill,
    "curve_fit per cell": fitted_per_cell,
    "isotonic per cell": isotonic_per_cell,
    "constant return": constant_return,
    EVEN_SPLIT: pooled_return,
}
