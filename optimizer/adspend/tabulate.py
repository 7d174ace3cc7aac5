"""Curves as tables: each cell's measures at the spends it may take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adspend.problem import MICRO, MICRO_PER_FEN, Ints, Table
from adspend.value_curves import ValueCurves
from adspend_models.bank import Floats


def tabulate(curves: ValueCurves, spends: Sequence[Ints | None]) -> tuple[Table | None, ...]:
    """One table per cell, at the given rising spends (fen); None where a cell may receive nothing."""
    longest = max((points.size for points in spends if points is not None), default=0)
    if longest == 0:
        return (None,) * len(spends)
    cost: Floats = np.zeros((len(spends), longest))
    for i, points in enumerate(spends):
        if points is not None:
            cost[i] = np.pad(points, (0, longest - points.size), mode="edge") / 100
    expected = curves.expected(cost)
    measures = [_micro(expected.value), _micro(expected.orders), _micro(expected.gmv)]
    return tuple(
        None if points is None else _table(points, *(measure[i, : points.size] for measure in measures))
        for i, points in enumerate(spends)
    )


def _micro(amount: Floats) -> Ints:
    return np.rint(amount * MICRO).astype(np.int64)


def _table(points: Ints, value: Ints, orders: Ints, gmv: Ints) -> Table:
    return Table(spend=points, objective=value - points * MICRO_PER_FEN, value=value, orders=orders, gmv=gmv)
