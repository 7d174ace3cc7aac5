"""What fitted curves are worth where the truth is known, against simpler ways to get curves.

One world: a method sees the test (or the history), and one day's budget of an even split a cell is divided on its
curves by filling their concave envelopes. The value is the true GMV of that split as a share of the clairvoyant's, who
divides the same budget on the true curves and may go up to twenty even splits in a cell. "Within 1.3 x tested" is the
split on the pooled curves under the default ``max_over_tested``, as a plan is made; the clairvoyant has no such limit.
Promised over realised is the GMV a method's own curves expect of its split
over the true GMV of that split: of the sums over worlds, and of the median world. Money that no curve asks for is not
spent.

Intervals are judged at five costs from a cell's least to its largest, on the true expected orders of an average day.
Extrapolations are the rows of ``curves.csv`` beyond a cell's largest cost; they count as flagged when the table says
"not tested", those of a cell never tried only when it is also graded FAIL.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adspend_models.bank import Grade
from adspend_models.bank_table import bank_table
from adspend_models.posterior import PosteriorBank
from benchmarks.curves.curve_methods import EVEN_SPLIT, METHODS, POOLED, Fitted
from benchmarks.curves.design_markets import CELLS, EVEN
from benchmarks.curves.designed_tests import GRID, STEP, best_split
from benchmarks.curves.truth_worlds import SCENARIOS, Scenario, Seen, World, draw_world

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Row = dict[str, str | int | float]

TAILS = (0.05, 0.95)
INSIDE = 5  # costs from a cell's least to its largest
HALF_A_FEN = 0.005
OVER_TESTED = 1.3  # the default of [limits] max_over_tested
CAPPED = f"{POOLED}, within {OVER_TESTED:g} x tested"
ROWS = (POOLED, CAPPED, *(name for name in METHODS if name != POOLED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One method in one world; coverage and flags are NaN without intervals, or without extrapolations."""

    share: float  # of the clairvoyant's GMV
    promised: float  # GMV, yuan
    realised: float
    covered: float
    flagged: float
    seconds: float


def known_truth(smoke: bool) -> list[Row]:
    """Rows: scenario and method, with the worth, honesty and price of its curves."""
    rows: list[Row] = []
    for scenario in SCENARIOS[1:2] if smoke else SCENARIOS:
        worlds = [outcomes(draw_world(scenario, seed)) for seed in range(1 if smoke else scenario.worlds)]
        even = np.array([world[EVEN_SPLIT].share for world in worlds])
        rows += [_row(scenario, name, [world[name] for world in worlds], even) for name in ROWS]
    return rows


def outcomes(world: World) -> dict[str, Outcome]:
    """Every row's method in one world."""
    truth, found = true_gmv(world), {}
    best = taken(truth, best_split(truth))
    for name, method in METHODS.items():
        start = time.perf_counter()
        fitted = method(world.seen)
        seconds = time.perf_counter() - start
        promise, honest = fitted.gmv(GRID), _of_bank(world, fitted)
        steps = even_split(world.seen) if name == EVEN_SPLIT else best_split(promise)
        found[name] = _outcome(truth, best, promise, steps, seconds, honest)
        if name == POOLED:
            capped = best_split(within_cap(promise, world.seen))
            found[CAPPED] = _outcome(truth, best, promise, capped, seconds, honest)
    return found


def _outcome(
    truth: Floats, best: float, promise: Floats, steps: Ints, seconds: float, honest: dict[str, float]
) -> Outcome:
    realised = taken(truth, steps)
    return Outcome(share=realised / best, promised=taken(promise, steps), realised=realised, seconds=seconds, **honest)


def within_cap(gmv: Floats, seen: Seen) -> Floats:
    """Curves at the grid's costs, flat from ``OVER_TESTED`` times a cell's largest cost on: no split goes further."""
    last = np.floor(OVER_TESTED * seen.cost.max(axis=1) / (EVEN * STEP) + 1e-9).astype(np.int64)
    return np.take_along_axis(gmv, np.minimum(np.arange(gmv.shape[1]), last[:, None]), axis=1)


def true_gmv(world: World) -> Floats:
    """Expected GMV at the grid's costs, (n, m); a cell never tried is nobody's to buy."""
    return world.orders(GRID) * (world.order_value * world.seen.tried)[:, None]


def even_split(seen: Seen) -> Ints:
    """Grid steps of the same budget for every cell ever tried."""
    return seen.tried * round(CELLS / seen.tried.sum() / STEP)


def taken(gmv: Floats, steps: Ints) -> float:
    """GMV (n, m) of a split."""
    return float(np.take_along_axis(gmv, steps[:, None], axis=1).sum())


def _of_bank(world: World, fitted: Fitted) -> dict[str, float]:
    if fitted.bank is None:
        return {"covered": np.nan, "flagged": np.nan}
    return {"covered": coverage(world, fitted.bank), "flagged": flagged(world.seen, fitted.bank)}


def coverage(world: World, bank: PosteriorBank) -> float:
    """Share of (tried cell, cost inside what it tried) whose true orders lie in the central 90 %."""
    cost, tried = world.seen.cost, world.seen.tried
    low, high = np.where(cost > 0, cost, np.inf).min(axis=1), cost.max(axis=1)
    at = np.ones((CELLS, INSIDE))
    at[tried] = np.geomspace(low[tried], high[tried], INSIDE, axis=1)
    below, above = np.quantile(bank.order_draws(at), TAILS, axis=0)
    truth = world.orders(at)
    return float(((below <= truth) & (truth <= above))[tried].mean())


def flagged(seen: Seen, bank: PosteriorBank) -> float:
    """Share of the curve table's rows beyond a cell's largest cost that say so."""
    table = bank_table(bank)
    beyond = table.cost > seen.cost.max(axis=1, keepdims=True) + HALF_A_FEN
    failed = np.array([grading.grade is Grade.FAIL for grading in bank.gradings])
    said = ~table.tested & (seen.tried | failed)[:, None]
    return float(said[beyond].mean())


def _row(scenario: Scenario, name: str, worlds: list[Outcome], even: Floats) -> Row:
    share = np.array([world.share for world in worlds])
    promised, realised = (np.array([getattr(world, part) for world in worlds]) for part in ("promised", "realised"))
    return {
        "scenario": scenario.name,
        "method": name,
        "worlds": len(worlds),
        "value, % of the best split": f"{100 * share.mean():.1f} +- {100 * share.std() / np.sqrt(len(share)):.1f}",
        "worst tenth %": f"{100 * np.quantile(share, 0.1):.1f}",
        "promised / realised": f"{promised.sum() / realised.sum():.3f}" if realised.sum() > 0 else "-",
        "median world's": f"{np.median(promised / np.maximum(realised, 1e-9)):.3f}",
        "worlds below even %": f"{100 * np.mean(share < even):.0f}",
        "90 % intervals hold %": _percent([world.covered for world in worlds]),
        "extrapolations flagged %": _percent([world.flagged for world in worlds]),
        "s per 1,000 curves": f"{1000 * sum(world.seconds for world in worlds) / (CELLS * len(worlds)):.2f}",
    }


def _percent(values: list[float]) -> str:
    return "-" if np.isnan(values[0]) else f"{100 * np.mean(values):.1f}"
