"""Random shops (随机店铺): true curves drawn around segment and slot effects, the base of every world family.

    log roi_i   = log roi  + segment + slot + own       ROI at the half-saturation cost
    log half_i  = log half + segment + slot + own       yuan per day
    shape_i     = the segment's own, uniform             1 concave, above 1 S-shaped
    order value = a segment's own, lognormal around ``order_value``

All parts are keyed normals times the spreads below, so a shop with more cells keeps the segments and slots that the
smaller one had. Every number is an assumption of the simulation, chosen so that budgets are scarce, many cells lose
money at any cost, and plain rules are worth about what they were in the study that this suite repeats (operators' rule
.57 of the clairvoyant, split by return .66, posterior means .78).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from scipy.special import ndtri

from adspend_datasets.cell import ALL, Cell
from adspend_datasets.slots import slot_label
from adspend_models.market.luck import Floats, cell_uniforms
from adspend_models.market.noise import NoisyWorld
from adspend_models.market.truth import HillTruth, Truth

EARLIEST = 6 * 60  # minute of the business day: rooms are live from 06:00
LENGTHS = ((8, 120), (12, 120), (24, 60), (40, 30))  # most slots a day with so many minutes each
LATE_START = 10 * 60  # of a shop with at most eight slots


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ShopStyle:
    """What kind of shop is drawn; spreads are log-sds of (segment, slot, cell).

    Attributes:
        roi: of the typical cell at its half-saturation cost.
        roi_sd: its spreads.
        half_cost: of the typical cell, yuan per day.
        half_sd: its spreads.
        shape: (least, most) Hill exponent of a segment.
        order_value: yuan per order of the typical segment.
        order_value_sd: log-sd between segments.
    """

    roi: float = 3.6
    roi_sd: tuple[float, float, float] = (0.3, 0.25, 0.35)
    half_cost: float = 1500.0
    half_sd: tuple[float, float, float] = (0.4, 0.2, 0.3)
    shape: tuple[float, float] = (1.0, 1.6)
    order_value: float = 329.0
    order_value_sd: float = 0.12

    def __post_init__(self) -> None:
        """Refuses levels that are not positive and an empty range of shapes."""
        if min(self.roi, self.half_cost, self.order_value, self.shape[0]) <= 0 or self.shape[1] < self.shape[0]:
            raise ValueError(f"levels must be above 0 and shapes a range, but got {self}")


def grid(segments: int, slots: int) -> tuple[Cell, ...]:
    """A shop's cells, segments outermost; up to 40 slots of whole half-hours, cut from one day.

    >>> [cell.label for cell in grid(1, 8)[::7]]
    ['人群01 × 10:00-12:00', '人群01 × 24:00-26:00']
    """
    if not 1 <= slots <= LENGTHS[-1][0] or segments < 1:
        raise ValueError(f"`segments >= 1`, `1 <= slots <= {LENGTHS[-1][0]}` must hold, but got {segments}, {slots}")
    minutes = next(length for most, length in LENGTHS if slots <= most)
    first = LATE_START if slots <= LENGTHS[0][0] else EARLIEST
    labels = [slot_label((first + k * minutes, first + (k + 1) * minutes)) for k in range(slots)]
    return tuple(Cell(f"人群{number + 1:02d}", label) for number in range(segments) for label in labels)


def random_truth(seed: int, cells: tuple[Cell, ...], style: ShopStyle) -> HillTruth:
    """The curves of one shop of a style."""
    roi = style.roi * np.exp(_spread(seed, cells, "roi", style.roi_sd))
    half = style.half_cost * np.exp(_spread(seed, cells, "half", style.half_sd))
    place = cell_uniforms([1] * len(cells), seed=seed, effect="shape", cells=_segments(cells))
    value = style.order_value * np.exp(style.order_value_sd * _normals(seed, _segments(cells), "order value of"))
    return HillTruth(
        cells=cells,
        ceiling=2 * roi * half / value,  # half of the ceiling is what it brings at the half-saturation cost
        half_cost=half,
        shape=style.shape[0] + place * (style.shape[1] - style.shape[0]),
        order_value=value,
    )


def lucky_world(truth: Truth, seed: int, *, dispersion: float = 8.0, order_value_cv: float = 0.6) -> NoisyWorld:
    """A truth with counted orders and a funnel: CPM around 50 yuan and CTR around 4 %."""
    return NoisyWorld(
        truth=truth,
        seed=seed,
        dispersion=dispersion,
        order_value_cv=order_value_cv,
        cpm=50.0 * np.exp(0.2 * _normals(seed, truth.cells, "cpm")),
        ctr=0.04 * np.exp(0.25 * _normals(seed, truth.cells, "ctr")),
        funnel_sd=0.08,
    )


def _spread(seed: int, cells: tuple[Cell, ...], effect: str, sds: tuple[float, float, float]) -> Floats:
    slots = tuple(Cell(ALL, cell.slot) for cell in cells)
    keys = (_segments(cells), slots, cells)
    parts = [sd * _normals(seed, key, effect) for sd, key in zip(sds, keys, strict=True)]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)


def _segments(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(Cell(cell.segment, ALL) for cell in cells)


def _normals(seed: int, keys: tuple[Cell, ...], effect: str) -> Floats:
    return np.asarray(ndtri(cell_uniforms([1] * len(keys), seed=seed, effect=effect, cells=keys)), dtype=np.float64)
