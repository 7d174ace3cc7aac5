"""The sample: a panel as the likelihood sees it, on each cell's own cost scale.

Notation: n cells, T days. A day's expected orders are

    m_t = w_t (b + H(x_t))

with w what the day does (``calendar_effects``), H the response curve (``shapes``) and b natural orders per day, which
come without cost. b is taken from days on which the cell cost nothing; without such days it cannot be told apart from
the curve and is 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from adspend_models.likelihood import curvature, kernel, score
from adspend_models.medians import row_medians
from adspend_models.panel import Panel
from adspend_models.shapes import HILL, Shape

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

LARGEST_MEAN = 1e26  # orders: far above any market, far below overflow
FURTHEST = np.array([40.0, 15.0, np.log(5.0)])  # of |a|, |q|, |l|: sharper than x^5 is a step, not a response
SAME_SCALE = 8.0  # a cell's usual cost this far from the shop's median counts half; nearer it soon counts nothing
SMALLEST_MEAN = 1e-300  # keeps logarithms finite where a curve has vanished


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Days as arrays. Entries outside ``ok`` hold harmless numbers.

    ``take_sample`` lays cells side by side in memory: loops over n cells are long ones, over T days short ones.

    Attributes:
        ok: Days that count, (n, T).
        orders: y, (n, T).
        log_ratio: v = log(x / R), (n, T).
        reference: R, yuan: the cost scale of the shop, or of a cell far away from it, (n,).
        usual: The cell's own median cost, yuan, (n,); R without any.
        natural: b, orders per day, (n, 1).
        factor: w, (n, T).
        followed: Part of log w that is the cell's own: what spend that followed its demand adds (``habit``), (n, T).
        shape: The family of H.
    """

    ok: Bools
    orders: Floats
    log_ratio: Floats
    reference: Floats
    usual: Floats
    natural: Floats
    factor: Floats
    followed: Floats | float = 0.0
    shape: Shape = HILL

    @property
    def tried(self) -> Bools:
        """Cells with at least one day that counts, (n,)."""
        tried: Bools = np.any(self.ok, axis=1)
        return tried

    def expect(self, theta: Floats) -> tuple[Floats, Floats]:
        """Expected orders m at ``theta`` (..., n, 3), and the share of them that cost bought: (..., n, T)."""
        bought = self.reference[..., None] * self.shape.orders(within_reach(theta), self.log_ratio)
        bought = np.minimum(np.maximum(bought, SMALLEST_MEAN), LARGEST_MEAN)
        expected = bought + self.natural
        return self.factor * expected, bought / expected

    def of_shape(self, shape: Shape) -> Sample:
        """The same days under another family of curves."""
        return replace(self, shape=shape)

    def of_cells(self, some: Ints) -> Sample:
        """The same days of ``some`` cells (k,)."""
        followed = self.followed[some] if isinstance(self.followed, np.ndarray) else self.followed
        columns = ("ok", "orders", "log_ratio", "reference", "usual", "natural", "factor")
        return replace(self, followed=followed, **{name: getattr(self, name)[some] for name in columns})

    def on_days(self, log_factor: Floats, group: Ints) -> Sample:
        """The same days with factors exp(``log_factor`` (G,)) by ``group`` (n, T)."""
        return replace(self, factor=np.exp(log_factor[group] + self.followed) if log_factor.size else self.factor)

    def log_likelihood_kernel(self, mean: Floats, size: Floats) -> Floats:
        """The part of each cell's log likelihood that depends on its curve, (n,)."""
        total: Floats = np.where(self.ok, kernel(self.orders, mean, size), 0.0).sum(axis=1)
        return total

    def with_points(self, some: slice) -> Sample:
        """The days of ``some`` cells with an axis for several points theta (n, points, 3) of each: (n, 1, T)."""
        columns = ("ok", "orders", "log_ratio", "reference", "usual", "natural", "factor")
        return replace(self, **{name: getattr(self, name)[some, None] for name in columns})

    def slope_and_curvature(
        self, theta: Floats, mean: Floats, bought: Floats, size: Floats, *, over: str = "t"
    ) -> tuple[Floats, Floats]:
        """Gradient (..., n, 3) of each cell's log likelihood in theta, and its Gauss-Newton curvature (..., n, 3, 3).

        The curvature is the likelihood's in log orders, carried over by the curve's slopes, so it is never negative.
        ``over`` names the axes summed over: the days, or with "pt" the points as well.
        """
        by_half, by_shape = self.shape.slopes(within_reach(theta), self.log_ratio)
        slopes = (bought, bought * by_half, bought * by_shape)
        pull = np.where(self.ok, score(self.orders, mean, size), 0.0)
        weight = np.where(self.ok, curvature(self.orders, mean, size), 0.0)
        total = f"...{over},...{over}->..."
        gradient = np.stack([np.einsum(total, pull, slope) for slope in slopes], axis=-1)
        matrix = np.empty((*gradient.shape, 3))
        for i in range(3):
            weighted = weight * slopes[i]
            for j in range(i, 3):
                matrix[..., i, j] = matrix[..., j, i] = np.einsum(total, weighted, slopes[j])
        return gradient, matrix


def within_reach(theta: Floats) -> Floats:
    """Coordinates theta (..., 3) no further than ``FURTHEST``."""
    within: Floats = np.minimum(np.maximum(theta, -FURTHEST), FURTHEST)
    return within


def take_sample(panel: Panel, ok: Bools, reference_cost: float) -> Sample:
    """The panel's ``ok`` days; a cell without any gets ``reference_cost`` (yuan) as its reference."""
    log_cost = np.log(np.where(ok, panel.cost, 1.0))
    tried: Bools = np.any(ok, axis=1)
    usual = np.where(tried, row_medians(log_cost, ok), np.log(reference_cost))
    reference = np.where(tried, _scales(usual, tried), usual)
    return Sample(
        ok=np.asfortranarray(ok),
        orders=np.asfortranarray(np.where(ok, panel.orders, 0.0)),
        log_ratio=np.asfortranarray(np.where(ok, log_cost - reference[:, None], 0.0)),
        reference=np.exp(reference),
        usual=np.exp(usual),
        natural=natural_orders(panel),
        factor=np.ones(ok.shape, order="F"),
    )


def _scales(usual: Floats, tried: Bools) -> Floats:
    """The log cost scales of cells with ``usual`` log costs (n,): the shop's median, left by cells far away from it.

    Spend moves to where it pays, so a cell's usual cost follows what was seen of its curve. A scale that followed it
    would tell every cell that its curve bends where its spend stopped, and a cell cut after a bad day would hardly be
    raised again: it costs a simulated month 6 points of the best profit (``benchmarks own_days``). Cells apart by far
    more than curves explain (online_ads: 0.01 to 1,700 a day) do differ in scale.
    """
    shop = np.median(usual[tried]) if tried.any() else 0.0
    away = np.square(np.square(usual - shop))
    scales: Floats = shop + (usual - shop) * away / (away + np.log(SAME_SCALE) ** 4)
    return scales


def natural_orders(panel: Panel) -> Floats:
    """Orders per day that come without cost: the mean of days with cost 0, shrunk by one empty day, (n, 1)."""
    idle = (panel.cost == 0) & np.isfinite(panel.orders)
    total = np.where(idle, panel.orders, 0.0).sum(axis=1, keepdims=True)
    natural: Floats = total / (idle.sum(axis=1, keepdims=True) + 1.0)
    return natural
