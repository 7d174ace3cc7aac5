"""The plan (投放计划): the day's budgets with expected results, certificate and reasons, as frozen values.

Money is integer fen. Values of curves are integers of micro-yuan (1 fen = 10,000 micro-yuan), so that the
certificate can be checked in exact arithmetic. ``adspend.outputs`` writes a ``Plan``; nothing else reads it back.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from adspend.aim import Aim
from adspend.problem import Problem
from adspend.proof import Proof
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text
from adspend_models.bank import Grading

SCHEMA = "adspend.plan/2"


class Action(StrEnum):
    """What the operator does with a cell tomorrow."""

    TEST = "test"
    START = "start"
    RAISE = "raise"
    HOLD = "hold"
    CUT = "cut"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveChart:
    """What the page draws of one cell: net value before ad cost (yuan per day) over cost (yuan per day).

    ``low`` and ``high`` bound the central 80 % of the posterior. ``points`` are (cost, net value before ad cost) of
    observed days, newest last. ``tested`` is the largest cost observed.
    """

    cost: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    points: tuple[tuple[float, float], ...]
    tested: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCell:
    """One cell's budget and why."""

    cell: Cell
    action: Action
    budget_fen: int
    yesterday_fen: int | None  # None: no report
    expected_orders: float
    expected_gmv_fen: int
    expected_net_fen: int  # after ad cost
    p10_net_fen: int  # a tenth of the posterior lies below
    marginal_return: float | None  # net yuan that the next yuan earns; None at the cell's upper end
    grading: Grading
    limits: tuple[str, ...]  # keys of the limits that hold this cell
    reason: Text
    chart: CurveChart | None


class Severity(StrEnum):
    """How a notice is to be read: REVIEW needs a person's approval."""

    REVIEW = "REVIEW"
    WARN = "WARN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something a person should know before the plan is used."""

    code: str
    severity: Severity
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingLimit:
    """A limit that holds the plan back, and what one more unit of it is worth."""

    key: str
    name: Text
    used: Text
    price: Text  # in words and money


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Another way to spend, on the same curves."""

    name: Text
    cost_fen: int
    expected_orders: float
    expected_gmv_fen: int
    expected_net_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPoint:
    """One point of the budget frontier: a total budget and the net value it earns under the same limits."""

    budget_fen: int
    net_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Multipliers that prove ``value >= (1 - gap) * bound`` on the problem's curves, in micro-yuan."""

    value_micro: int
    bound_micro: int
    multipliers: tuple[tuple[str, Fraction], ...]  # limit key -> micro-yuan per unit of the limit
    proof: Proof  # the cases; its first prices are the multipliers

    @property
    def gap(self) -> float:
        """Share of the bound that the plan may still miss; of its size where it is a cost."""
        if self.bound_micro == 0:
            return 0.0
        return (self.bound_micro - self.value_micro) / abs(self.bound_micro)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageNote:
    """The day's stage and the evidence for it; on a day that changes it, ``changed_from`` is yesterday's."""

    name: Text
    reason: Text
    changed_from: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file the plan was made from, by name and content."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Tomorrow's budgets and everything that explains and proves them."""

    shop: str
    currency: str
    date: datetime.date
    stage: StageNote
    budget_fen: int
    problem: Problem
    cells: tuple[PlannedCell, ...]
    certificate: Certificate
    formulation: Text  # which way it was solved, and why
    binding: tuple[BindingLimit, ...]
    comparisons: tuple[Comparison, ...]  # the plan itself first
    frontier: tuple[FrontierPoint, ...]
    notices: tuple[Notice, ...]
    inputs: tuple[InputFile, ...]
    versions: tuple[tuple[str, str], ...]
    seed: int
    break_even_roi: float
    levels: tuple[int, ...] = ()  # of the problem's options, fen
    aim: Aim = Aim.NET

    @property
    def planned_fen(self) -> int:
        """The sum of the budgets."""
        return sum(cell.budget_fen for cell in self.cells)
