"""Filling up: raises weighed ahead, cell by cell and all at once, are the raises a plain loop would make."""

from __future__ import annotations

import numpy as np
import pytest

from adspend.measures import grid
from adspend.problem import Problem
from adspend.repair import repair, snap
from oracles.random_problems import random_problem


def plain_fill(problem: Problem, x: np.ndarray) -> np.ndarray:
    """The rule in words: the raise to a cell's next table point that gains most per fen and that the limits allow.

    Every candidate is weighed anew from the tables in every round, in floats as the engine's search is.
    """
    arrays, step = grid(problem), problem.step_fen
    slack = np.maximum(arrays.rhs - arrays.use(x).sum(axis=1), 0.0)
    x = x.copy()
    while True:
        best, chosen = 0.0, None
        for i in np.flatnonzero((problem.fixed < 0) & (arrays.points > 0)):
            above = arrays.spend[i][arrays.spend[i] > x[i]]
            there = float(above.min() // step * step) if above.size else x[i]
            if x[i] == 0 or there <= x[i]:
                there = arrays.minimum[i] if x[i] == 0 else min(x[i] + step, max(x[i], arrays.maximum[i]))
            rise = there - x[i]
            one = np.array([i])
            now, then = np.array([x[i]]), np.array([there])
            more = (arrays.use(then, one) - arrays.use(now, one))[:, 0]
            share = min([1.0, *(slack[r] / more[r] for r in np.flatnonzero(more > 0))])
            part = np.floor(share * rise / step + 1e-9) * step if x[i] > 0 else rise * (share >= 1.0)
            if rise <= 0 or part <= 0:
                continue
            rate = float((arrays.at("objective", then, one) - arrays.at("objective", now, one))[0]) / rise
            if rate > best:
                best, chosen = rate, (i, part, more * (part / rise))
        if chosen is None:
            return x
        x[chosen[0]] += chosen[1]
        slack = np.maximum(slack - chosen[2], 0.0)


@pytest.mark.parametrize("seed", range(12))
def test_a_plan_is_filled_as_by_a_plain_loop(seed: int) -> None:
    """Only limits counted in whole fen or cells, which need no margin for rounding."""
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, 10, points=30, step_fen=100, limits=("budget", "share", "active"), locks=False)
    start = snap(problem, grid(problem), np.zeros(problem.size))
    got = repair(problem, grid(problem), start)
    assert got is not None
    assert any(got)
    assert got == tuple(int(amount) for amount in plain_fill(problem, start))
