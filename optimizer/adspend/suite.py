"""A suite (策略基准): families x seeds x strategies, as independent jobs that run anywhere, in any order.

Each shop (family, size, seed) is a world that everyone meets with the same luck: the clairvoyant, which is a job like
the others, and every strategy. A job is a few words and its outcome a few numbers, so jobs cross processes and a
finished one can be kept: its ``key`` names everything that its outcome depends on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from adspend.contest import CLAIRVOYANT, CLAIRVOYANT_LABEL, play, play_clairvoyant
from adspend.market_shop import market_shop
from adspend.simulate import Run
from adspend.strategies.registry import builtin_strategies, load_strategy
from adspend_datasets.text import Text
from adspend_models.market.families import FAMILIES, Family
from adspend_models.market.presets import preset_1m, preset_18m, preset_100k

MARKETS: Mapping[str, Family] = MappingProxyType(
    {**FAMILIES, "preset_100k": preset_100k, "preset_1m": preset_1m, "preset_18m": preset_18m}
)
GRIDS: Mapping[int, tuple[int, int]] = MappingProxyType({48: (6, 8), 96: (12, 8)})  # cells -> segments x slots
PUBLISHED = tuple(FAMILIES)  # where what is spent moves later days, the myopic clairvoyant is no upper bound
FIRST_SEED = 1  # the suite's shops are seeds 1, 2, ... of each family: tune on others


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One strategy in one shop.

    Attributes:
        family: a name of ``MARKETS``.
        segments: of the shop; likewise ``slots``.
        seed: of the shop, of its luck, and of the strategy's own.
        days: from a cold start.
        strategy: what ``load_strategy`` finds, or the clairvoyant's name.
        code: a digest of the code that decides the outcome (``adspend.app.code_digest``).
    """

    family: str
    segments: int
    slots: int
    seed: int
    days: int
    strategy: str
    code: str = ""

    @property
    def cells(self) -> int:
        """How many cells the shop has."""
        return self.segments * self.slots

    @property
    def key(self) -> str:
        """Everything that the outcome depends on."""
        return f"{self.family}|{self.segments}x{self.slots}|{self.seed}|{self.days}|{self.strategy}|{self.code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a job came to, day by day; amounts are yuan. Plain numbers, so that it can be written down and read back.

    Attributes:
        job: which.
        name: the strategy's; ``label`` is what people call it.
        expected: expected net profit of each day, (T,); likewise ``realised`` and ``cost``.
        violations: how often each rule of ``simulate.VIOLATIONS`` was broken over all days.
        test_cost: in all; None where the strategy does not say.
        seconds: processor time, the one number that is not the same again.
    """

    job: Job
    name: str
    label: Text
    expected: tuple[float, ...]
    realised: tuple[float, ...]
    cost: tuple[float, ...]
    violations: tuple[int, ...]
    test_cost: float | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shops:
    """The shops of one family and size: ``seeds`` of them."""

    family: str
    segments: int
    slots: int
    seeds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """What is run: in every shop the clairvoyant and every strategy (specs of ``load_strategy``), for ``days`` days."""

    shops: tuple[Shops, ...]
    strategies: tuple[str, ...]
    days: int

    def jobs(self, code: Callable[[str], str]) -> tuple[Job, ...]:
        """Every job, shop by shop, the clairvoyant first; ``code`` is the digest of a strategy's code."""
        return tuple(
            Job(
                family=shops.family,
                segments=shops.segments,
                slots=shops.slots,
                seed=seed,
                days=self.days,
                strategy=strategy,
                code=code(strategy),
            )
            for shops in self.shops
            for seed in range(FIRST_SEED, FIRST_SEED + shops.seeds)
            for strategy in (CLAIRVOYANT, *self.strategies)
        )


def small_suite() -> Suite:
    """A first look in minutes: four kinds of shop, four of each."""
    return _suite(("stationary", "s_shaped", "drift+host", "everything"), seeds=4)


def published_suite() -> Suite:
    """The published one: ``PUBLISHED`` at 48 cells, the plainest at 96, eight shops each, every built-in strategy."""
    suite = _suite(PUBLISHED, seeds=8)
    large = Shops(family="stationary", segments=GRIDS[96][0], slots=GRIDS[96][1], seeds=8)
    return Suite(shops=(*suite.shops, large), strategies=suite.strategies, days=suite.days)


def _suite(families: Sequence[str], *, seeds: int) -> Suite:
    segments, slots = GRIDS[48]
    return Suite(
        shops=tuple(Shops(family=name, segments=segments, slots=slots, seeds=seeds) for name in families),
        strategies=tuple(builtin_strategies()),
        days=30,
    )


def run_job(job: Job, clock: Callable[[], float] = time.process_time) -> Outcome:
    """The job's outcome.

    Raises:
        NoPlanError: the shop's limits allow no plan.
        UsageError: no such strategy, or it fails.
    """
    case = MARKETS[job.family](job.seed, job.segments, job.slots)
    shop, start = market_shop(case), clock()
    if job.strategy == CLAIRVOYANT:
        run = play_clairvoyant(case.world, shop, first=case.first, days=job.days)
        return _outcome(job, CLAIRVOYANT_LABEL, run, clock() - start)
    strategy = load_strategy(job.strategy)
    run = play(strategy, case.world, shop, first=case.first, days=job.days, seed=job.seed, calendar=case.calendar)
    return _outcome(job, strategy.label, run, clock() - start)


def _outcome(job: Job, label: Text, run: Run, seconds: float) -> Outcome:
    return Outcome(
        job=job,
        name=run.name,
        label=label,
        expected=tuple(run.expected.tolist()),
        realised=tuple(run.realised.tolist()),
        cost=tuple(run.cost.tolist()),
        violations=tuple(run.violations.sum(axis=0).tolist()),
        test_cost=None if run.test_cost is None else float(run.test_cost.sum()),
        seconds=seconds,
    )


def run_jobs(jobs: Iterable[Job], executor: Executor, record: Callable[[Outcome], None], *, ahead: int = 1) -> None:
    """Runs the jobs and hands each outcome to ``record`` as soon as it is there, in whatever order they finish.

    Args:
        jobs: what to run.
        executor: of ``adspend.workers``.
        record: called in this thread; what it was given is done, whatever happens later.
        ahead: how many jobs wait or run at a time: more than the workers, so that none is idle.

    Raises:
        NoPlanError, UsageError: the first job that fails; others may be recorded before and are not after.
    """
    queue, pending = iter(jobs), set[Future[Outcome]]()
    while True:
        pending |= {executor.submit(run_job, job) for job in islice(queue, ahead - len(pending))}
        if not pending:
            return
        finished, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in finished:
            record(future.result())
