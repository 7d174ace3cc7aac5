"""What a spend earns and uses, read off the tables: exact for one plan, vectorised for a search.

Notation: n cells, K points of the longest table, R limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from adspend.problem import Ints, Limit, Problem, Table

Floats = NDArray[np.float64]
MEASURES = ("objective", "value", "orders", "gmv")


def exact(table: Table | None, column: str, spend: int) -> Fraction:
    """A measure of one cell at ``spend`` fen, exact; 0 at spend 0.

    Raises:
        ValueError: the spend is outside the table.
    """
    if spend == 0:
        return Fraction(0)
    if table is None or not table.minimum <= spend <= table.maximum:
        raise ValueError(f"spend must be 0 or within the table, but got {spend}")
    measure: Ints = getattr(table, column)
    right = int(np.searchsorted(table.spend, spend))
    if int(table.spend[right]) == spend:
        return Fraction(int(measure[right]))
    x0, x1 = int(table.spend[right - 1]), int(table.spend[right])
    y0, y1 = int(measure[right - 1]), int(measure[right])
    return y0 + Fraction((y1 - y0) * (spend - x0), x1 - x0)


def total(problem: Problem, column: str, spend: Sequence[int]) -> Fraction:
    """A measure of the whole plan, exact."""
    return sum((exact(table, column, x) for table, x in zip(problem.tables, spend, strict=True)), Fraction(0))


def used_by_cell(limit: Limit, i: int, table: Table | None, spend: int) -> Fraction:
    """What cell i uses of a limit at ``spend`` fen, exact."""
    left = Fraction(0)
    if spend == 0:
        return left
    if limit.spend is not None:
        left += int(limit.spend[i]) * spend
    if limit.active is not None:
        left += int(limit.active[i])
    for column, coefficients in (("orders", limit.orders), ("gmv", limit.gmv)):
        if coefficients is not None and coefficients[i]:
            left += int(coefficients[i]) * exact(table, column, spend)
    return left


def used(problem: Problem, limit: Limit, spend: Sequence[int]) -> Fraction:
    """The left-hand side of a limit, exact."""
    tables = problem.tables
    return sum((used_by_cell(limit, i, tables[i], x) for i, x in enumerate(spend) if x), Fraction(0))


def broken(problem: Problem, spend: Sequence[int]) -> list[Limit]:
    """The limits that a plan breaks, judged exactly."""
    return [limit for limit in problem.limits if used(problem, limit, spend) > limit.rhs]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """All tables side by side, for vectorised evaluation. A cell without a table has ``maximum`` 0.

    ``spend`` has shape (n, K), padded by repeating the last point, and so has each of ``columns`` (one per measure).
    ``rows[measure]`` holds the limits' coefficients, shape (R, n); ``rhs`` has shape (R,).
    """

    spend: Floats
    columns: dict[str, Floats]
    minimum: Floats
    maximum: Floats
    rows: dict[str, Floats]
    rhs: Floats

    def at(self, column: str, spend: Floats) -> Floats:
        """A measure at one spend per cell, shape (n,); spends outside (0 or [minimum, maximum]) are clipped."""
        n = np.arange(spend.size)
        right = np.clip((self.spend <= spend[:, None]).sum(axis=1), 1, self.spend.shape[1] - 1)
        x0, x1 = self.spend[n, right - 1], self.spend[n, right]
        y0, y1 = self.columns[column][n, right - 1], self.columns[column][n, right]
        share = np.divide(spend - x0, x1 - x0, out=np.zeros_like(spend), where=x1 > x0)
        inside = y0 + (y1 - y0) * np.clip(share, 0.0, 1.0)
        return np.where(spend > 0, inside, 0.0)

    def use(self, spend: Floats) -> Floats:
        """What each cell uses of each limit, shape (R, n)."""
        left = self.rows["spend"] * spend + self.rows["active"] * (spend > 0)
        for column in ("orders", "gmv"):
            if self.rows[column].any():
                left = left + self.rows[column] * self.at(column, spend)
        return left


def grid(problem: Problem) -> Grid:
    """The problem's tables and limits as arrays."""
    n = len(problem.cells)
    longest = max((table.spend.size for table in problem.tables if table is not None), default=1) + 1
    columns = {name: np.zeros((n, longest)) for name in ("spend", *MEASURES)}
    for i, table in enumerate(problem.tables):
        if table is not None:
            for name, padded in columns.items():
                points: Ints = getattr(table, name)
                padded[i, : points.size] = points
                padded[i, points.size :] = points[-1]
    shape = len(problem.limits), n
    rows = {
        name: np.array([_coefficients(getattr(limit, name), n) for limit in problem.limits]).reshape(shape)
        for name in ("spend", "orders", "gmv", "active")
    }
    return Grid(
        spend=columns.pop("spend"),
        columns=columns,
        minimum=np.array([0.0 if table is None else table.minimum for table in problem.tables], dtype=np.float64),
        maximum=np.array([0.0 if table is None else table.maximum for table in problem.tables], dtype=np.float64),
        rows=rows,
        rhs=np.array([float(limit.rhs) for limit in problem.limits], dtype=np.float64),
    )


def _coefficients(column: Ints | None, n: int) -> Floats:
    return np.zeros(n) if column is None else column.astype(np.float64)
