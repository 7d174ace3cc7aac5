"""Deaths are held against the right job: argued on an engine whose processes die on paper only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import numpy as np
import pytest

from adspend.batch.conduct import MOST_DEATHS, Conductor
from oracles.here_engine import Death, HereEngine


class Paper:
    """A register that remembers, and the disk on which workers leave results."""

    def __init__(self) -> None:
        self.disk: dict[int, int] = {}
        self.results: list[int] = []
        self.aside: list[int] = []
        self.dead: Counter[int] = Counter()
        self.tasks: list[tuple[int, ...]] = []

    def started(self, jobs: Sequence[int]) -> None:
        self.tasks.append(tuple(jobs))

    def finished(self, results: Sequence[int]) -> None:
        self.results += results

    def found(self, job: int) -> int | None:
        return self.disk.get(job)

    def died(self, job: int, deaths: int) -> int:
        self.dead[job] += deaths
        return self.dead[job]

    def set_aside(self, job: int) -> None:
        self.aside.append(job)


def run(
    jobs: range, poison: set[int], *, places: int = 2, group: int = 5, kills: Callable[[], bool] = lambda: False
) -> Paper:
    """Jobs return their squares; ``poison`` always kills, ``kills()`` says whether bad luck does."""
    paper = Paper()

    def work(task: Sequence[int]) -> list[int]:
        done = []
        for job in task:
            if job in paper.disk:
                done.append(paper.disk[job])
                continue
            if job in poison or kills():
                raise Death
            paper.disk[job] = job * job
            done.append(job * job)
        return done

    Conductor(HereEngine(places), paper, work).run(jobs, group=group)
    return paper


def test_each_job_is_finished_once() -> None:
    paper = run(range(23), set())
    assert sorted(paper.results) == [job * job for job in range(23)]
    assert [len(task) for task in paper.tasks] == [5, 5, 5, 5, 3]


@pytest.mark.parametrize("poison", [{0}, {7}, {22}, {3, 4}, {5, 6, 7, 8, 9}])
def test_poison_is_set_aside_after_three_deaths_alone_and_a_last_try(poison: set[int]) -> None:
    """The guilty are set aside after three deaths and one more, all others are done once and have none."""
    paper = run(range(23), poison)
    assert sorted(paper.aside) == sorted(poison)
    assert paper.dead == dict.fromkeys(poison, MOST_DEATHS + 1)
    assert sorted(paper.results) == [job * job for job in range(23) if job not in poison]
    last = paper.tasks[-len(poison) :]
    assert sorted(task[0] for task in last) == sorted(poison), "the last tries come when all others are done"


@pytest.mark.parametrize("seed", range(20))
def test_bad_luck_loses_nothing(seed: int) -> None:
    """Processes that die by chance, one in ten jobs: every job ends once, finished or (rarely) set aside."""
    rng = np.random.default_rng(seed)
    paper = run(range(60), {13}, kills=lambda: bool(rng.random() < 0.1))
    aside = set(paper.aside)
    assert 13 in aside
    assert aside == {13}  # an innocent has a chance of 0.1^4
    assert sorted(paper.results) == [job * job for job in range(60) if job not in aside]


def test_a_tasks_own_error_ends_the_run() -> None:
    """A full disk is nobody's poison: it stops the run with its own words."""
    paper = Paper()

    def work(task: Sequence[int]) -> list[int]:
        assert task
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        Conductor(HereEngine(2), paper, work).run(range(4), group=2)
    assert paper.aside == []


def test_jobs_are_drawn_as_they_are_needed() -> None:
    """Memory does not grow with the jobs: no more are drawn than the engine has places for."""
    drawn: list[int] = []
    open_tasks: list[int] = []

    class Slow(HereEngine):
        def submit(self, call: Callable[..., object], /, *args: object) -> Future[object]:
            open_tasks.append(len(drawn))
            return super().submit(call, *args)

    def jobs() -> object:
        for job in range(100):
            drawn.append(job)
            yield job

    paper = Paper()
    Conductor(Slow(2), paper, lambda task: [job for job in task]).run(jobs(), group=5)  # type: ignore[arg-type]
    assert len(paper.results) == 100
    assert all(seen <= 5 * (number + 1) for number, seen in enumerate(open_tasks))
