"""A worker's part: one shop from its files to its folder and record. Never raises: what went wrong is in the record.

What a result depends on is the shop's inputs and the ``Orders`` alone, never the process, its engine or what else ran
there. A shop that is already done, by whatever run or worker, is not done again.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adspend.batch.folders import found_record, put_folder
from adspend.batch.record import Remark, ShopRecord, Status, figures_of
from adspend.batch.roster import Job
from adspend.outputs.write import plan_files
from adspend.plan import InputFile, Plan
from adspend.planner import make_plan
from adspend.policy import Policy, default_policy
from adspend.shop import Shop, parse_shop
from adspend.shop_reports import import_notices, read_reports_of, report_inputs
from adspend.solve import SolveSettings
from adspend.versions import versions
from adspend_datasets.errors import AdspendError
from adspend_datasets.text import Language, Text
from adspend_models.prior import CategoryPrior

FORM = "adspend.batch/1"  # of records and keys: a new form makes everything anew
NO_REPORT = Text(
    "没有报表，未规划；冷启动请用 adspend plan", "no report, so no plan; for a cold start use adspend plan"
)
# Nodes end a search, not seconds: a slow machine gives the same plans.
SETTINGS = SolveSettings(time_limit=600.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What holds for every shop of a run. ``categories`` are (name, prior) pairs; ``policy`` None is the shop's own."""

    date: datetime.date
    out: Path
    language: Language
    full: bool = False
    policy: Policy | None = None
    categories: tuple[tuple[str, CategoryPrior], ...] = ()

    def category_prior(self, category: str) -> CategoryPrior | None:
        """What the shops of a category have in common, if it is known."""
        return dict(self.categories).get(category)


def plan_shops(jobs: Sequence[Job], orders: Orders) -> list[ShopRecord]:
    """Each job's record, in order; its folder is in place when this returns."""
    return [plan_shop(job, orders) for job in jobs]


def plan_shop(job: Job, orders: Orders) -> ShopRecord:
    """One job's record."""
    key = job_key(job, orders)
    done = found_record(orders.out, job.name, key)
    if done is not None:
        return done
    try:
        record, files = _planned(job, orders, key)
    except AdspendError as error:
        remarks = tuple(
            Remark(code=f.code, severity="ERROR", text=Text(f.pick("zh"), f.pick("en"))) for f in error.faults
        )
        record, files = _without_plan(job, key, Status.FAILED, remarks), {}
    except OSError as error:
        words = Text(f"文件无法读取：{error.strerror}", f"a file cannot be read: {error.strerror}")
        record, files = _without_plan(job, key, Status.FAILED, (_error("E-IO", words),)), {}
    except Exception as error:  # a fault of the engine fails its own shop, never the run
        told = f"{type(error).__name__}: {error}"
        words = Text(f"引擎的缺陷，请反馈：{told}", f"a fault of the engine, please report it: {told}")
        record, files = _without_plan(job, key, Status.FAILED, (_error("E-INTERNAL", words),)), {}
    put_folder(orders.out, record, files)
    return record


def _planned(job: Job, orders: Orders, key: str) -> tuple[ShopRecord, dict[str, bytes]]:
    content = job.shop.read_bytes()
    shop = parse_shop(content, file=job.shop.name)
    if not job.reports:
        return _without_plan(job, key, Status.SKIPPED, (_error("E-NO-REPORT", NO_REPORT),)), {}
    plan = _plan(shop, job, orders, content)
    record = ShopRecord(
        name=job.name,
        key=key,
        status=Status.OK,
        shop=shop.shop.name,
        category=shop.shop.category,
        remarks=tuple(Remark(code=n.code, severity=n.severity.value, text=n.text) for n in plan.notices),
        figures=figures_of(plan),
    )
    return record, plan_files(plan, orders.language, full=orders.full)


def _plan(shop: Shop, job: Job, orders: Orders, content: bytes) -> Plan:
    report, imported = read_reports_of(shop, job.reports)
    own = InputFile(name=job.shop.name, sha256=hashlib.sha256(content).hexdigest(), rows=content.count(b"\n"))
    return make_plan(
        shop,
        default_policy(shop) if orders.policy is None else orders.policy,
        report,
        orders.date,
        notices=import_notices(imported),
        inputs=[*report_inputs(imported), own],
        settings=SETTINGS,
        category=orders.category_prior(shop.shop.category),
    )


def job_key(job: Job, orders: Orders) -> str:
    """The hash of all that the job's result depends on: engine, orders, and the content of its files."""
    content = _bytes(job.shop)
    prior = orders.category_prior(category_of(content))
    known = (FORM, versions(), orders.date, orders.language, orders.full, orders.policy, prior, job.name)
    digest = hashlib.sha256(repr(known).encode("utf-8"))
    for path in (job.shop, *job.reports):
        data = content if path is job.shop else _bytes(path)
        digest.update(f"{path.name}:{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def category_of(shop_file: bytes) -> str:
    """The category that a shop file names; "" where it names none, or is none."""
    try:
        category = tomllib.loads(shop_file.decode("utf-8-sig"))["shop"].get("category", "")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, AttributeError):
        return ""
    return category if isinstance(category, str) else ""


def quarantined(job: Job, key: str, deaths: int) -> ShopRecord:
    """The record of a shop whose process died each time it was tried alone."""
    words = Text(
        f"单独处理时进程 {deaths} 次意外终止，已隔离；其他店铺不受影响",
        f"its process died {deaths} times while it was worked on alone, so it was set aside; other shops went on",
    )
    return _without_plan(job, key, Status.QUARANTINED, (_error("E-QUARANTINE", words),))


def _without_plan(job: Job, key: str, status: Status, remarks: tuple[Remark, ...]) -> ShopRecord:
    return ShopRecord(name=job.name, key=key, status=status, category=category_of(_bytes(job.shop)), remarks=remarks)


def _error(code: str, text: Text) -> Remark:
    return Remark(code=code, severity="ERROR", text=text)


def _bytes(path: Path) -> bytes:
    """A file's content; nothing where it cannot be read, which reading it for the plan will say."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
