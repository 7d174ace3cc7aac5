"""How many policy-days a second one core simulates, and where the time of a day goes.

The engine's own strategy, default policy, in shops of the family "stationary" with all caps on: report, fit, tests,
allocation, world. A day's parts are timed where the engine itself calls them; times are processor time of one
thread, after one day to warm up, means over all days of all shops (early days have short reports, late ones long).

The parts of a day: "fit" is ``day.fitted_bank``; "tests and ranges" the rest of ``day.observed_day``; "allocate" the
rest of the strategy's answer (problem, the tests' plan, plan); "simulate" everything else: the world's day, the report.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import adspend.day
import adspend.strategies.engine
from adspend.market_shop import market_shop
from adspend.simulate import seeing_reports, simulate
from adspend.strategies.engine import Engine
from adspend_models.market.families import stationary

Row = dict[str, str | int | float]

GRIDS = ((6, 8), (12, 8), (20, 12), (40, 24))  # 48, 96, 240 and 960 cells
DAYS, SHOPS = 30, 4  # half as many shops from 240 cells on
FIRST_SEED = 1


def simulate_speed(smoke: bool) -> list[Row]:
    """One row per size; the exponent is the growth of a day's time in the cells, from 48 cells."""
    grids, days, shops = (GRIDS[:1], 3, 1) if smoke else (GRIDS, DAYS, SHOPS)
    rows: list[Row] = []
    for segments, slots in grids:
        cells = segments * slots
        seconds = _seconds(segments, slots, days, shops if cells < 240 else math.ceil(shops / 2))
        whole = seconds["day"]
        first = rows[0] if rows else None
        rows.append(
            {
                "cells": cells,
                "policy-days per second and core": round(1 / whole, 1),
                "ms a day": round(1e3 * whole, 1),
                "fit ms": round(1e3 * seconds["fit"], 1),
                "tests and ranges ms": round(1e3 * (seconds["observe"] - seconds["fit"]), 1),
                "allocate ms": round(1e3 * (seconds["answer"] - seconds["observe"]), 1),
                "simulate ms": round(1e3 * (whole - seconds["answer"]), 1),
                "growth exponent from 48 cells": ""
                if first is None
                else round(math.log(1e3 * whole / float(first["ms a day"])) / math.log(cells / int(first["cells"])), 2),
            }
        )
    return rows


def _seconds(segments: int, slots: int, days: int, shops: int) -> dict[str, float]:
    """Mean processor seconds a day: the whole "day", the strategy's "answer", and in it "observe" and "fit"."""
    spent = dict.fromkeys(("day", "answer", "observe", "fit"), 0.0)
    _run(FIRST_SEED, segments, slots, 1, spent)
    spent.update(dict.fromkeys(spent, 0.0))
    with (
        _timed(adspend.day, "fitted_bank", spent, "fit"),
        _timed(adspend.strategies.engine, "observed_day", spent, "observe"),
    ):
        for seed in range(FIRST_SEED, FIRST_SEED + shops):
            _run(seed, segments, slots, days, spent)
    return {name: total / (days * shops) for name, total in spent.items()}


def _run(seed: int, segments: int, slots: int, days: int, spent: dict[str, float]) -> None:
    case = stationary(seed, segments, slots)
    shop = market_shop(case, guarded=True)
    session = Engine().open(shop, seed)

    class Timed:
        """The session with its answers timed."""

        def budgets(self, *arguments: Any) -> Any:  # noqa: ANN401
            """The session's."""
            return _counted(session.budgets, spent, "answer")(*arguments)

    start = time.process_time()
    simulate(case.world, seeing_reports(Timed(), calendar=case.calendar), first=case.first, days=days)
    spent["day"] += time.process_time() - start


@contextmanager
def _timed(module: object, name: str, spent: dict[str, float], part: str) -> Iterator[None]:
    """Counts the time of a module's function while the block runs."""
    before = getattr(module, name)
    setattr(module, name, _counted(before, spent, part))
    try:
        yield
    finally:
        setattr(module, name, before)


def _counted(call: Callable[..., Any], spent: dict[str, float], part: str) -> Callable[..., Any]:
    def counted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        start = time.process_time()
        try:
            return call(*arguments, **named)
        finally:
            spent[part] += time.process_time() - start

    return counted
