"""The first pass: some shops of every category are fitted, and what they have in common becomes the others' prior.

Which shops is decided by their names alone, so the prior does not depend on engine, order or interruptions. A shop that
cannot be read teaches nothing; why, its own record will say. What goes wrong for other reasons is tried again by the
next run: a lesson that was missed changes the plans of other shops.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from adspend.batch.conduct import Conductor
from adspend.batch.ledger import Ledger
from adspend.batch.orders import FORM, category_of, content_of
from adspend.batch.record import PASSING
from adspend.batch.roster import Job
from adspend.batch.run import Progress, unseen
from adspend.batch.time_limit import SHOP_MINUTES, time_limit
from adspend.day import known_report, prior_of
from adspend.engine import Engine
from adspend.shop import read_shop
from adspend.shop_reports import read_reports_of
from adspend.versions import versions
from adspend_datasets.errors import AdspendError
from adspend_datasets.festivals import NO_FESTIVALS, Festivals
from adspend_models.category_prior import Lesson, learn_category, take_lesson
from adspend_models.prior import CategoryPrior

MOST_TEACHERS = 40  # of a category: tau is then known to a tenth, and a run of thousands spends minutes, not hours

Categories = tuple[tuple[str, CategoryPrior], ...]
Told = tuple[str, str | None]  # a shop's name and its lesson as JSON


def learn_categories(
    jobs: Sequence[Job],
    date: datetime.date,
    ledger: Ledger,
    engine: Engine,
    *,
    festivals: Festivals = NO_FESTIVALS,
    shop_minutes: float = SHOP_MINUTES,
    progress: Progress = unseen,
) -> Categories:
    """The prior of every category with shops enough, by category.

    ``festivals`` name the phase of the days that bear none in the reports; see ``Orders`` for ``shop_minutes``.
    """
    teachers = _teachers(jobs)
    chosen = [job for group in teachers.values() for job in group]
    desk = _Desk(ledger, date, festivals, len(chosen), progress)
    Conductor(engine, desk, partial(_lessons, date, festivals, shop_minutes)).run(
        (job for job in chosen if desk.is_open(job)), group=1
    )
    learned = {
        category: learn_category([lesson for job in group if (lesson := desk.lesson(job)) is not None])
        for category, group in sorted(teachers.items())
    }
    return tuple((category, prior) for category, prior in learned.items() if prior is not None)


def _teachers(jobs: Sequence[Job]) -> dict[str, list[Job]]:
    """Up to ``MOST_TEACHERS`` shops with reports of each category, by the hash of their names."""
    groups: dict[str, list[Job]] = defaultdict(list)
    for job in sorted(jobs, key=lambda job: hashlib.sha256(job.name.encode("utf-8")).digest()):
        if job.reports and (content := content_of(job.shop)):
            group = groups[category_of(content)]
            if len(group) < MOST_TEACHERS:
                group.append(job)
    return groups


def _lessons(date: datetime.date, festivals: Festivals, minutes: float, jobs: Sequence[Job]) -> list[Told]:
    told = []
    for job in jobs:
        with time_limit(minutes):
            told.append((job.name, _lesson(job, date, festivals)))
    return told


def _lesson(job: Job, date: datetime.date, festivals: Festivals) -> str | None:
    """The shop's lesson as JSON: ``null`` where its data teach nothing, None where something else went wrong."""
    try:
        shop = read_shop(job.shop)
        report, _ = read_reports_of(shop, job.reports)
        known = festivals.tagged(known_report(shop, report, date))
        lesson = take_lesson(known, shop.grid, plan_date=date, prior=prior_of(shop, known))
    except AdspendError as error:  # the second pass reads the shop again and records what is wrong with it
        return "null" if PASSING.isdisjoint(fault.code for fault in error.faults) else None
    except Exception:  # no memory, a failing disk, a fault of the engine
        return None
    return json.dumps(asdict(lesson))


class _Desk:
    """The register of the first pass."""

    def __init__(
        self, ledger: Ledger, date: datetime.date, festivals: Festivals, total: int, progress: Progress
    ) -> None:
        self._ledger, self._total, self._progress = ledger, total, progress
        self._common = repr((FORM, versions(), date, festivals)).encode("utf-8")  # what every lesson depends on
        self._open: dict[str, tuple[Job, str]] = {}  # with workers, and the keys of what they were given
        self._done = 0

    def is_open(self, job: Job) -> bool:
        """Whether the job's lesson is still to be taken."""
        known = self._ledger.lesson(job.name, self._key(job)) is not None
        if known:
            self._tell()
        return not known

    def lesson(self, job: Job) -> Lesson | None:
        """The job's lesson."""
        told = json.loads(self._ledger.lesson(job.name, self._key(job)) or "null")
        if told is None:
            return None
        parts = {name: tuple(told[name]) for name in ("pull", "precision", "cell_variance")}
        return Lesson(**parts, cells=told["cells"])

    def started(self, jobs: Sequence[Job]) -> None:
        """See ``Register``."""
        for job in jobs:
            key = self._key(job)
            self._open[job.name] = job, key
            self._ledger.start_lesson(job.name, key)

    def finished(self, results: Sequence[Told]) -> None:
        """See ``Register``: a lesson of files that were replaced meanwhile is none."""
        for name, lesson in results:
            job, key = self._open.pop(name)
            self._ledger.finish_lesson(name, lesson if self._key(job) == key else None)
            self._tell()

    def found(self, job: Job) -> Told | None:
        """See ``Register``: lessons leave no trace but the ledger's."""
        del job
        return None

    def died(self, job: Job, deaths: int) -> int:
        """See ``Register``."""
        return self._ledger.count_death("lessons", job.name, deaths)

    def set_aside(self, job: Job) -> None:
        """See ``Register``."""
        self.finished([(job.name, None)])

    def _key(self, job: Job) -> str:
        digest = hashlib.sha256(self._common)
        for path in (job.shop, *job.reports):
            digest.update(hashlib.sha256(content_of(path)).digest())
        return digest.hexdigest()

    def _tell(self) -> None:
        self._done += 1
        self._progress(self._done, self._total)
