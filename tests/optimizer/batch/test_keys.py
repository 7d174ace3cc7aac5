"""A record stands under the hash of all that it depends on, and of nothing else."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adspend.batch import orders as orders_module
from adspend.batch import shop_work
from adspend.batch.folders import put_folder
from adspend.batch.orders import Orders, job_key, orders_part
from adspend.batch.record import ShopRecord, Status
from adspend.batch.roster import Job, read_roster
from adspend.batch.run import opened, run_shops
from adspend.batch.shop_work import plan_shop
from adspend.plan import InputFile
from adspend.policy import bundled_policy
from adspend_datasets.errors import NoPlanError
from adspend_datasets.festivals import Festivals, FestivalWindow
from adspend_models.prior import CategoryPrior
from oracles.batch_runs import DATE
from oracles.batch_workers import made_up_shops
from oracles.here_engine import HereEngine

FILE = InputFile(name="f", sha256="0", rows=1)
WINDOW = FestivalWindow(phase="618", start=datetime.date(2026, 6, 1), end=datetime.date(2026, 6, 3))


def job(folder: Path) -> Job:
    """One shop of the category 茶."""
    (folder / "shop.toml").write_text('[shop]\ncategory = "茶"\n', encoding="utf-8")
    (folder / "report.csv").write_text("1", encoding="utf-8")
    return Job(name="a", shop=folder / "shop.toml", reports=(folder / "report.csv",))


PRIOR = CategoryPrior(centre=(0.0, 0.1, 0.2), sd=(1.0, 1.0, 1.0), cell_sd=(1.0, 1.0, 1.0), shops=3)
CHANGES: dict[str, dict[str, Any]] = {
    "date": {"date": DATE + datetime.timedelta(days=1)},
    "language": {"language": "en"},
    "full": {"full": True},
    "policy": {"policy": bundled_policy("untuned")},
    "policy_file": {"policy_file": FILE},
    "categories": {"categories": (("茶", PRIOR),)},
    "festivals": {"festivals": Festivals(windows=(WINDOW,))},
    "calendar": {"calendar": FILE},
}
NO_PART = {"out": {"out": Path("elsewhere")}, "shop_minutes": {"shop_minutes": 1.0}, "run": {"run": "a token"}}


def plain(folder: Path) -> Orders:
    return Orders(date=DATE, out=folder / "out", language="zh")


@pytest.mark.parametrize("name", CHANGES)
def test_every_order_that_changes_plans_changes_the_key(tmp_path: Path, name: str) -> None:
    one = job(tmp_path)
    assert job_key(one, replace(plain(tmp_path), **CHANGES[name])) != job_key(one, plain(tmp_path))


@pytest.mark.parametrize("name", NO_PART)
def test_where_how_long_and_for_which_run_changes_no_key(tmp_path: Path, name: str) -> None:
    one = job(tmp_path)
    assert job_key(one, replace(plain(tmp_path), **NO_PART[name])) == job_key(one, plain(tmp_path))


def test_each_order_is_one_or_the_other() -> None:
    """A new field of the orders must be put into one of these lists."""
    assert {*CHANGES, *NO_PART} == set(Orders.__dataclass_fields__)


def test_the_prior_of_another_category_changes_nothing(tmp_path: Path) -> None:
    one = job(tmp_path)
    other = replace(plain(tmp_path), categories=(("酒", PRIOR),))
    assert job_key(one, other) == job_key(one, plain(tmp_path))


def test_versions_name_and_every_file_are_in_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changed one by one, all keys differ; only the version is in the part that all shops have in common."""
    one = job(tmp_path)
    keys = [job_key(one, plain(tmp_path)), job_key(replace(one, name="b"), plain(tmp_path))]
    one.reports[0].write_text("2", encoding="utf-8")
    keys.append(job_key(one, plain(tmp_path)))
    one.shop.write_text('[shop]\ncategory = "酒"\n', encoding="utf-8")
    keys.append(job_key(one, plain(tmp_path)))
    keys.append(job_key(replace(one, reports=()), plain(tmp_path)))
    assert len({*map(orders_part, keys)}) == 1
    monkeypatch.setattr(orders_module, "versions", lambda: (("adspend", "0.0.0"),))
    keys.append(job_key(one, plain(tmp_path)))
    assert len(set(keys)) == len(keys)
    assert orders_part(keys[-1]) != orders_part(keys[0])


def other_engine(job: Job, orders: Orders) -> ShopRecord:
    """A worker of another version."""
    record = ShopRecord(name=job.name, key=job_key(job, replace(orders, full=True)), status=Status.SKIPPED)
    put_folder(orders.out, record, {})
    return record


def other_shop(job: Job, orders: Orders) -> ShopRecord:
    """A worker that answers for somebody else."""
    return ShopRecord(name="somebody", key=job_key(job, orders), status=Status.SKIPPED)


@pytest.mark.parametrize("work", [other_engine, other_shop])
def test_a_record_of_something_else_ends_the_run(tmp_path: Path, work: Callable[[Job, Orders], ShopRecord]) -> None:
    """As many records as shops are not enough: nothing is counted, so nothing can be published."""
    made_up_shops(tmp_path, 2)
    jobs = read_roster(tmp_path / "shops", tmp_path / "reports")
    with opened(tmp_path / "out") as ledger:
        with pytest.raises(NoPlanError, match="E-BATCH-KEY"):
            run_shops(jobs, plain(tmp_path), ledger, HereEngine(), work=work)
        assert list(ledger.records()) == []


def test_a_lost_record_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two shops and one record are E-BATCH-COUNT."""
    made_up_shops(tmp_path, 2)
    jobs = read_roster(tmp_path / "shops", tmp_path / "reports")

    def skip(job: Job, orders: Orders) -> ShopRecord:
        return ShopRecord(name=job.name, key=job_key(job, orders), status=Status.SKIPPED)

    with opened(tmp_path / "out") as ledger:
        finish = ledger.finish
        monkeypatch.setattr(
            ledger, "finish", lambda records: finish(record for record in records if record.name != "shop-001")
        )
        with pytest.raises(NoPlanError, match=r"E-BATCH-COUNT.*found '2: .*skipped 1"):
            run_shops(jobs, plain(tmp_path), ledger, HereEngine(), work=skip)


def replaced(small_shops: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> tuple[Job, ShopRecord]:
    """The record of a shop whose report loses a line after each of the first hashes."""
    shutil.copytree(small_shops, folder, dirs_exist_ok=True)
    one = read_roster(folder / "shops", folder / "reports")[0]
    left = iter(range(times))

    def key(job: Job, orders: Orders) -> str:
        found = job_key(job, orders)
        if next(left, None) is not None:
            lines = job.reports[0].read_bytes().splitlines(keepends=True)
            job.reports[0].write_bytes(b"".join(lines[:-1]))
        return found

    monkeypatch.setattr(shop_work, "job_key", key)
    return one, plan_shop(one, plain(folder))


def test_a_report_replaced_between_hash_and_plan_is_planned_again(
    small_shops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record's key is that of the report in the plan."""
    one, record = replaced(small_shops, tmp_path, monkeypatch, 1)
    monkeypatch.undo()
    assert record.status is Status.OK
    assert record.key == job_key(one, plain(tmp_path))
    plan = json.loads((tmp_path / "out" / one.name / "plan.json").read_text(encoding="utf-8"))
    assert plan["inputs"][0]["sha256"] == hashlib.sha256(one.reports[0].read_bytes()).hexdigest()


def test_a_report_that_never_rests_is_a_failed_record(
    small_shops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three tries, and not for ever: the next run tries it again."""
    _, record = replaced(small_shops, tmp_path, monkeypatch, 100)
    assert (record.status, record.remarks[0].code, record.is_final) == (Status.FAILED, "E-FILE-CHANGED", False)


def test_a_report_replaced_before_its_worker_came_is_no_error(tmp_path: Path) -> None:
    """The run hashed the old one, the worker planned the new one: the record says which."""
    made_up_shops(tmp_path, 1)
    jobs = read_roster(tmp_path / "shops", tmp_path / "reports")

    def replace_and_skip(job: Job, orders: Orders) -> ShopRecord:
        job.reports[0].write_text("99", encoding="utf-8")
        record = ShopRecord(name=job.name, key=job_key(job, orders), status=Status.SKIPPED)
        put_folder(orders.out, record, {})
        return record

    with opened(tmp_path / "out") as ledger:
        run_shops(jobs, plain(tmp_path), ledger, HereEngine(), work=replace_and_skip)
        assert [record.key for record in ledger.records()] == [job_key(jobs[0], plain(tmp_path))]
