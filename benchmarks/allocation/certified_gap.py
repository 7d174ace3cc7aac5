"""Certified gap and time of ``allocate`` on random S-shaped shops with coupling limits, next to two simple splits.

Shops: Hill curves with exponents 1 to 3.5, minimum-or-zero of 300 yuan, cap 6,000, step 100; budget of 600 yuan a cell,
two group shares, an ROI floor, and a most-active row. An even split and a split by return (net value per yuan at an
even split) are put onto the step grid and judged on the same tables; neither needs to meet the coupling limits.
"""

from __future__ import annotations

import time

import numpy as np

from adspend.certificate import certify
from adspend.limits import budget_limit, most_active_limit, roi_floor_limit, share_limits
from adspend.measures import grid
from adspend.problem import MICRO_PER_FEN, Problem, Table
from adspend.shop import ShareSection
from adspend.solve import allocate
from adspend_datasets.cell import Cell

SEED = 20261123
STEP, LEAST, MOST = 100_00, 300_00, 6000_00
PER_CELL = 600_00
SIZES = ((48, 500), (240, 500))  # cells, instances


def certified_gap(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row per size: gap quantiles, time, and what the simple splits earn of the plan's value."""
    rows = []
    for cells, instances in SIZES:
        results = np.array([_one(cells, seed) for seed in range(3 if smoke else instances)])
        gap, seconds, even, by_return = results.T
        rows.append(
            {
                "cells": cells,
                "instances": len(results),
                "gap median %": round(100 * float(np.median(gap)), 4),
                "gap p95 %": round(100 * float(np.quantile(gap, 0.95)), 4),
                "gap max %": round(100 * float(gap.max()), 4),
                "proven optimal %": round(100 * float((gap < 1e-9).mean()), 1),
                "seconds median": round(float(np.median(seconds)), 3),
                "seconds p95": round(float(np.quantile(seconds, 0.95)), 3),
                "even split: share of the plan's net %": round(100 * float(np.mean(even)), 1),
                "split by return: share %": round(100 * float(np.mean(by_return)), 1),
            }
        )
    return rows


def _one(cells: int, seed: int) -> tuple[float, float, float, float]:
    problem = random_shop(np.random.default_rng([SEED, cells, seed]), cells)
    start = time.perf_counter()
    allocation = allocate(problem)
    seconds = time.perf_counter() - start
    certificate = certify(problem, allocation)
    arrays = grid(problem)
    value = certificate.value_micro
    even = np.full(cells, float(PER_CELL))
    rate = np.maximum(arrays.at("value", even) / even, 0.0)
    splits = (even, even * cells * rate / rate.sum())
    earned = [float(arrays.at("objective", _on_grid(split, arrays.maximum)).sum()) / value for split in splits]
    return certificate.gap, seconds, earned[0], earned[1]


def _on_grid(spend: np.ndarray, most: np.ndarray) -> np.ndarray:
    stepped = np.minimum(np.floor(spend / STEP) * STEP, most)
    return np.where(stepped < LEAST, 0.0, stepped)


def random_shop(rng: np.random.Generator, n: int) -> Problem:
    """A shop of n cells in 8 segments."""
    cells = tuple(Cell(f"segment {i % 8}", f"slot {i // 8}") for i in range(n))
    shares = (ShareSection(by="segment", of="segment 0", max=0.1), ShareSection(by="segment", of="segment 1", min=0.15))
    limits = [budget_limit(PER_CELL * n, n), roi_floor_limit(5.0, n), most_active_limit(n // 3, n)]
    for share in shares:
        limits += share_limits(share, cells)
    return Problem(
        cells=cells,
        tables=tuple(_table(rng) for _ in cells),
        limits=tuple(limits),
        step_fen=STEP,
        fixed=np.full(n, -1, dtype=np.int64),
    )


def _table(rng: np.random.Generator) -> Table:
    spend = np.arange(LEAST, MOST + 1, STEP, dtype=np.int64)
    exponent, half = rng.uniform(1.0, 3.5), 1200_00 * np.exp(rng.normal(0, 0.6))
    best_return = 1.4 * np.exp(rng.normal(0, 0.35))  # net value per yuan at half saturation
    response = spend**exponent / (spend**exponent + half**exponent)
    value = np.rint(2 * best_return * half * MICRO_PER_FEN * response).astype(np.int64)
    gmv = np.rint(value / 0.28).astype(np.int64)  # net value per yuan of GMV of the sample shop
    orders = np.rint(gmv / 329).astype(np.int64)
    return Table(spend=spend, objective=value - spend * MICRO_PER_FEN, value=value, orders=orders, gmv=gmv)
