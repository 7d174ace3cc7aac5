"""The orders (批次指令): what holds for every shop of a run, and the hash of all that one shop's result depends on.

Light to import: the run itself, which plans nothing, needs no more.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adspend.batch.record import Remark, ShopRecord, Status
from adspend.batch.roster import Job
from adspend.batch.time_limit import SHOP_MINUTES
from adspend.batch.turn import NO_RUN
from adspend.versions import versions
from adspend_datasets.festivals import NO_FESTIVALS, Festivals
from adspend_datasets.text import Language, Text
from adspend_models.prior import CategoryPrior

if TYPE_CHECKING:
    from adspend.plan import InputFile
    from adspend.policy import Policy

FORM = "adspend.batch/1"  # of records and keys: a new form makes everything anew

PART = 32  # hexadecimal digits of each half of a key


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What holds for every shop of a run.

    ``categories`` are (name, prior) pairs; ``policy`` None is the shop's own; ``policy_file`` and ``calendar`` are the
    files that the policy and the ``festivals`` came from, as every plan records them. ``shop_minutes`` is how long a
    process may work on one shop. ``run`` is the token of the run that gave the orders (``turn``); no result depends on
    it.
    """

    date: datetime.date
    out: Path
    language: Language
    full: bool = False
    policy: Policy | None = None
    policy_file: InputFile | None = None
    categories: tuple[tuple[str, CategoryPrior], ...] = ()
    festivals: Festivals = NO_FESTIVALS
    calendar: InputFile | None = None
    shop_minutes: float = SHOP_MINUTES
    run: str = NO_RUN

    def category_prior(self, category: str) -> CategoryPrior | None:
        """What the shops of a category have in common, if it is known."""
        return dict(self.categories).get(category)


def job_key(job: Job, orders: Orders) -> str:
    """The hash of all that the job's result depends on: engine and orders, then its name and its files' content."""
    common = (FORM, versions(), orders.date, orders.language, orders.full, orders.policy)
    files = (orders.policy_file, orders.festivals, orders.calendar)
    general = hashlib.sha256(repr((*common, *files)).encode("utf-8"))
    content = content_of(job.shop)
    prior = orders.category_prior(category_of(content))
    own = hashlib.sha256(repr((job.name, prior)).encode("utf-8"))
    for path in (job.shop, *job.reports):
        data = content if path is job.shop else content_of(path)
        own.update(f"{path.name}:{len(data)}:".encode())
        own.update(data)
    return general.hexdigest()[:PART] + own.hexdigest()[:PART]


def orders_part(key: str) -> str:
    """The part of a key that all shops of a run have in common, whatever becomes of their files meanwhile."""
    return key[:PART]


def category_of(shop_file: bytes) -> str:
    """The category that a shop file names; "" where it names none, or is none."""
    return _under_shop(shop_file, "category")


def name_of(shop_file: bytes) -> str:
    """The shop's name; "" where the file names none, or is none."""
    return _under_shop(shop_file, "name")


def _under_shop(shop_file: bytes, key: str) -> str:
    """A text of the section [shop], read even where the rest of the file breaks its laws."""
    try:
        text = tomllib.loads(shop_file.decode("utf-8-sig"))["shop"].get(key, "")
    except (ValueError, RecursionError, KeyError, AttributeError):  # numbers of 5,000 digits, 3,000 open brackets
        return ""
    return text if isinstance(text, str) else ""


def quarantined(job: Job, key: str) -> ShopRecord:
    """The record of a shop whose process died each time it was tried alone."""
    words = Text(
        "单独处理时进程意外终止或超时三次以上，已隔离，下次运行再试；其他店铺不受影响",
        "its process died or ran out of time more than three times while it was worked on alone, so it was set aside "
        "until the next run; other shops went on",
    )
    return without_plan(job, key, Status.QUARANTINED, (error_remark("E-QUARANTINE", words),))


def without_plan(job: Job, key: str, status: Status, remarks: tuple[Remark, ...]) -> ShopRecord:
    """The record of a shop without a plan."""
    content = content_of(job.shop)
    shop, category = name_of(content), category_of(content)
    return ShopRecord(name=job.name, key=key, status=status, shop=shop, category=category, remarks=remarks)


def error_remark(code: str, text: Text) -> Remark:
    """The reason why there is no plan."""
    return Remark(code=code, severity="ERROR", text=text)


def content_of(path: Path) -> bytes:
    """A file's content; nothing where it cannot be read, which reading it for the plan will say."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
