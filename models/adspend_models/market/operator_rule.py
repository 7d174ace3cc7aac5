"""The operator's rule (投手的调价习惯): rough tests first, then plus or minus 20 % on recent ROI.

    day 1 .. test_days   every active cell takes each test level in turn, neighbours on different levels
    afterwards           ROI of the last 3 days >= 1.15 target: +20 %;  <= 0.85 target: -20 %;  else hold
    once a week          every tenth cell or so tries double its budget
    always               steps of 100 yuan, at least 300 yuan per active cell, the day's total is kept

It makes the history of the bundled samples: several spend levels per cell, as a month of ordinary work leaves them.
Source: moves of 10-20 % a day are common operators' advice; the thresholds and the weekly try are assumptions.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np

from adspend_datasets.cell import Cell
from adspend_models.market.luck import Floats, Ints, uniforms
from adspend_models.market.world import Day, World

WINDOW_DAYS = 3
RAISE, CUT = 1.2, 0.8
GOOD, BAD = 1.15, 0.85  # shares of the target ROI
TRY_WEEKDAY = 2  # Wednesday
TRY_SHARE = 0.1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRule:
    """How the operator sets tomorrow's budgets. Money in fen.

    Attributes:
        budget_fen: the day's total, never exceeded.
        minimum_fen: least budget of an active cell.
        maximum_fen: most budget of a cell.
        step_fen: budgets are multiples of this.
        levels_fen: the test levels of the first days.
        start_fen: every active cell's budget once the tests are over.
        test_days: how many days the levels rotate.
        target_roi: the ROI that recent days are held against.
        seed: of the weekly tries.
        idle: cells that were never tried.
        paused: cells switched off for good, with the first day without them.
    """

    budget_fen: int
    minimum_fen: int
    maximum_fen: int
    step_fen: int
    levels_fen: tuple[int, ...]
    start_fen: int
    test_days: int
    target_roi: float
    seed: int
    idle: frozenset[Cell] = frozenset()
    paused: Mapping[Cell, datetime.date] = field(default_factory=dict)

    def budgets(self, date: datetime.date, cells: tuple[Cell, ...], past: Sequence[Day]) -> Ints:
        """The budgets of ``date`` after the days ``past``; shape (cells,), 0 = paused."""
        if len(past) < self.test_days:
            turn = np.arange(len(cells)) + len(past) // 2
            wished = np.array(self.levels_fen)[turn % len(self.levels_fen)]
        elif len(past) == self.test_days:
            wished = np.full(len(cells), self.start_fen)
        else:
            wished = self._moved(date, cells, past)
        active = np.array([cell not in self.idle and not self._is_paused(cell, date) for cell in cells])
        stepped = np.rint(wished / self.step_fen).astype(np.int64) * self.step_fen
        bounded = np.where(active, np.clip(stepped, self.minimum_fen, self.maximum_fen), 0)
        return self._within_total(bounded, recent_roi(past, len(cells)))

    def _is_paused(self, cell: Cell, date: datetime.date) -> bool:
        return cell in self.paused and date >= self.paused[cell]

    def _moved(self, date: datetime.date, cells: tuple[Cell, ...], past: Sequence[Day]) -> Floats:
        roi = recent_roi(past, len(cells))
        move = np.where(roi >= GOOD * self.target_roi, RAISE, np.where(roi <= BAD * self.target_roi, CUT, 1.0))
        if date.weekday() == TRY_WEEKDAY:
            luck = [uniforms(1, seed=self.seed, effect="operator", cell=cell, date=date)[0] for cell in cells]
            move = np.where(np.array(luck) < TRY_SHARE, 2.0, move)
        return np.asarray(past[-1].budget_fen * move, dtype=np.float64)

    def _within_total(self, budget_fen: Ints, roi: Floats) -> Ints:
        """Takes one step at a time from the worst cells, in turn, until the total is kept."""
        trimmed = budget_fen.copy()
        worst_first = np.argsort(roi, kind="stable")
        while trimmed.sum() > self.budget_fen:
            over = int(-(-(trimmed.sum() - self.budget_fen) // self.step_fen))
            can = worst_first[trimmed[worst_first] > self.minimum_fen][:over]
            if can.size == 0:
                raise ValueError(f"the minimum of every active cell exceeds the total of {self.budget_fen} fen")
            trimmed[can] -= self.step_fen
        return trimmed


def recent_roi(past: Sequence[Day], cells: int) -> Floats:
    """GMV per yuan over the last days; 0 where nothing was spent. Shape (cells,)."""
    window = past[-WINDOW_DAYS:]
    cost = np.sum([day.cost_fen for day in window], axis=0) if window else np.zeros(cells)
    gmv = np.sum([day.gmv_fen for day in window], axis=0) if window else np.zeros(cells)
    return np.asarray(np.divide(gmv, cost, out=np.zeros(cells), where=cost > 0), dtype=np.float64)


def run(world: World, rule: OperatorRule, *, first: datetime.date, days: int) -> tuple[Day, ...]:
    """The days ``first``, ``first`` + 1, ... of the world under the operator's rule."""
    past: list[Day] = []
    for offset in range(days):
        date = first + datetime.timedelta(days=offset)
        past.append(world.day(date, rule.budgets(date, world.truth.cells, past), past))
    return tuple(past)
