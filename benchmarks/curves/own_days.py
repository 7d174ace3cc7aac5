"""Are curves fitted to this engine's own days right about spends that it did not try?

Spend follows what was seen, so the days of a plan are not a sample of a cell's curve. Shops of the family "stationary"
run for four weeks under the hand-set policy; then every cell that ran on more than five days is asked for its net value
at multiples of its usual (median) spend. Shown is the root mean square of (posterior mean - truth) / posterior sd, 1
where the posterior is as sure as it may be, and the month's profit as a share of the clairvoyant's.

Once with each cell's own median cost as the scale of its prior, as fits had it before, once with the shop's
(``adspend_models.sample``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

import adspend_models.sample
from adspend.bank_curves import BankCurves
from adspend.contest import play_clairvoyant
from adspend.day import fitted_bank, known_report
from adspend.market_shop import market_shop
from adspend.policy import UNTUNED, bundled_policy
from adspend.simulate import scored, seeing_reports, simulate
from adspend.strategies.engine import Engine
from adspend_models.market.day_report import report_of
from adspend_models.market.families import FIRST, stationary
from adspend_models.shapes import HILL

Floats = NDArray[np.float64]
Row = dict[str, str | int | float]

DAYS, SHOPS, FIRST_SEED = 28, 6, 1000  # seeds that policies are tuned on, none of the published benchmark's
TIMES = (1.0, 2.0, 4.0)
OFTEN = 5  # days
SCALES = {"each cell's median cost": 1.0 + 1e-9, "the shop's, unless far away": adspend_models.sample.SAME_SCALE}


def own_days(smoke: bool) -> list[Row]:
    """One row per scale of the prior."""
    days, seeds = (8, [FIRST_SEED]) if smoke else (DAYS, range(FIRST_SEED, FIRST_SEED + SHOPS))
    rows: list[Row] = []
    for name, factor in SCALES.items():
        with _same_scale(factor):
            shares, found = zip(*(_month(seed, days) for seed in seeds), strict=True)
        off = np.sqrt(np.square(np.concatenate(found)).mean(axis=0))
        rows.append(
            {
                "scale of a cell's prior": name,
                "shops": len(seeds),
                "cells": sum(len(each) for each in found),
                **{
                    f"misses at {n:g} x the usual spend, sds": round(float(z), 2)
                    for n, z in zip(TIMES, off, strict=True)
                },
                "share of clairvoyant %": round(100 * float(np.mean(shares)), 1),
            }
        )
    return rows


@contextmanager
def _same_scale(factor: float) -> Iterator[None]:
    """Fits with another ``SAME_SCALE`` while the block runs; just above 1 every cell has a scale of its own."""
    before = adspend_models.sample.SAME_SCALE
    adspend_models.sample.SAME_SCALE = factor
    try:
        yield
    finally:
        adspend_models.sample.SAME_SCALE = before


def _month(seed: int, days: int) -> tuple[float, Floats]:
    """One shop: its share of the clairvoyant's profit, and its cells' misses in posterior sds, (cells, TIMES)."""
    case = stationary(seed)
    shop, world = market_shop(case), case.world
    session = Engine(policy=bundled_policy(UNTUNED)).open(shop, seed)
    past = simulate(world, seeing_reports(session), first=FIRST, days=days + 1)
    profit = scored("engine", world, shop, past).expected.sum()
    best = play_clairvoyant(world, shop, first=FIRST, days=days + 1).expected.sum()
    date, seen = past[-1].date, past[:-1]
    bank = fitted_bank(shop, known_report(shop, report_of(seen, date), date), date, shapes=(HILL,), draws=200)
    spent = np.array([day.cost_fen for day in seen]).T / 100
    often = np.flatnonzero((spent > 0).sum(axis=1) > OFTEN)
    usual = np.array([np.median(own[own > 0]) if own.any() else shop.minimum_fen / 100 for own in spent])
    cost, rate = usual[:, None] * np.array(TIMES), shop.economics.net_value_rate
    draws = BankCurves(bank=bank, net_value_rate=rate).value_draws(cost)
    orders = np.stack([world.truth.mean_orders(date, column, seen) for column in cost.T], axis=1)
    truth = orders * world.truth.order_value[:, None] * rate
    return float(profit / best), ((draws.mean(axis=0) - truth) / draws.std(axis=0))[often]
