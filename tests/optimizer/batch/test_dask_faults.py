"""A cluster that cannot be used, or is lost, is said in a sentence: on real schedulers and workers."""

from __future__ import annotations

import logging
import pkgutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adspend_datasets.errors import NoPlanError, UsageError
from oracles.dask_cluster import PATIENCE, Cluster, needs_dask

pytestmark = [
    needs_dask,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler; each test leaves it without workers."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def worker(started: Cluster) -> Iterator[str]:
    """The scheduler's address; a worker is there."""
    yield started.add_worker().address
    started.stop_workers()


def test_a_scheduler_without_workers_is_refused(started: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not waited for without a word; the remedy is the command that starts one."""
    from adspend import dask_engine

    monkeypatch.setattr(dask_engine, "CONNECT_SECONDS", PATIENCE)
    monkeypatch.setattr(dask_engine, "WORKER_SECONDS", 0.1)
    with pytest.raises(UsageError, match=rf"must have a worker.*dask worker {started.address} .*--nthreads 1"):
        dask_engine.DaskEngine(started.address)


def test_a_worker_of_two_threads_is_refused(started: Cluster, worker: str) -> None:
    """Two shops in one process would share the watchdog of one; also where the worker comes during the run."""
    from adspend.dask_engine import DaskEngine

    with DaskEngine(worker) as engine:
        assert engine.places == 1
        started.add_worker(threads=2)
        with pytest.raises(UsageError, match=r"one thread, but found 'tcp://.*nthreads=2'.*--nthreads 1"):
            _ = engine.places
    with pytest.raises(UsageError, match="one thread"):
        DaskEngine(worker)


def test_a_worker_of_other_versions_is_refused(worker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keys would be others, and its plans may be; an error of a task stays what it is."""
    from adspend import dask_engine

    with dask_engine.DaskEngine(worker) as engine, pytest.raises(FileNotFoundError):
        engine.submit(subprocess.run, ["/no/such/program"]).result(timeout=60)
    real = dask_engine.versions()
    monkeypatch.setattr(dask_engine, "versions", _Renumbered(real))
    law = rf"the versions that this command has, but found 'tcp://.*: adspend {real[0][1]}'"
    with pytest.raises(UsageError, match=law):
        dask_engine.DaskEngine(worker)


def test_a_lost_scheduler_ends_the_run_with_what_to_do(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Killed in the middle of a task: no traceback, ours or Dask's, and the same command goes on."""
    from adspend.dask_engine import DaskEngine

    logging.getLogger("distributed.client").addHandler(caplog.handler)

    def run_until_lost(cluster: Cluster) -> None:
        with DaskEngine(cluster.add_worker().address) as engine:
            future = engine.submit(time.sleep, 5)
            cluster.scheduler.kill()
            future.result(timeout=60)

    with Cluster(tmp_path) as cluster, pytest.raises(NoPlanError, match=r"E-DASK .*run the same command again"):
        run_until_lost(cluster)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []  # less is never shown


class _Renumbered:
    """Stands for ``versions`` here, while workers are still asked for theirs."""

    def __init__(self, real: tuple[tuple[str, str], ...]) -> None:
        self._told = (("adspend", "0.0.0"), *real[1:])

    def __call__(self) -> tuple[tuple[str, str], ...]:
        return self._told

    def __reduce__(self) -> object:
        return pkgutil.resolve_name, ("adspend.versions:versions",)  # what a worker unpickles: its own
