"""A batch's results do not depend on where it ran: one process, two, or a Dask cluster."""

from __future__ import annotations

import datetime
import importlib.util
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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

DATE = datetime.date(2026, 6, 10)
ROOT = Path(__file__).parents[3]
NO_DASK = importlib.util.find_spec("distributed") is None


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


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A scheduler and two workers as `dask scheduler` and `dask worker` start them, on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    cli = [sys.executable, "-c", "from dask.__main__ import main; main()"]
    scheduler = [*cli, "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    worker = [*cli, "worker", address, "--host", "127.0.0.1", "--nworkers", "2", "--nthreads", "1", "--no-dashboard"]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'tests'}:{ROOT}"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, "env": environment}
    started = [subprocess.Popen(command, **quiet) for command in (scheduler, worker)]  # type: ignore[call-overload]
    try:
        yield address
    finally:
        for process in reversed(started):  # workers first: they say goodbye to the scheduler
            process.terminate()
            process.wait(timeout=30)


@pytest.mark.skipif(NO_DASK, reason="distributed is not installed: pip install 'adspend[dask]'")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_dask_cluster_writes_the_same_bytes(small_shops: Path, one_place: dict[str, bytes], tmp_path: Path) -> None:
    """A real scheduler and two workers."""
    from adspend.dask_engine import DaskEngine

    with cluster(tmp_path) as address, DaskEngine(address) as engine:
        assert whole_run(small_shops, tmp_path / "out", engine) == one_place


@pytest.mark.gate
@pytest.mark.skipif(NO_DASK, reason="distributed is not installed: pip install 'adspend[dask]'")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_dask_cluster_quarantines_poison(tmp_path: Path) -> None:
    """A shop that kills its worker costs the cluster several, and no other shop anything."""
    from adspend.dask_engine import DaskEngine

    made_up_shops(tmp_path, 12, poisoned=(5,))
    jobs = read_roster(tmp_path / "shops", tmp_path / "reports")
    orders = Orders(date=DATE, out=tmp_path / "out", language="zh")
    with cluster(tmp_path) as address, DaskEngine(address) as engine, opened(orders.out) as ledger:
        outcome = run_shops(jobs, orders, ledger, engine, work=made_up)
    assert outcome.counts == {Status.OK: 11, Status.SKIPPED: 0, Status.FAILED: 0, Status.QUARANTINED: 1}
    assert '"quarantined"' in (orders.out / "shop-005" / "record.json").read_text(encoding="utf-8")


@pytest.mark.skipif(NO_DASK, reason="distributed is not installed: pip install 'adspend[dask]'")
def test_a_scheduler_that_is_not_there_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from adspend import dask_engine

    monkeypatch.setattr(dask_engine, "CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match="E-DASK"):
        dask_engine.DaskEngine("tcp://127.0.0.1:9")
