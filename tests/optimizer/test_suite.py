"""A suite's jobs: paired worlds, results that do not depend on who computes them, and files that say the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adspend.contest import CLAIRVOYANT, hold_contest
from adspend.market_shop import market_shop
from adspend.outputs.ledger import open_ledger
from adspend.strategies.even_split import EvenSplit
from adspend.strategies.registry import builtin_strategies
from adspend.suite import FIRST_SEED, MARKETS, Job, Outcome, Shops, Suite, published_suite, run_job, run_jobs
from adspend.workers import workers
from adspend_datasets.errors import UsageError
from adspend_datasets.text import Text

SUITE = Suite(
    shops=(
        Shops(family="stationary", segments=2, slots=2, seeds=2),
        Shops(family="festival", segments=1, slots=3, seeds=1),
    ),
    strategies=("even-split", "return-proportional"),
    days=3,
)
JOBS = SUITE.jobs(lambda strategy: f"code of {strategy}")


def done(count: int) -> dict[str, Outcome]:
    """All jobs' outcomes by ``count`` workers, without the seconds."""
    found: dict[str, Outcome] = {}
    with workers(count) as executor:
        run_jobs(JOBS, executor, lambda out: found.update({out.job.key: replace(out, seconds=0.0)}), ahead=count + 1)
    return found


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return done(1)


def test_two_workers_find_what_one_finds(outcomes: dict[str, Outcome]) -> None:
    assert done(2) == outcomes
    assert set(outcomes) == {job.key for job in JOBS}
    assert len(JOBS) == 3 * 3 == len(outcomes)


def test_a_job_is_the_same_run_as_in_a_contest(outcomes: dict[str, Outcome]) -> None:
    """The suite splits what ``hold_contest`` does at once; world, luck and scores must not change by it."""
    case = MARKETS["stationary"](FIRST_SEED, 2, 2)
    contest = hold_contest(
        case.world,
        market_shop(case),
        [EvenSplit()],
        market=Text("甲", "a"),
        first=case.first,
        days=3,
        seed=FIRST_SEED,
        calendar=case.calendar,
    )
    own = {job.strategy: outcomes[job.key] for job in JOBS[:3]}
    assert own["even-split"].expected == tuple(contest.entries[0].run.expected.tolist())
    assert own[CLAIRVOYANT].expected == tuple(contest.best.expected.tolist())
    assert own["even-split"].violations == tuple(contest.entries[0].run.violations.sum(axis=0).tolist())


def test_seeds_are_other_shops(outcomes: dict[str, Outcome]) -> None:
    one, two = (outcomes[job.key] for job in JOBS if job.family == "stationary" and job.strategy == CLAIRVOYANT)
    assert one.expected != two.expected


def test_every_part_of_a_job_is_in_its_key() -> None:
    job = JOBS[0]
    changes = (
        {"family": "concave"},
        {"segments": 4, "slots": 1},
        {"seed": 99},
        {"days": 4},
        {"strategy": "thompson"},
        {"code": "other"},
    )
    assert len({job.key, *(replace(job, **change).key for change in changes)}) == 1 + len(changes)


class Testing:
    """A session that spends its first day on a test of 300 and says so."""

    name, label = "testing", Text("测试", "testing")
    test_fen = 0

    def open(self, shop: object, seed: int) -> Testing:
        """Itself."""
        del shop, seed
        return self

    def budgets(self, date: object, report: object) -> np.ndarray:
        """300 yuan in the first cell."""
        del date
        self.test_fen = 300_00 if report.rows.empty else 0  # type: ignore[attr-defined]
        return np.array([300_00, 0, 0, 0], dtype=np.int64)


def test_a_session_that_says_its_tests_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adspend.suite.load_strategy", lambda spec: Testing())  # noqa: ARG005
    outcome = run_job(replace(JOBS[0], strategy="testing"))
    assert outcome.test_cost == 300.0
    assert sum(outcome.cost) == 3 * 300.0


def test_the_first_failure_ends_the_run_and_earlier_outcomes_stay() -> None:
    found: list[Outcome] = []
    bad = replace(JOBS[0], strategy="no-such-strategy")
    with workers(1) as executor, pytest.raises(UsageError, match="no such strategy"):
        run_jobs((JOBS[0], bad, JOBS[1]), executor, found.append)
    assert [outcome.job for outcome in found] == [JOBS[0]]


def test_a_failure_crosses_processes_as_itself() -> None:
    with workers(2) as executor, pytest.raises(UsageError, match="no such strategy"):
        run_jobs([replace(JOBS[0], strategy="no-such-strategy")], executor, print)


def test_a_ledger_gives_back_every_bit_and_drops_a_torn_line(outcomes: dict[str, Outcome], tmp_path: Path) -> None:
    path = tmp_path / "jobs.jsonl"
    with open_ledger(path) as ledger:
        for outcome in outcomes.values():
            ledger.record(outcome)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for cut in (0, 1, len(lines[-1]) - 1):
        path.write_bytes(b"".join(lines[:-1]) + lines[-1][:cut])
        with open_ledger(path) as ledger:
            assert ledger.done == {key: outcomes[key] for key in list(outcomes)[:-1]}
            ledger.record(outcomes[JOBS[-1].key])
        assert path.read_bytes() == whole
    path.write_bytes(b'{"of": "another form"}\n' + whole)
    with open_ledger(path) as ledger:
        assert ledger.done == outcomes


def test_the_published_suite_is_as_large_as_promised() -> None:
    """Every family x 8 seeds x every strategy; at least 6 x 8 x 10 was asked, 48 to 96 cells, 30 days."""
    suite = published_suite()
    assert len({shops.family for shops in suite.shops}) >= 6
    assert min(shops.seeds for shops in suite.shops) >= 8
    assert {shops.segments * shops.slots for shops in suite.shops} == {48, 96}
    assert suite.strategies == tuple(builtin_strategies())
    assert len(suite.strategies) >= 10
    assert suite.days == 30
    jobs = suite.jobs(lambda _: "")
    assert len({job.key for job in jobs}) == len(jobs) == 13 * 8 * 12
    assert isinstance(jobs[0], Job)
