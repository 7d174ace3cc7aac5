"""The LP relaxation as arrays, kept warm in HiGHS: the hot loop of the search.

Notation: w_j in [0, 1] the weight of column j, one table point of one cell; e_r >= 0 what limit r is overstepped by.

    maximise    sum_j objective_j w_j - penalty sum_r e_r
    subject to  sum_j use_rj w_j - size_r e_r <= rhs_r     for each limit r     (dual: the limit's price)
                sum_{j of cell i} w_j <= 1, or = 1 where the cell must run      for each cell i of the core

Over all points this LP equals the Lagrangian dual of the problem (Dantzig-Wolfe), so its prices give the best bound
that one price vector can prove. Because limits may be overstepped at a penalty the LP always has a solution, and where
the limits conflict its prices prove it. Cells outside the core stay at one point each and lower the right-hand sides.
The readable twin of this model, in PuLP, is the tests' oracle.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from adspend.lagrangian import OFF
from adspend.measures import Floats, Grid
from adspend.problem import MICRO
from adspend.solver.quiet import quiet_highs

PENALTY = (
    10.0  # times all that the cells could earn: far above any price a limit can have, not so far as to hurt digits
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LpAnswer:
    """Weights (N,) of points (``points[j]`` of ``cells[j]``, sorted by cell); prices (R,) in micro-yuan per unit.

    ``overstep`` is the sum of what the limits are overstepped by, each in its own size.
    """

    cells: NDArray[np.intp]
    points: NDArray[np.intp]
    weight: Floats
    prices: Floats
    overstep: float


class ColumnModel:
    """The relaxation over some columns. ``cells`` and ``points`` say what each column is, sorted by cell."""

    def __init__(self, grid: Grid, chosen: NDArray[np.bool_], elsewhere: NDArray[np.intp]) -> None:
        """Builds the model.

        Args:
            grid: the problem's arrays.
            chosen: which table points are columns, (n, K); a cell with none is outside the core.
            elsewhere: the point of each cell outside the core, ``OFF`` or counted from 0, (n,).
        """
        self.grid, self.chosen = grid, chosen
        self.cells, self.points = np.nonzero(chosen)
        self.core, self.first = np.unique(self.cells, return_index=True)
        self.count = np.diff(np.append(self.first, self.cells.size))
        outside = np.setdiff1d(np.arange(grid.maximum.size), self.core)
        self.settled = grid.use_at(outside, elsewhere[outside]).sum(axis=1)
        use = grid.use_at(self.cells, self.points)
        self.size = np.maximum(np.maximum(np.abs(use).max(axis=1, initial=0.0), np.abs(grid.rhs)), 1.0)
        self.low = np.where(grid.must_run[self.core], 1, 0)
        self.high = grid.points[self.core]
        self.elsewhere = elsewhere
        self.highs = quiet_highs(presolve=False)
        self.highs.passModel(self._model(use / self.size[:, None]))

    def _model(self, use: Floats) -> highspy.HighsLp:
        limits, columns, rows = self.size.size, self.cells.size, self.core.size
        gain = self.grid.columns["objective"][self.cells, self.points] / MICRO
        worth = float(np.maximum.reduceat(np.abs(gain), self.first).sum()) if columns else 0.0
        own_row = limits + np.searchsorted(self.core, self.cells)
        values = np.concatenate([use.T, np.ones((columns, 1))], axis=1)
        index = np.concatenate([np.broadcast_to(np.arange(limits), (columns, limits)), own_row[:, None]], axis=1)
        kept = values != 0
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns + limits, limits + rows
        model.col_cost_ = np.concatenate([-gain, np.full(limits, PENALTY * max(worth, 1.0))])
        model.col_lower_ = np.zeros(columns + limits)
        model.col_upper_ = np.concatenate([np.ones(columns), np.full(limits, highspy.kHighsInf)])
        model.row_lower_ = np.concatenate([np.full(limits, -highspy.kHighsInf), self.low.astype(np.float64)])
        model.row_upper_ = np.concatenate([(self.grid.rhs - self.settled) / self.size, np.ones(rows)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        start = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
        model.a_matrix_.start_ = np.concatenate([start, start[-1] + 1 + np.arange(limits)]).astype(np.int32)
        model.a_matrix_.index_ = np.concatenate([index[kept], np.arange(limits)]).astype(np.int32)
        model.a_matrix_.value_ = np.concatenate([values[kept], -np.ones(limits)])
        return model

    def grown(self, missing: NDArray[np.bool_]) -> ColumnModel:
        """A model with more columns of the same core cells; ``missing`` (core cells, K)."""
        chosen = self.chosen.copy()
        chosen[self.core] |= missing
        return ColumnModel(self.grid, chosen, self.elsewhere)

    def narrow(self, low: NDArray[np.intp], high: NDArray[np.intp]) -> None:
        """Restricts each core cell to the points low..high, where 0 is off and k the k-th point of its table."""
        for i in np.nonzero((low != self.low) | (high != self.high))[0].tolist():
            columns = np.arange(self.first[i], self.first[i] + self.count[i], dtype=np.int32)
            level = self.points[columns] + 1
            allowed = ((level >= low[i]) & (level <= high[i])).astype(np.float64)
            self.highs.changeColsBounds(columns.size, columns, np.zeros(columns.size), allowed)
            must = low[i] > 0 and allowed.any()  # without a column the bound, not the LP, counts the cell
            self.highs.changeRowBounds(int(self.size.size + i), float(must), 1.0)
        self.low, self.high = low.copy(), high.copy()

    def set_rhs(self, r: int, rhs: float) -> None:
        """Gives limit r another right-hand side."""
        self.highs.changeRowBounds(r, -highspy.kHighsInf, float((rhs - self.settled[r]) / self.size[r]))

    def solve(self) -> LpAnswer | None:
        """Solves from the last basis; None where HiGHS does not say that it solved the model."""
        self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.highs.clearSolver()  # numerical trouble on the way: once more from nothing
            self.highs.run()
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution, columns, limits = self.highs.getSolution(), self.cells.size, self.size.size
        value = np.array(solution.col_value)
        prices = np.maximum(-np.array(solution.row_dual)[:limits], 0.0) * MICRO / self.size
        return self.answer(value[:columns], prices, float(value[columns:].sum()))

    def answer(self, weight: Floats, prices: Floats, overstep: float) -> LpAnswer:
        """Weights of this model's columns as an answer."""
        return LpAnswer(cells=self.cells, points=self.points, weight=weight, prices=prices, overstep=overstep)

    def spread(self, answer: LpAnswer) -> Floats:
        """Weights as an array over all cells and points, (n, K); cells outside the core have theirs on one point."""
        full = np.zeros(self.grid.spend.shape)
        running = np.nonzero(self.elsewhere != OFF)[0]
        full[running, self.elsewhere[running]] = 1.0
        full[self.core] = 0.0
        full[answer.cells, answer.points] = answer.weight
        return full
