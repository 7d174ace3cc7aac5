"""Conducting a run: tasks to an engine, results to a register, and what to do when processes die.

    a group's process dies       what it finished is found; the first job it did not finish is suspected and tried
                                 alone, the rest goes on as a group
    a job's process dies, alone  it is tried again; after the third time once more, when all others are done, and then
                                 it is set aside

A death in a group is held against nobody: where workers are killed at random all day, none of the shops is to blame.
The last try is for the unlucky: of 240 jobs during which a killer struck, each struck again with a chance of 0.1 a try,
one in four runs would set an innocent aside after three deaths, one in forty after the last try. Only as many jobs are
open as the engine has places, so memory does not grow with the number of jobs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice
from typing import Generic, Protocol, TypeVar

from adspend.engine import Engine

J = TypeVar("J")
R = TypeVar("R")
Given = TypeVar("Given", contravariant=True)

MOST_DEATHS = 3  # alone; then one last try


class Register(Protocol[Given, R]):
    """Where a run writes down what happens."""

    def started(self, jobs: Sequence[Given]) -> None:
        """The jobs are handed to a process."""
        ...

    def finished(self, results: Sequence[R]) -> None:
        """Jobs are done."""
        ...

    def found(self, job: Given) -> R | None:
        """The result of a job that was finished by a process that has died."""
        ...

    def died(self, job: Given, deaths: int) -> int:
        """So many more processes died at the job, alone; how many in all."""
        ...

    def set_aside(self, job: Given) -> None:
        """The job has cost too many processes and gets no other."""
        ...


class Conductor(Generic[J, R]):
    """One pass over the jobs."""

    def __init__(self, engine: Engine, register: Register[J, R], work: Callable[[Sequence[J]], Sequence[R]]) -> None:
        """Prepares the pass.

        Args:
            engine: what runs the tasks.
            register: what is told.
            work: the results of a group of jobs; a function of a module or a ``partial`` of one.
        """
        self._engine, self._register, self._work = engine, register, work
        self._again: deque[tuple[J, ...]] = deque()
        self._last: deque[tuple[J, ...]] = deque()

    def run(self, jobs: Iterable[J], *, group: int) -> None:
        """Every job is finished or set aside; ``group`` jobs make a task."""
        groups = _groups(jobs, group)
        running: dict[Future[Sequence[R]], tuple[J, ...]] = {}
        try:
            while True:
                while len(running) < self._engine.places:
                    task = self._next(groups)
                    if task is None:
                        break
                    self._register.started(task)
                    running[self._engine.submit(self._work, task)] = task
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    self._ended(running.pop(future), future)
        finally:
            for future in running:
                future.cancel()

    def _next(self, groups: Iterator[tuple[J, ...]]) -> tuple[J, ...] | None:
        """What to do next: what a death left over, then what is new, and what has cost three deaths at the very end."""
        if self._again:
            return self._again.popleft()
        return next(groups, None) or (self._last.popleft() if self._last else None)

    def _ended(self, task: tuple[J, ...], future: Future[Sequence[R]]) -> None:
        deaths = self._engine.deaths(future.exception())
        if deaths:
            self._bereaved(task, deaths)
        else:
            self._register.finished(future.result())

    def _bereaved(self, task: tuple[J, ...], deaths: int) -> None:
        """After processes died at a task."""
        results = {i: result for i, job in enumerate(task) if (result := self._register.found(job)) is not None}
        if results:
            self._register.finished(list(results.values()))
        rest = tuple(job for i, job in enumerate(task) if i not in results)
        if len(task) == 1 and rest:
            total = self._register.died(task[0], deaths)
            if total > MOST_DEATHS:
                self._register.set_aside(task[0])
                return
            if total == MOST_DEATHS:
                self._last.append(task)
                return
        self._again.extend(part for part in (rest[:1], rest[1:]) if part)


def _groups(jobs: Iterable[J], size: int) -> Iterator[tuple[J, ...]]:
    source = iter(jobs)
    while group := tuple(islice(source, size)):
        yield group
