"""What a spend earns and uses, read off the tables: exact for one plan, vectorised for a search.

Notation: n cells, K points of the longest table, R limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adspend.problem import Limit, Problem, Table

Floats = NDArray[np.float64]


def exact(table: Table | None, column: str, spend: int) -> Fraction:
    """A measure of one cell at ``spend`` fen, exact; 0 at spend 0.

    Raises:
        ValueError: the spend is outside the table.
    """
    return Fraction(_exact(table, column, spend))


def _exact(table: Table | None, column: str, spend: int) -> int | Fraction:
    """The same, as an integer where it is one: at the table's points."""
    if spend == 0:
        return 0
    if table is None or not table.minimum <= spend <= table.maximum:
        raise ValueError(f"spend must be 0 or within the table, but got {spend}")
    measure = table.column(column)
    right = int(table.spend.searchsorted(spend))
    x1, y1 = int(table.spend[right]), int(measure[right])
    if x1 == spend:
        return y1
    x0, y0 = int(table.spend[right - 1]), int(measure[right - 1])
    return y0 + Fraction((y1 - y0) * (spend - x0), x1 - x0)


def total(problem: Problem, column: str, spend: Sequence[int]) -> Fraction:
    """A measure of the whole plan, exact."""
    return Fraction(sum(_exact(table, column, x) for table, x in zip(problem.tables, spend, strict=True) if x))


def usage(problem: Problem, spend: Sequence[int]) -> tuple[Fraction, ...]:
    """The left-hand side of every limit, exact."""
    running = np.nonzero(np.asarray(spend))[0]
    tables = [(problem.tables[i], int(spend[i])) for i in running.tolist()]
    counted = {name for limit in problem.limits for name in limit.columns}
    values = {name: np.array([_counted(table, name, x) for table, x in tables], dtype=object) for name in counted}
    return tuple(
        sum(
            (Fraction(column[running].astype(object) @ values[name]) for name, column in limit.columns.items()),
            Fraction(0),
        )
        if tables
        else Fraction(0)
        for limit in problem.limits
    )


def _counted(table: Table | None, name: str, spend: int) -> int | Fraction:
    return spend if name == "spend" else 1 if name == "active" else _exact(table, name, spend)


def broken(problem: Problem, spend: Sequence[int]) -> list[Limit]:
    """The limits that a plan breaks, judged exactly."""
    left = usage(problem, spend)
    return [limit for limit, use in zip(problem.limits, left, strict=True) if use > limit.rhs]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """All tables side by side, for vectorised evaluation. A cell without a table has ``maximum`` 0.

    ``points`` counts each cell's own points, shape (n,); ``must_run`` marks cells fixed above 0. ``spend`` has shape
    (n, K), padded by repeating the last point, and so has each of ``columns`` (one per measure).
    ``rows`` holds the limits' coefficients, shape (R, n), by what they count; what no limit counts is left out.
    ``rhs`` has shape (R,). Here n counts the options too.
    """

    spend: Floats
    columns: dict[str, Floats]
    points: NDArray[np.intp]
    minimum: Floats
    maximum: Floats
    must_run: NDArray[np.bool_]
    rows: dict[str, Floats]
    rhs: Floats

    def at(self, column: str, spend: Floats, cells: NDArray[np.intp] | None = None) -> Floats:
        """A measure at one spend per cell (of ``cells``, or of all); spends outside 0 or the range are clipped."""
        return self._read(column, self._place(spend, cells))

    def use_at(self, cells: NDArray[np.intp], points: NDArray[np.intp]) -> Floats:
        """What N points use of each limit, shape (R, N); ``points`` counts from 0 within its cell, -1 is off."""
        on, at = points >= 0, np.maximum(points, 0)
        left = np.zeros((self.rhs.size, cells.size))
        for name, row in self.rows.items():
            measure = np.ones(cells.size) if name == "active" else self.spend[cells, at]
            if name not in ("active", "spend"):
                measure = self.columns[name][cells, at]
            left += row[:, cells] * (measure * on)
        return left

    def use(self, spend: Floats, cells: NDArray[np.intp] | None = None) -> Floats:
        """What each cell (of ``cells``, or each) uses of each limit, shape (R, n)."""
        return self._use(self._place(spend, cells))

    def worth(self, spend: Floats, cells: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """The objective of ``cells`` at one spend each, (N,), and what they use of each limit, (R, N)."""
        place = self._place(spend, cells)
        return self._read("objective", place), self._use(place)

    def _place(self, spend: Floats, cells: NDArray[np.intp] | None) -> _Place:
        i = np.arange(spend.size) if cells is None else cells
        points = self.spend if cells is None else self.spend[cells]
        right = np.minimum(np.maximum((points <= spend[:, None]).sum(axis=1), 1), points.shape[1] - 1)
        x0, x1 = self.spend[i, right - 1], self.spend[i, right]
        share = np.divide(spend - x0, x1 - x0, out=np.zeros_like(spend), where=x1 > x0)
        return _Place(i, spend, right, np.minimum(np.maximum(share, 0.0), 1.0), slice(None) if cells is None else cells)

    def _read(self, column: str, place: _Place) -> Floats:
        measure = self.columns[column]
        y0, y1 = measure[place.cells, place.right - 1], measure[place.cells, place.right]
        return np.where(place.spend > 0, y0 + (y1 - y0) * place.share, 0.0)

    def _use(self, place: _Place) -> Floats:
        left = np.zeros((self.rhs.size, place.spend.size))
        for name, row in self.rows.items():
            own = {"spend": place.spend, "active": (place.spend > 0).astype(np.float64)}
            left += row[:, place.of] * (own[name] if name in own else self._read(name, place))
        return left


class _Place(NamedTuple):
    """Where spends lie in their cells' tables: between the points ``right - 1`` and ``right``, at a share of the way.

    ``of`` is what picks the cells from an array over all of them.
    """

    cells: NDArray[np.intp]
    spend: Floats
    right: NDArray[np.intp]
    share: Floats
    of: NDArray[np.intp] | slice


def grid(problem: Problem) -> Grid:
    """The problem's tables and limits as arrays."""
    n = problem.size
    longest = max((table.spend.size for table in problem.tables if table is not None), default=1) + 1
    columns = {name: np.zeros((n, longest)) for name in ("spend", *problem.measures)}
    for i, table in enumerate(problem.tables):
        if table is not None:
            for name, padded in columns.items():
                points = table.spend if name == "spend" else table.column(name)
                padded[i, : points.size] = points
                padded[i, points.size :] = points[-1]
    counted = sorted({name for limit in problem.limits for name in limit.columns})
    return Grid(
        spend=columns.pop("spend"),
        columns=columns,
        points=np.array([0 if table is None else table.spend.size for table in problem.tables], dtype=np.intp),
        must_run=problem.fixed > 0,
        minimum=np.array([0.0 if table is None else table.minimum for table in problem.tables], dtype=np.float64),
        maximum=np.array([0.0 if table is None else table.maximum for table in problem.tables], dtype=np.float64),
        rows={name: _rows(problem, name) for name in counted},
        rhs=np.array([float(limit.rhs) for limit in problem.limits], dtype=np.float64),
    )


def _rows(problem: Problem, name: str) -> Floats:
    nothing = np.zeros(problem.size)
    rows = [limit.columns.get(name, nothing) for limit in problem.limits]
    return np.array(rows, dtype=np.float64).reshape(len(problem.limits), problem.size)
