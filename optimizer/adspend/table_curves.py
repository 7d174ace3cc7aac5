"""Curves made elsewhere: a table of (cost, value) per cell, piecewise linear, 0 at cost 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adspend.money import nearest_fen
from adspend.problem import Ints
from adspend.value_curves import Expected
from adspend_datasets.cell import Cell
from adspend_datasets.text import Text
from adspend_models.bank import Floats, Grade, Grading, Observations

GIVEN = Text("外部给定的曲线，未经本引擎检验", "curve given, not judged here")
GRADED = Text("曲线文件里的评级为 {grade}", "graded {grade} in the curve file")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurveRows:
    """One cell's rows: cost rises strictly from above 0 (yuan); the rest are measures at those costs, shape (k,)."""

    cost: Floats
    value: Floats
    orders: Floats
    gmv: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableCurves:
    """``ValueCurves`` of imported tables; a cell without rows is worth nothing and never receives money.

    ``origin`` says where the curves come from, wherever a cell's grade is shown. ``grades`` are the file's own, None
    where it gives none; a cell that it grades FAIL receives nothing.
    """

    cells: tuple[Cell, ...]
    rows: tuple[CurveRows | None, ...]
    origin: Text = GIVEN
    grades: tuple[Grade | None, ...] = ()

    @property
    def gradings(self) -> tuple[Grading, ...]:
        """As the file says, else as given; a missing curve can only be paused."""
        none = Grading(grade=Grade.FAIL, reasons=(Text("没有曲线", "no curve"),))
        grades = self.grades or (None,) * len(self.rows)
        return tuple(
            none if rows is None else self._grading(grade) for rows, grade in zip(self.rows, grades, strict=True)
        )

    def _grading(self, grade: Grade | None) -> Grading:
        if grade is None:
            return Grading(grade=Grade.PASS, reasons=(self.origin,))
        return Grading(grade=grade, reasons=(Text(GRADED.zh.format(grade=grade), GRADED.en.format(grade=grade)),))

    @property
    def observations(self) -> tuple[Observations, ...]:
        """Nothing is known of what was observed."""
        empty = np.zeros(0)
        none = Observations(day=np.zeros(0, dtype=np.int64), cost=empty, orders=empty, gmv=empty)
        return (none,) * len(self.cells)

    def expected(self, cost: Floats) -> Expected:
        """The tables at ``cost`` (n, m) yuan; beyond a table's end its last value."""
        columns = {name: np.zeros(cost.shape) for name in ("value", "orders", "gmv")}
        for i, rows in enumerate(self.rows):
            if rows is not None:
                for name, column in columns.items():
                    column[i] = _interpolate(cost[i], rows.cost, getattr(rows, name))
        return Expected(**columns)

    def value_draws(self, cost: Floats) -> Floats:
        """A given curve is one draw."""
        return self.expected(cost).value[None]

    def observed_value(self, i: int) -> Floats:
        """Nothing was observed."""
        del i
        return np.zeros(0)

    def spend_points(self, i: int, minimum_fen: int, maximum_fen: int, step_fen: int) -> Ints:
        """The table's own costs between minimum and maximum, and the two ends: the curve stays exactly itself."""
        del step_fen
        rows = self.rows[i]
        knots = [] if rows is None else [nearest_fen(cost) for cost in rows.cost.tolist()]
        inside = [knot for knot in knots if minimum_fen < knot < maximum_fen]
        return np.unique(np.array([minimum_fen, *inside, maximum_fen], dtype=np.int64))

    def end_fen(self, i: int) -> int:
        """The largest cost of cell i's table, 0 without rows."""
        rows = self.rows[i]
        return 0 if rows is None else nearest_fen(float(rows.cost[-1]))


def _interpolate(cost: Floats, x: Floats, y: Floats) -> Floats:
    return np.asarray(np.interp(cost, np.concatenate([[0.0], x]), np.concatenate([[0.0], y])), dtype=np.float64)
