"""How the allocator grows: 12 to 240,000 cells with coupling limits, time, memory, certified gap, growth exponent."""

from __future__ import annotations

import math
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from adspend.certificate import certify
from adspend.solve import allocate
from benchmarks.allocation.coupled_shops import coupled_shop

SEED = 20261123
SIZES = (96, 2_400, 24_000, 240_000)
REPEATS = 3  # medians; the largest once


def scale(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row per size; each size runs in a process of its own, so that its peak memory is its own."""
    rows: list[dict[str, str | int | float]] = []
    for cells in SIZES[:2] if smoke else SIZES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            gap, seconds, proof, memory = pool.submit(_one, cells, 1 if smoke or cells > 100_000 else REPEATS).result()
        row: dict[str, str | int | float] = {
            "cells": cells,
            "coupling limits": 13 if cells > 10_000 else 25,
            "certified gap %": round(100 * gap, 5),
            "seconds to allocate": round(seconds, 3),
            "seconds to prove": round(proof, 3),
            "peak MB": memory,
            "growth exponent from the row above": "",
        }
        if rows:
            ratio = (seconds + proof) / (float(rows[-1]["seconds to allocate"]) + float(rows[-1]["seconds to prove"]))
            exponent = math.log(ratio) / math.log(cells / int(rows[-1]["cells"]))
            row["growth exponent from the row above"] = round(exponent, 2)
        rows.append(row)
    return rows


def _one(cells: int, repeats: int) -> tuple[float, float, float, int]:
    problem = coupled_shop(np.random.default_rng([SEED, cells]), cells, group_rows_only=cells > 10_000)
    gaps, solves, proofs = [], [], []
    for _ in range(repeats):
        start = time.perf_counter()
        allocation = allocate(problem)
        solved = time.perf_counter()
        gaps.append(certify(problem, allocation).gap)
        solves.append(solved - start)
        proofs.append(time.perf_counter() - solved)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return gaps[0], float(np.median(solves)), float(np.median(proofs)), memory
