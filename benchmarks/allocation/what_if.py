"""Warm what-ifs: another budget or another group bound at 240 cells, against solving from scratch."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from adspend.solve import allocate
from adspend.whatif import WhatIf
from benchmarks.allocation.certified_gap import random_shop

SEED = 20261123
CELLS, SHOPS = 240, 12
SHARES = (0.5, 0.7, 0.8, 0.9, 0.95, 1.05, 1.1, 1.2, 1.5)  # of the day's budget


def what_if(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row: milliseconds of warm answers and of cold solves, and the warm answers' proven gap."""
    warm, cold, gaps, kept = [], [], [], 0
    for seed in range(1 if smoke else SHOPS):
        problem = random_shop(np.random.default_rng([SEED, CELLS, seed]), CELLS)
        what_if = WhatIf(problem, allocate(problem))
        for share in SHARES[:3] if smoke else SHARES:
            budget = int(problem.limits[0].rhs * share)
            start = time.perf_counter()
            answer = what_if.ask({"budget": budget})
            between = time.perf_counter()
            allocate(problem.with_limits((replace(problem.limits[0], rhs=budget), *problem.limits[1:])))
            cold.append(time.perf_counter() - between)
            warm.append(between - start)
            gaps.append(answer.gap)
            kept += answer.warm
    return [
        {
            "cells": CELLS,
            "questions": len(warm),
            "answered warm %": round(100 * kept / len(warm), 1),
            "warm: ms median": round(1000 * float(np.median(warm)), 1),
            "warm: ms p95": round(1000 * float(np.quantile(warm, 0.95)), 1),
            "cold: ms median": round(1000 * float(np.median(cold)), 1),
            "gap median %": round(100 * float(np.median(gaps)), 3),
            "gap max %": round(100 * float(max(gaps)), 3),
        }
    ]
