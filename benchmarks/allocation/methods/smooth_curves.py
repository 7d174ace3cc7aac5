"""The tables as smooth curves with slopes, for the methods that climb along gradients.

Monotone cubic interpolation (Fritsch & Carlson 1980, "Monotone piecewise cubic interpolation") through 0 and the
table's points: these methods were made for smooth curves, and steps in the slope would be held against them. They know
no minimum: below it they see the curve run to 0. Spends are counted in even splits and the objective in its mean over
the cells, which keeps both near 1.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator

from adspend.measures import grid
from adspend.problem import Problem
from benchmarks.allocation.methods.whole_steps import Floats, boxes, budget_of


class SmoothCurves:
    """All cells' curves side by side: knots, objectives and slopes there (n, K); the boxes' ends ``most`` (n,)."""

    def __init__(self, problem: Problem) -> None:
        """Fits the cubics."""
        arrays, nothing = grid(problem), np.zeros((problem.size, 1))
        self.unit = budget_of(problem) / problem.size
        knots = np.hstack([nothing, arrays.spend]) / self.unit
        height = np.hstack([nothing, arrays.columns["objective"]])
        height /= max(1.0, float(np.abs(height).max(axis=1).mean()))
        self.knots, self.height, self.slope = knots, height, np.zeros_like(height)
        for i, points in enumerate(arrays.points.tolist()):
            if points:
                own = slice(0, points + 1)
                self.slope[i, own] = PchipInterpolator(knots[i, own], height[i, own]).derivative()(knots[i, own])
        self.last = arrays.points
        self.most = boxes(problem)[1] / self.unit
        self.budget = float(problem.size)  # in even splits

    def climb(self, x: Floats) -> tuple[float, Floats]:
        """The objective at spends (n,) and its slopes (n,)."""
        i = np.arange(x.size)
        right = np.clip((self.knots <= x[:, None]).sum(axis=1), 1, np.maximum(self.last, 1))
        left = right - 1
        width = self.knots[i, right] - self.knots[i, left]
        safe = np.where(width > 0, width, 1.0)
        t = np.clip((x - self.knots[i, left]) / safe, 0.0, 1.0)
        y0, y1 = self.height[i, left], self.height[i, right]
        d0, d1 = self.slope[i, left] * width, self.slope[i, right] * width
        value = y0 + t * (d0 + t * (3 * (y1 - y0) - 2 * d0 - d1 + t * (2 * (y0 - y1) + d0 + d1)))
        slope = (d0 + 2 * t * (3 * (y1 - y0) - 2 * d0 - d1) + 3 * t**2 * (2 * (y0 - y1) + d0 + d1)) / safe
        return float(value.sum()), np.where(width > 0, slope, 0.0)

    def within(self, x: Floats) -> Floats:
        """Spends cut to their boxes."""
        return np.clip(np.nan_to_num(x), 0.0, self.most)
