"""What the page draws of each curve."""

from __future__ import annotations

import numpy as np

from adspend.plan import CurveChart
from adspend.problem import Problem
from adspend.shop import Shop
from adspend.value_curves import ValueCurves
from adspend_models.bank import Floats

POINTS = 25
BAND = (0.1, 0.9)  # the central 80 % of the posterior
BEYOND = 1.15  # of the largest spend allowed or observed: a little of what lies ahead


def curve_charts(curves: ValueCurves, shop: Shop, problem: Problem) -> tuple[CurveChart, ...]:
    """One chart per cell: net value before ad cost over cost, yuan per day."""
    tested = [float(np.nanmax(seen.cost, initial=0.0)) for seen in curves.observations]
    allowed = [0.0 if table is None else table.maximum / 100 for table in problem.tables[: len(curves.cells)]]
    most = [max(t, a, shop.minimum_fen / 100) * BEYOND for t, a in zip(tested, allowed, strict=True)]
    cost: Floats = np.linspace(0.0, 1.0, POINTS)[None, :] * np.array(most)[:, None]
    draws = curves.value_draws(cost)
    mean = draws.mean(axis=0)
    low, high = np.quantile(draws, BAND, axis=0, overwrite_input=True)
    return tuple(
        CurveChart(
            cost=_rounded(cost[i]),
            mean=_rounded(mean[i]),
            low=_rounded(low[i]),
            high=_rounded(high[i]),
            points=_points(curves, i),
            tested=tested[i],
        )
        for i in range(len(curves.cells))
    )


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(np.round(values, 2).tolist())


def _points(curves: ValueCurves, i: int) -> tuple[tuple[float, float], ...]:
    cost, value = curves.observations[i].cost, curves.observed_value(i)
    usable = ~(np.isnan(cost) | np.isnan(value))
    return tuple(zip(_rounded(cost[usable]), _rounded(value[usable]), strict=True))
