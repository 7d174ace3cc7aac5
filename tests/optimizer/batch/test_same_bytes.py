"""A batch's results do not depend on where it ran: one process, two, or a Dask cluster."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from adspend.app.run_batch import load
from adspend.batch.orders import Orders
from adspend.batch.pooling import learn_categories
from adspend.batch.publish import publish
from adspend.batch.record import Status
from adspend.batch.roster import read_roster
from adspend.batch.run import opened, run_shops
from adspend.batch.shop_work import plan_shop
from adspend.batch.summary import summarise
from adspend.engine import Engine, LocalEngine
from adspend_datasets.errors import UsageError
from oracles.batch_workers import contents, made_up, made_up_shops
from oracles.dask_cluster import Cluster, needs_dask

DATE = datetime.date(2026, 6, 10)


def whole_run(folder: Path, out: Path, engine: Engine) -> dict[str, bytes]:
    """Learns, plans, sums up and publishes; everything that was written."""
    jobs = read_roster(folder / "shops", folder / "reports")
    with opened(out) as ledger:
        categories = learn_categories(jobs, DATE, ledger, engine)
        orders = Orders(date=DATE, out=out, language="zh", categories=categories)
        run_shops(jobs, orders, ledger, engine, work=plan_shop)
        publish(summarise(DATE, ledger.records(), categories, 500_000), out, "zh", full=False)
    return contents(out)


@pytest.fixture(scope="module")
def one_place(small_shops: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The run on one process."""
    with LocalEngine(1, load) as engine:
        return whole_run(small_shops, tmp_path_factory.mktemp("one") / "out", engine)


def test_two_processes_write_the_same_bytes(small_shops: Path, one_place: dict[str, bytes], tmp_path: Path) -> None:
    with LocalEngine(2, load) as engine:
        found = whole_run(small_shops, tmp_path / "out", engine)
    assert found.keys() == one_place.keys()
    assert found == one_place
    assert {"summary.csv", "summary.html", "summary.json", "summary.xlsx", "shop-00000/plan.json"} <= found.keys()


@needs_dask
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_dask_cluster_writes_the_same_bytes(small_shops: Path, one_place: dict[str, bytes], tmp_path: Path) -> None:
    """A real scheduler and two workers."""
    from adspend.dask_engine import DaskEngine

    with Cluster(tmp_path) as cluster, DaskEngine(cluster.add_worker(2).address) as engine:
        assert whole_run(small_shops, tmp_path / "out", engine) == one_place


@pytest.mark.gate
@needs_dask
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_dask_cluster_quarantines_poison(tmp_path: Path) -> None:
    """A shop that kills its worker costs the cluster several, and no other shop anything."""
    from adspend.dask_engine import DaskEngine

    made_up_shops(tmp_path, 12, poisoned=(5,))
    jobs = read_roster(tmp_path / "shops", tmp_path / "reports")
    orders = Orders(date=DATE, out=tmp_path / "out", language="zh")
    with (
        Cluster(tmp_path) as cluster,
        DaskEngine(cluster.add_worker(2).address) as engine,
        opened(orders.out) as ledger,
    ):
        outcome = run_shops(jobs, orders, ledger, engine, work=made_up)
    assert outcome.counts == {Status.OK: 11, Status.SKIPPED: 0, Status.FAILED: 0, Status.QUARANTINED: 1}
    assert '"quarantined"' in (orders.out / "shop-005" / "record.json").read_text(encoding="utf-8")


@needs_dask
def test_a_scheduler_that_is_not_there_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from adspend import dask_engine

    monkeypatch.setattr(dask_engine, "CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match="E-DASK"):
        dask_engine.DaskEngine("tcp://127.0.0.1:9")
