"""Worlds without luck, and shops to plan them, for tests of strategies and simulation.

A quiet day sells exactly what the truth expects, rounded to whole orders, each at the mean value.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from adspend.shop import Shop, parse_shop
from adspend_datasets.cell import Cell
from adspend_models.market.day import Day
from adspend_models.market.luck import Floats, Ints
from adspend_models.market.truth import HillTruth

Column = Sequence[float] | Floats | float

FIRST = datetime.date(2026, 6, 1)


@dataclass(frozen=True, slots=True)
class QuietWorld:
    """Every budget is spent in full and every expectation met."""

    truth: HillTruth

    def day(self, date: datetime.date, budget_fen: Ints, past: Sequence[Day] = ()) -> Day:
        """The expected day."""
        orders = np.rint(self.truth.mean_orders(date, budget_fen / 100, past)).astype(np.int64)
        values = np.rint(self.truth.order_value * 100).astype(np.int64)
        return Day(
            date=date,
            cells=self.truth.cells,
            budget_fen=budget_fen,
            cost_fen=budget_fen,
            impressions=orders * 100,
            clicks=orders * 10,
            order_fen=tuple(np.full(count, value) for count, value in zip(orders, values, strict=True)),
        )


def cells(segments: int, slots: int) -> tuple[Cell, ...]:
    """Cells s0 x t0, s0 x t1, ..."""
    return tuple(Cell(f"s{i}", f"t{j}") for i in range(segments) for j in range(slots))


def hills(
    segments: int,
    slots: int,
    ceiling: Sequence[float] | Floats | float,
    half: Sequence[float] | Floats | float,
    shape: float,
    value: float = 100.0,
) -> HillTruth:
    """Hill curves of segments x slots cells; parameters broadcast."""
    names = cells(segments, slots)
    wide = [
        np.broadcast_to(np.asarray(column, dtype=np.float64), len(names)).copy() for column in (ceiling, half, shape)
    ]
    return HillTruth(
        cells=names, ceiling=wide[0], half_cost=wide[1], shape=wide[2], order_value=np.full(len(names), value)
    )


def shop(
    segments: int,
    slots: int,
    *,
    daily: float,
    least: float = 100,
    most: float = 2_000,
    step: float = 10,
    more: str = "",
) -> Shop:
    """A shop that keeps half of its GMV."""
    text = f"""
[shop]
name = "quiet"
[economics]
gross_margin = 0.5
[budget]
daily = {daily}
[cells]
segments = [{", ".join(f'"s{i}"' for i in range(segments))}]
slots = [{", ".join(f'"t{j}"' for j in range(slots))}]
min_if_active = {least}
max = {most}
step = {step}
{more}
"""
    return parse_shop(text.encode(), file="quiet.toml")
