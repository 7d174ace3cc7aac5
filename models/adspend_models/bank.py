"""The curve bank: one posterior response curve per cell, as every consumer sees it.

Notation: n cells, m costs per cell, d posterior draws. Costs are yuan per day, orders are per day.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_datasets.text import Text

Floats = NDArray[np.float64]


class Grade(StrEnum):
    """How far a curve may be trusted. A FAIL cell may only be held, cut or tested."""

    PASS = "PASS"
    REVIEW = "REVIEW"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """A grade with its reasons in words, worst first; a PASS says what it rests on.

    ``thin`` marks a FAIL that nothing but more data would cure: such a cell may be tested at more than it spends.
    ``mild`` marks a REVIEW for nothing but what the curve has accounted for: to be known, not to be decided upon.
    ``fact`` is a FAIL's worst reason without the advice to test it, for a cell that is being tested.
    """

    grade: Grade
    reasons: tuple[Text, ...]
    thin: bool = False
    mild: bool = False
    fact: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observations:
    """What was observed of one cell: one entry per day, in date order; missing numbers are NaN.

    Shapes: all (days,). ``cost`` and ``gmv`` in yuan; ``day`` is the date's proleptic ordinal.
    """

    day: NDArray[np.int64]
    cost: Floats
    orders: Floats
    gmv: Floats


class CurveBank(Protocol):
    """Posterior curves of n cells for one planning date (weekday and regime effects already applied)."""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells, in the order of every array."""
        ...

    @property
    def gradings(self) -> tuple[Grading, ...]:
        """One grading per cell."""
        ...

    @property
    def observations(self) -> tuple[Observations, ...]:
        """What was observed of each cell; empty arrays for a cell never seen."""
        ...

    @property
    def order_value(self) -> Floats:
        """GMV per order, yuan, posterior mean; shape (n,)."""
        ...

    def mean_orders(self, cost: Floats) -> Floats:
        """Posterior-mean orders at ``cost`` (n, m); the risk-neutral curve. Shape (n, m). Zero at cost 0."""
        ...

    def order_draws(self, cost: Floats) -> Floats:
        """Expected orders under each posterior draw at ``cost`` (n, m). Shape (d, n, m)."""
        ...
