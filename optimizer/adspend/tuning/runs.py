"""Runs in an executor with a journal: what is known is read, the rest is run, every finished run is kept at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from typing import Protocol, final

from adspend.tuning.journal import Journal
from adspend.tuning.score import Task, net_of
from adspend_datasets.text import Text


class Watch(Protocol):
    """Someone who looks on."""

    def phase(self, name: Text, runs: int) -> None:
        """Another phase begins, of at most so many runs."""
        ...

    def advance(self, runs: int) -> None:
        """So many runs are over, or need not be made."""
        ...

    def best(self, share: float) -> None:
        """The best share of the clairvoyant so far."""
        ...


@final
class Unwatched:
    """Nobody looks on."""

    def phase(self, name: Text, runs: int) -> None:
        """Nothing."""

    def advance(self, runs: int) -> None:
        """Nothing."""

    def best(self, share: float) -> None:
        """Nothing."""


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Runs:
    """What players earn. The answer depends on neither the executor nor what the journal already knew."""

    pool: Executor
    journal: Journal
    days: int
    watch: Watch

    def nets(self, tasks: Sequence[Task]) -> list[float]:
        """Each task's expected net profit, in the order of the tasks."""
        pending: dict[Future[float], Task] = {}
        for task in tasks:
            if self.journal.net(task) is not None:
                self.watch.advance(1)
                continue
            future = self.pool.submit(net_of, task, self.days)
            if future.done():  # an executor that runs at once: kept before the next one starts
                self._keep(task, future)
            else:
                pending[future] = task
        for future in as_completed(pending):
            self._keep(pending[future], future)
        return [self._known(task) for task in tasks]

    def _keep(self, task: Task, future: Future[float]) -> None:
        self.journal.keep(task, future.result())
        self.watch.advance(1)

    def _known(self, task: Task) -> float:
        net = self.journal.net(task)
        assert net is not None
        return net
