"""Runs whose worth is a formula of the policy, in place of simulated months: an executor that never opens a world."""

from __future__ import annotations

import math
import time
import zlib
from collections.abc import Callable, Collection
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from adspend.policy import PRESETS, Policy, bundled_policy
from adspend.tuning.journal import Journal
from adspend.tuning.panel import market_panels
from adspend.tuning.runs import Runs, Unwatched
from adspend.tuning.score import Task
from adspend.tuning.tune import Tuned, TuneSettings, tune

DEFAULT = bundled_policy(PRESETS[0])
SETTINGS = TuneSettings(trials=24, batch=4, seed=5, days=30)
PANELS = market_panels(("stationary", "sparse"), ("concave", "everything"), worlds=4, fresh=5)


def clairvoyant(world: str) -> float:
    """A profit between 1,000 and 2,000 that depends on the world alone."""
    return 1000.0 + zlib.crc32(world.encode()) % 1000


def share(policy: Policy, world: str, best_kill: float) -> float:
    """Best at ``kill = best_kill``, on every world alike; harder and easier worlds differ by up to 0.2."""
    ease = zlib.crc32(f"ease {world}".encode()) % 1000 / 5000
    return 0.7 + ease - 0.1 * math.log(policy.kill / best_kill) ** 2


class FormulaPool(Executor):
    """Answers at once, or from threads in an order of their own; notes every task; nobody earns in ``poor`` worlds."""

    def __init__(self, best_kill: float, *, threads: int = 0, poor: Collection[str] = ()) -> None:
        self.best_kill, self.poor, self.tasks = best_kill, poor, list[Task]()
        self._pool = ThreadPoolExecutor(threads) if threads else None

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401, ARG002
        """The task's net by the formula."""
        task = args[0]
        self.tasks.append(task)
        if self._pool is not None:
            return self._pool.submit(self._late, task)
        future: Future[float] = Future()
        future.set_result(self._net(task))
        return future

    def _late(self, task: Task) -> float:
        time.sleep(zlib.crc32(f"{task.player}{task.ground.name}".encode()) % 5 / 1000)
        return self._net(task)

    def _net(self, task: Task) -> float:
        best = 0.0 if task.ground.name in self.poor else clairvoyant(task.ground.name)
        return best if task.policy is None else best * share(task.policy, task.ground.name, self.best_kill)


def tuned_by_formula(pool: FormulaPool, journal: Path, settings: TuneSettings = SETTINGS) -> Tuned:
    """A whole tuning on the formula, its journal in a file."""
    runs = Runs(pool=pool, journal=Journal(journal, {"of": "formula"}), days=settings.days, watch=Unwatched())
    return tune(PANELS, DEFAULT, settings, runs)
