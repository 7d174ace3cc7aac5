"""What is said of each fitted curve: where it stands today, what it pays there, and how far it was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.bank import Floats, Grade, Grading
from adspend_models.posterior import PosteriorBank

STEP = 0.05  # of the usual cost: the next yuan's return is the slope over this much either way
FAR = 50.0  # log units beyond half-saturation: a family that levels off has done so by any measure
WORST_FIRST = (Grade.FAIL, Grade.REVIEW, Grade.PASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveCard:
    """One cell's curve in numbers; yuan per day, orders per day.

    Attributes:
        index: The cell's place in the bank.
        cell: The cell.
        grading: How far the curve may be trusted, and why.
        days: Days with spend.
        tested: The largest cost tried; 0 if never.
        usual: The cell's median cost, the shop's own guess where it was never tested.
        orders: Expected orders at the usual cost.
        roi: Expected GMV per yuan there.
        roi_low: Lower end of its 80 % band.
        roi_high: Upper end.
        next_roi: What one yuan more would bring in GMV there.
        order_value: GMV per order.
        half: The cost of half of the most orders; None where the family of curves has no most, or none fits the cell.
    """

    index: int
    cell: Cell
    grading: Grading
    days: int
    tested: float
    usual: float
    orders: float
    roi: float
    roi_low: float
    roi_high: float
    next_roi: float
    order_value: float
    half: float | None

    @property
    def half_tried(self) -> bool:
        """Whether half-saturation lies within what was tried; beyond, it is extrapolated."""
        return self.half is not None and self.half <= self.tested


def curve_cards(bank: PosteriorBank) -> tuple[CurveCard, ...]:
    """One card per cell, in the bank's order."""
    usual = bank.reference
    around = usual[:, None] * np.array([1.0 - STEP, 1.0, 1.0 + STEP])
    orders = bank.mean_orders(around)
    low, high = np.quantile(bank.order_draws(usual[:, None])[..., 0], (0.1, 0.9), axis=0)
    per_order = bank.order_value / usual  # ROI of one order
    slope = (orders[:, 2] - orders[:, 0]) / (2.0 * STEP)
    half = np.median(bank.curves.half, axis=0) if levels_off(bank) else None
    return tuple(
        CurveCard(
            index=i,
            cell=cell,
            grading=bank.gradings[i],
            days=int(np.sum(bank.observations[i].cost > 0)),
            tested=float(bank.tested_max[i]),
            usual=float(usual[i]),
            orders=float(orders[i, 1]),
            roi=float(orders[i, 1] * per_order[i]),
            roi_low=float(low[i] * per_order[i]),
            roi_high=float(high[i] * per_order[i]),
            next_roi=float(slope[i] * per_order[i]),
            order_value=float(bank.order_value[i]),
            half=None if half is None or i in bank.monotone else float(half[i]),
        )
        for i, cell in enumerate(bank.cells)
    )


def levels_off(bank: PosteriorBank) -> bool:
    """Whether the family of curves has a most that orders approach; logarithmic and power curves have none."""
    far: Floats = bank.curves.response(np.array([FAR]))
    return bool(np.isclose(far[0], 1.0))


def worst_first(cards: Sequence[CurveCard]) -> list[CurveCard]:
    """What a person must look at before the rest: by grade, and within a grade where most money goes.

    Cells never tested have no money in them, so they end the FAIL ones: tested and failed is the news.
    """
    return sorted(
        cards, key=lambda card: (WORST_FIRST.index(card.grading.grade), card.days == 0, -card.usual, card.index)
    )
