"""A budget alone, minimum-or-zero, steps of 100 yuan: the allocator against the exact dynamic programme, in one run."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from adspend.certificate import certify
from adspend.problem import Problem
from adspend.solve import allocate
from benchmarks.allocation.certified_gap import STEP, random_shop

SEED = 20261123
SIZES = ((48, 20), (240, 20), (960, 10))  # cells, instances


def single_budget(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row per size: how often the optimum is reached, the proven gap, median seconds of both."""
    rows: list[dict[str, str | int | float]] = []
    for cells, instances in SIZES[:2] if smoke else SIZES:
        results = np.array([_one(cells, seed) for seed in range(2 if smoke else instances)])
        reached, gap, ours, theirs = results.T
        rows.append(
            {
                "cells": cells,
                "instances": len(results),
                "optimum reached %": round(100 * float(reached.mean()), 1),
                "certified gap max %": round(100 * float(gap.max()), 5),
                "allocate: seconds median": round(float(np.median(ours)), 4),
                "exact programme: seconds median": round(float(np.median(theirs)), 4),
                "time ratio to the programme": round(float(np.median(ours / theirs)), 2),
            }
        )
    return rows


def _one(cells: int, seed: int) -> tuple[float, float, float, float]:
    shop = random_shop(np.random.default_rng([SEED, cells, seed]), cells)
    problem = replace(shop, limits=shop.limits[:1])
    start = time.perf_counter()
    allocation = allocate(problem)
    between = time.perf_counter()
    optimum = dynamic_programme(problem)
    end = time.perf_counter()
    certificate = certify(problem, allocation)
    return float(certificate.value_micro == optimum), certificate.gap, between - start, end - between


def dynamic_programme(problem: Problem) -> int:
    """The optimum over the step grid, micro-yuan: the best value of every budget, one cell after the other."""
    budget = problem.limits[0].rhs // STEP
    best = np.zeros(budget + 1, dtype=np.int64)
    for table in problem.tables:
        if table is not None:
            with_cell = best.copy()
            for spend, gain in zip((table.spend // STEP).tolist(), table.objective.tolist(), strict=True):
                if spend <= budget:
                    np.maximum(with_cell[spend:], best[: budget + 1 - spend] + gain, out=with_cell[spend:])
            best = with_cell
    return int(best[-1])
