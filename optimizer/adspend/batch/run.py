"""A batch from roster to reconciled records: what is done stays done, what is missing is made, what is done is counted.

The same inputs and orders give the same folders and the same records, whatever the engine, the number of its places,
and however often the run was interrupted.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from adspend.batch.conduct import Conductor
from adspend.batch.folders import clear_work, found_record, put_folder
from adspend.batch.ledger import Ledger, explained
from adspend.batch.orders import Orders, job_key, orders_part, quarantined
from adspend.batch.past import move_past
from adspend.batch.record import ShopRecord, Status
from adspend.batch.roster import Job
from adspend.batch.shared_files import put_shared_files
from adspend.batch.time_limit import time_limit
from adspend.batch.turn import has_turn, take_turn
from adspend.engine import Engine
from adspend_datasets.errors import Fault, NoPlanError, Place, UsageError
from adspend_datasets.text import Text

STATE, LOCK = "batch.sqlite", "batch.lock"
LARGEST_GROUP = 20
TASKS_A_PLACE = 4  # at least, so that places end together

Work = Callable[[Job, Orders], ShopRecord]
Progress = Callable[[int, int], None]  # done, of how many


def unseen(done: int, total: int) -> None:
    """Progress that nobody watches."""
    del done, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: shops by status, and how many of them were done before it began."""

    shops: int
    counts: dict[Status, int]
    kept: int


@contextmanager
def opened(out: Path) -> Iterator[Ledger]:
    """The state of the runs in ``out``, for one run at a time.

    Raises:
        UsageError: another run is at work there, or the state cannot be read or written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            law = Text("一个输出目录同时只能有一次批量运行", "only one batch may run in an output directory at a time")
            remedy = Text("请等它结束，或换一个 --out", "Wait for it to end, or choose another --out")
            raise UsageError([Fault(code="E-BATCH-BUSY", law=law, value=str(out), remedy=remedy)]) from None
        clear_work(out)
        with explained(out / STATE), Ledger(out / STATE) as ledger:
            yield ledger
        clear_work(out)


def run_shops(
    jobs: Sequence[Job],
    orders: Orders,
    ledger: Ledger,
    engine: Engine,
    *,
    work: Work,
    progress: Progress = unseen,
) -> Outcome:
    """Makes every record that is missing by ``work`` (``shop_work.plan_shop``), and reconciles.

    Raises:
        NoPlanError: the records do not account for every job, or one is of another engine's; nothing may be
            published.
    """
    if orders.full:
        put_shared_files(orders.out)
    orders = replace(orders, run=take_turn(orders.out))
    names = {job.name for job in jobs}
    ledger.keep_only(names)
    move_past(orders.out, names)
    desk = _Desk(orders, ledger, len(jobs), progress)
    group = max(1, min(LARGEST_GROUP, len(jobs) // (TASKS_A_PLACE * engine.places)))
    Conductor(engine, desk, partial(_work_on, work, orders)).run(desk.open_jobs(jobs), group=group)
    outcome = Outcome(shops=len(jobs), counts=ledger.counts(), kept=desk.kept)
    if sum(outcome.counts.values()) != len(jobs):
        raise NoPlanError([_unreconciled(outcome)])
    return outcome


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A job and the hash of all that its result depends on."""

    job: Job
    key: str


def _work_on(work: Work, orders: Orders, keyed: Sequence[_Keyed]) -> Sequence[ShopRecord]:
    """Each job's record, in order; its folder is in place when this returns. A dead run's jobs are left alone."""
    records = []
    for each in keyed:
        if not has_turn(orders.out, orders.run):
            break
        with time_limit(orders.shop_minutes):
            records.append(work(each.job, orders))
    return records


class _Desk:
    """The register of planning: the ledger, and the folders that workers left."""

    def __init__(self, orders: Orders, ledger: Ledger, total: int, progress: Progress) -> None:
        self._orders, self._ledger, self._total, self._progress = orders, ledger, total, progress
        self._open: dict[str, _Keyed] = {}  # with workers
        self._done = self.kept = 0

    def open_jobs(self, jobs: Sequence[Job]) -> Iterator[_Keyed]:
        """The jobs without a record of their present inputs; records that only the folders have are taken over."""
        for job in jobs:
            keyed = _Keyed(job, job_key(job, self._orders))
            record = found_record(self._orders.out, job.name, keyed.key)
            if record is None:
                yield keyed
                continue
            self.kept += 1
            if self._ledger.holds(record):
                self._tell(1)
            else:
                self._finish([record])

    def started(self, jobs: Sequence[_Keyed]) -> None:
        """See ``Register``."""
        self._open |= {keyed.job.name: keyed for keyed in jobs}
        self._ledger.start([(keyed.job.name, keyed.key) for keyed in jobs])

    def finished(self, results: Sequence[ShopRecord]) -> None:
        """See ``Register``.

        Raises:
            NoPlanError: a record of no open job, or of other orders or another engine than the job's.
        """
        for record in results:
            keyed = self._open.pop(record.name, None)
            if keyed is None or orders_part(record.key) != orders_part(keyed.key):
                raise NoPlanError([_foreign_record(record)])
        self._finish(results)

    def found(self, job: _Keyed) -> ShopRecord | None:
        """See ``Register``."""
        return found_record(self._orders.out, job.job.name, job.key)

    def died(self, job: _Keyed, deaths: int) -> int:
        """See ``Register``."""
        return self._ledger.count_death("shops", job.job.name, deaths)

    def set_aside(self, job: _Keyed) -> None:
        """See ``Register``."""
        self.finished([put_folder(self._orders.out, quarantined(job.job, job.key), {})])

    def _finish(self, records: Sequence[ShopRecord]) -> None:
        self._ledger.finish(records)
        self._tell(len(records))

    def _tell(self, more: int) -> None:
        self._done += more
        self._progress(self._done, self._total)


def _unreconciled(outcome: Outcome) -> Fault:
    counted = ", ".join(f"{status} {count}" for status, count in outcome.counts.items())
    return Fault(
        code="E-BATCH-COUNT",
        law=Text(
            "每家店铺都须恰有一条记录，才能发布汇总", "every shop must have one record before a summary is published"
        ),
        value=f"{outcome.shops}: {counted}",
        remedy=Text("请重新运行同一命令", "Run the same command again"),
    )


def _foreign_record(record: ShopRecord) -> Fault:
    return Fault(
        code="E-BATCH-KEY",
        law=Text(
            "每条记录都须出自该店铺的文件和本版本的引擎",
            "every record must be of its shop's files and this engine's version",
        ),
        value=record.key,
        place=Place(file=record.name),
        remedy=Text(
            "请在所有工作进程上安装同一版本，再运行同一命令",
            "Install the same versions for all workers, then run the same command again",
        ),
    )
