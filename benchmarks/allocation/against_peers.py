"""Quality and speed of ``allocate`` against other allocators' algorithms: the same curves, in one run.

Every method gets the same instances (``instances``) and answers in whole steps; each answer is judged on the same
tables in exact arithmetic. The gap is to the exact optimum where the dynamic programme runs, to our certificate's bound
elsewhere, and over the feasible answers only: one that breaks a limit can look better than any plan. Times are those of
finding the plan; other allocators' own packages, which also build their models, are slower than the algorithms here.

Small linear algebra suffers from threads on a busy machine, SLSQP's most: ``OPENBLAS_NUM_THREADS=1`` is fair to all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np

from adspend.certificate import certify
from adspend.measures import broken, total
from adspend.problem import Problem
from adspend.solve import allocate
from benchmarks.allocation.instances import Box, Family, Instance, make_instance
from benchmarks.allocation.methods.auglag import auglag
from benchmarks.allocation.methods.even_split import even_split
from benchmarks.allocation.methods.exact_dp import exact_dp
from benchmarks.allocation.methods.meridian_greedy import meridian_greedy
from benchmarks.allocation.methods.monolithic_mip import monolithic_mip
from benchmarks.allocation.methods.multi_start import multi_start
from benchmarks.allocation.methods.proportional import proportional
from benchmarks.allocation.methods.slsqp import slsqp

Row = dict[str, str | int | float]

SEED = 20261123
MIP_SECONDS, SMOKE_MIP_SECONDS = 10.0, 1.0
OURS = "adspend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A method, and where running it makes sense."""

    name: str
    run: Callable[[Problem], tuple[int, ...]]
    most_cells: int
    couples: bool = True  # may be asked where there are limits beside the budget

    def skips(self, family: Family, cells: int) -> str:
        """Why the method is not run there; empty where it is."""
        if family.coupled and not self.couples:
            return "skipped: knows the budget only"
        return f"skipped: hopeless beyond {self.most_cells} cells" if cells > self.most_cells else ""


def contenders(mip_seconds: float) -> tuple[Contender, ...]:
    """Every method but ours."""
    any_size = 240_000
    return (
        Contender(name="even split", run=even_split, most_cells=any_size),
        Contender(name="split by return", run=proportional, most_cells=any_size),
        Contender(name="greedy (Meridian)", run=meridian_greedy, most_cells=any_size),
        Contender(name="SLSQP (pymc-marketing)", run=slsqp, most_cells=240),
        Contender(name="SLSQP, best of 20 starts", run=multi_start, most_cells=48),
        Contender(name="augmented Lagrangian (Robyn)", run=auglag, most_cells=2_400),
        Contender(name="monolithic MIP", run=partial(monolithic_mip, time_limit=mip_seconds), most_cells=240),
        Contender(name="exact DP", run=exact_dp, most_cells=240, couples=False),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A family at a size, so many instances of it."""

    family: Family
    cells: int
    instances: int


def against_peers(smoke: bool) -> list[Row]:
    """One row per family, size and method; ours first."""
    methods = contenders(SMOKE_MIP_SECONDS if smoke else MIP_SECONDS)
    return [row for played in (_smoke_rounds() if smoke else _rounds()) for row in _rows(played, methods)]


def _smoke_rounds() -> Iterator[Round]:
    for s_shaped, minimum in ((False, False), (True, True)):
        family = Family(s_shaped=s_shaped, box=Box.FREE, minimum_or_zero=minimum)
        yield Round(family=family, cells=12, instances=2)
    family = Family(s_shaped=True, box=Box.WIDE, minimum_or_zero=True, coupled=True)
    yield Round(family=family, cells=48, instances=1)


def _rounds() -> Iterator[Round]:
    """Others' own problems at their sizes, then minimum-or-zero, coupling rows and size, which is where they end."""
    for minimum in (False, True):
        for s_shaped in (False, True):
            for box in Box:
                family = Family(s_shaped=s_shaped, box=box, minimum_or_zero=minimum)
                yield Round(family=family, cells=12, instances=20)
                yield Round(family=family, cells=48, instances=6)
        yield Round(family=Family(s_shaped=True, box=Box.FREE, minimum_or_zero=minimum), cells=240, instances=3)
    for s_shaped, box in ((False, Box.WIDE), (True, Box.FREE), (True, Box.WIDE), (True, Box.TIGHT)):
        family = Family(s_shaped=s_shaped, box=box, minimum_or_zero=True, coupled=True)
        for cells, instances in ((12, 3), (48, 4), (240, 1)):
            yield Round(family=family, cells=cells, instances=instances)
    for coupled in (False, True):
        for cells in (2_400, 24_000):
            family = Family(s_shaped=True, box=Box.FREE, minimum_or_zero=True, coupled=coupled)
            yield Round(family=family, cells=cells, instances=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One answer: its gap (None where it breaks a limit), what it leaves of the budget, and its time."""

    gap: float | None
    unspent: float
    seconds: float


def _rows(played: Round, methods: tuple[Contender, ...]) -> list[Row]:
    family, cells = played.family, played.cells
    runs: dict[str, list[Run]] = {name: [] for name in (OURS, *(method.name for method in methods))}
    for k in range(played.instances):
        for name, run in _play(make_instance(_rng(family, cells, k), family, cells), family, cells, methods):
            runs[name].append(run)
    notes = {method.name: method.skips(family, cells) for method in methods}
    ours = float(np.median([run.seconds for run in runs[OURS]]))
    head: Row = {
        "family": family.name,
        "box": family.box.value,
        "minimum": "min-or-zero" if family.minimum_or_zero else "none",
        "cells": cells,
        "instances": played.instances,
    }
    return [{**head, "method": name, **summary(own, ours, notes.get(name, ""))} for name, own in runs.items()]


def _rng(family: Family, cells: int, k: int) -> np.random.Generator:
    kind = [family.s_shaped, list(Box).index(family.box), family.minimum_or_zero, family.coupled]
    return np.random.default_rng([SEED, *map(int, kind), cells, k])


def _play(instance: Instance, family: Family, cells: int, methods: tuple[Contender, ...]) -> Iterator[tuple[str, Run]]:
    """Every method's answer to one instance."""
    problem = instance.problem
    start = time.perf_counter()
    allocation = allocate(problem)
    answers = {OURS: (allocation.spend, time.perf_counter() - start)}
    for method in methods:
        if not method.skips(family, cells):
            start = time.perf_counter()
            answers[method.name] = (method.run(problem), time.perf_counter() - start)
    best = total(problem, "objective", answers["exact DP"][0]) if "exact DP" in answers else None
    reference = Fraction(certify(problem, allocation).bound_micro) if best is None else best
    for name, (spend, seconds) in answers.items():
        lost = reference - total(problem, "objective", spend)
        gap = None if broken(problem, spend) else float(lost / max(reference + instance.base, Fraction(1)))
        unspent = (problem.limits[0].rhs - sum(spend)) / instance.budget
        yield name, Run(gap=gap, unspent=unspent, seconds=seconds)


def summary(runs: list[Run], ours: float, note: str) -> Row:
    """Means over the runs; "-" where there is nothing to tell."""
    gaps = [run.gap for run in runs if run.gap is not None]
    seconds = float(np.median([run.seconds for run in runs])) if runs else 0.0
    return {
        "gap mean %": round(100 * float(np.mean(gaps)), 3) if gaps else "-",
        "gap max %": round(100 * max(gaps), 3) if gaps else "-",
        "breaks a limit %": round(100 * (1 - len(gaps) / len(runs)), 1) if runs else "-",
        "unspent mean %": round(100 * float(np.mean([run.unspent for run in runs])), 1) if runs else "-",
        "seconds median": float(f"{seconds:.3g}") if runs else "-",
        "time / ours": float(f"{seconds / ours:.3g}") if runs else "-",
        "note": note,
    }
