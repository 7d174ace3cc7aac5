"""A Dask cluster for tests: a scheduler and workers as `dask scheduler` and `dask worker` start them, on loopback."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLI = (sys.executable, "-c", "from dask.__main__ import main; main()")
LOCAL = ("--host", "127.0.0.1", "--no-dashboard")
PATIENCE = 120.0  # seconds for a start on a busy machine

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="distributed is not installed: pip install 'adspend[dask]'"
)


class Cluster:
    """A scheduler at ``address``, as yet without workers; use as a context."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self._folder, self.address = folder, f"tcp://127.0.0.1:{port}"
        self.scheduler = self._start("scheduler", "--port", str(port))
        self._workers: list[subprocess.Popen[bytes]] = []
        self._places = 0

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_workers()
        _stop(self.scheduler)

    def add_worker(self, processes: int = 1, threads: int = 1) -> Cluster:
        """Starts a worker and waits until all its processes are there."""
        from distributed import Client

        counts = ("--nworkers", str(processes), "--nthreads", str(threads))
        self._workers.append(self._start("worker", self.address, *counts))
        self._places += processes
        with Client(self.address, timeout=PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(self._places, timeout=PATIENCE)
        return self

    def stop_workers(self) -> None:
        """Ends all workers."""
        for worker in self._workers:
            _stop(worker)
        self._workers.clear()
        self._places = 0

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        environment = os.environ | {"PYTHONPATH": f"{ROOT / 'tests'}:{ROOT}"}
        command = [*CLI, *arguments, *LOCAL]
        return subprocess.Popen(
            command, stdout=quiet, stderr=quiet, cwd=self._folder, env=environment, start_new_session=True
        )


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends it with the processes that it has started; left alone, a worker takes long to say goodbye."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
