"""The allocator against the whole problem as one PuLP piecewise MIP, on the same shops with 25 coupling limits.

Both are asked for a gap of 0.1 %. The MIP's own gap is relative to its model; the allocator's is certified.
"""

from __future__ import annotations

import time

import numpy as np

from adspend.certificate import certify
from adspend.measures import grid, total
from adspend.problem import MICRO
from adspend.repair import repair
from adspend.solve import SolveSettings, allocate
from adspend.solver.whole import solve_whole
from benchmarks.allocation.coupled_shops import coupled_shop

SEED = 20261123
GAP = 1e-3
TIME_LIMIT = 120.0  # seconds for the MIP
CASES = ((96, 2), (2_400, 1))  # cells, instances


def against_monolithic(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row per instance: seconds of both, the ratio, and what each found of the proven bound."""
    cases = ((24, 1),) if smoke else CASES
    return [_one(cells, seed, 5.0 if smoke else TIME_LIMIT) for cells, count in cases for seed in range(count)]


def _one(cells: int, seed: int, time_limit: float) -> dict[str, str | int | float]:
    problem = coupled_shop(np.random.default_rng([SEED, cells, seed]), cells)
    start = time.perf_counter()
    allocation = allocate(problem, SolveSettings(target_gap=GAP))
    ours = time.perf_counter() - start
    certificate = certify(problem, allocation)
    start = time.perf_counter()
    arrays = grid(problem)
    answer = solve_whole(problem, arrays, time_limit=time_limit, gap=GAP)
    theirs = time.perf_counter() - start
    spend = None if answer is None else repair(problem, arrays, answer.spend)
    value = 0.0 if spend is None else float(total(problem, "objective", spend)) / MICRO
    bound = certificate.bound_micro / MICRO
    return {
        "cells": cells,
        "instance": seed,
        "ours: certified gap %": round(100 * certificate.gap, 4),
        "ours: seconds": round(ours, 2),
        "monolithic: gap to our bound %": round(100 * (bound - value) / bound, 4),
        "monolithic: seconds": round(theirs, 1),
        "monolithic: reached its gap": "no answer" if answer is None else str(answer.outcome == "optimal").lower(),
        "times faster": round(theirs / ours, 1),
    }
