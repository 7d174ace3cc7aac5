"""What cells share: the columns by which one cell's tests inform another's curve.

Every cell's coordinates (a, q, l) have a prior mean z_i' B, where row z_i of the design has

    1                   the shop's typical curve
    log(R_i / R_0)      how far the cell's cost scale R_i (``sample``) lies from the prior's reference cost R_0
    one 0/1 column per segment, per slot and per lever (a factor with one level, or one per cell, tells nothing)

**Absolute or relative costs?** q = log(k / R_i) with slope 0 in the second column pools half-saturation *relative* to
what a cell usually spends; slope -1 pools it in yuan. Neither is right everywhere, so the slope is estimated, around a
centre half-way.

* A real advertiser (online_ads: 48 cells, 0.01 to 1,700 a day), mean log predictive density of held-out days, fitted on
  3 / 10 / 30 days per cell: in yuan -2.780 / -2.639 / -2.607, relative -2.737 / -2.634 / -2.607, estimated
  -2.742 / -2.629 / -2.605. The slope settles near -0.4.
* Simulated shops of 48 cells whose usual costs differ by a log-sd of 1, value of the next day's split as a share of
  the best, ten days of data. Truth in yuan: yuan .959, relative .934, estimated .958. Truth relative: yuan .925,
  relative .942, estimated .939.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from adspend_datasets.cell import Cell
from adspend_models.prior import Prior

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Centre and standard deviation of the shop's typical (a, q, l). a: a shop's own guess of its ROI is within a factor 2
# two times in three. q: at the reference cost a shape-1 curve of k = 2.5 R has elasticity 0.71; real advertisers show
# 0.74 (online_ads, camp1/High) and 0.6 to 1.1 (conjura, 3 brands). l: barely S-shaped, 0.67 to 1.8 in 95 of 100 shops;
# the centre hardly matters (1.0, 1.1 and 1.2 give plans worth .886, .885 and .883 of the best in the anchor test).
TYPICAL_HALF = np.log(2.5)
TYPICAL_SHAPE = np.log(1.1)
TYPICAL_SD = (0.7, 0.7, 0.25)

# Slopes in log(R_i / R_0) for a and q; the shape has none. See the module docstring for the measurement.
SCALE_SLOPE = (0.0, -0.5, 0.0)
SCALE_SLOPE_SD = (0.3, 0.5, 1e-3)

# Spread of cells around what they share, before data, worth CELL_WEIGHT cells: log-sd 0.5 of returns and of
# half-saturation (online_ads: 0.41 and 0.5 to 0.6 after segment and slot effects), 0.2 of shape (0.20 to 0.27); the
# factors' own spread is smaller.
CELL_SD = (0.5, 0.5, 0.2)
FACTOR_SD = (0.3, 0.2, 0.05)
CELL_WEIGHT = 4.0  # as if that many cells had been seen to have CELL_SD
CATEGORY_CELL_WEIGHT = 16.0  # of a category's: what hundreds of cells of other shops say of this one's

SHARED, SCALE = -1, -2  # families of the first two columns; factors count from 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """The design and the priors of its coefficients B (p, 3).

    Attributes:
        design: Z, (n, p).
        centre: Prior means of B, (p, 3).
        precision: Prior precisions of B, (p, 3); rows of factors hold the starting values.
        family: Which factor a column belongs to, (p,); SHARED and SCALE for the first two.
        factors: Names of the factors that have columns.
        rows: Z again, sparse: a cell touches few columns.
        sums: Z', sparse, (p, n).
        pairs: Every z_i z_i' as a row, sparse (n, p p).
        pair_sums: Its transpose, (p p, n).
        cell_sd: Starting spread of cells around what they share, log units.
        cell_weight: How many cells' worth of belief in it.
    """

    design: Floats
    centre: Floats
    precision: Floats
    family: Ints
    factors: tuple[str, ...]
    rows: sparse.csr_array
    sums: sparse.csr_array
    pairs: sparse.csr_array
    pair_sums: sparse.csr_array
    cell_sd: tuple[float, float, float] = CELL_SD
    cell_weight: float = CELL_WEIGHT


def lay_out_effects(cells: Sequence[Cell], log_scale: Floats, prior: Prior) -> Effects:
    """The effects of ``cells`` whose cost scales are log(R_i / R_0), (n,)."""
    columns = [np.ones(len(cells)), log_scale]
    family = [SHARED, SCALE]
    factors: list[str] = []
    for name in ("segment", "slot", "lever"):
        levels, level_of = np.unique([getattr(cell, name) for cell in cells], return_inverse=True)
        if 2 <= len(levels) < len(cells):
            columns += [(level_of == level).astype(np.float64) for level in range(len(levels))]
            family += [len(factors)] * len(levels)
            factors.append(name)
    spread = np.array([TYPICAL_SD, SCALE_SLOPE_SD] + [FACTOR_SD] * (len(columns) - 2))
    centre = np.zeros_like(spread)
    category = prior.category
    if category is None:
        centre[0] = (_typical_return(prior, len(factors)), TYPICAL_HALF, TYPICAL_SHAPE)
    else:
        centre[0], spread[0] = category.centre, category.sd
        centre[0, 0] += np.log(prior.order_return)
    centre[1] = SCALE_SLOPE
    design = np.stack(columns, axis=1)
    rows, pairs = sparse.csr_array(design), _pairs(design, np.array(family), len(factors))
    return Effects(
        design=design,
        centre=centre,
        precision=1.0 / np.square(spread),
        family=np.array(family),
        factors=tuple(factors),
        rows=rows,
        sums=rows.T.tocsr(),
        pairs=pairs,
        pair_sums=pairs.T.tocsr(),
        cell_sd=CELL_SD if category is None else category.cell_sd,
        cell_weight=CELL_WEIGHT if category is None else CATEGORY_CELL_WEIGHT,
    )


def _pairs(design: Floats, family: Ints, factors: int) -> sparse.csr_array:
    """Every cell's non-zero products of columns: both shared columns and one level of each factor."""
    n, p = design.shape
    level = [np.argmax(np.where(family == factor, design, -1.0), axis=1) for factor in range(factors)]
    column = np.stack([np.zeros(n, dtype=np.int64), np.ones(n, dtype=np.int64), *level], axis=1)
    value = np.take_along_axis(design, column, axis=1)
    pair = column[:, :, None] * p + column[:, None, :]
    weight = value[:, :, None] * value[:, None, :]
    ends = np.arange(n + 1) * column.shape[1] ** 2
    return sparse.csr_array((weight.ravel(), pair.ravel(), ends), shape=(n, p * p))


def _typical_return(prior: Prior, factors: int) -> float:
    """The centre of a that makes the *average* cell, not the median one, return what the prior states.

    The mean of a log-normal lies half a variance above its median; without this a cold start would promise 1.5 times
    the return that the shop stated.
    """
    variance = TYPICAL_SD[0] ** 2 + CELL_SD[0] ** 2 + factors * FACTOR_SD[0] ** 2
    return float(np.log(prior.order_return) - 0.5 * variance)
