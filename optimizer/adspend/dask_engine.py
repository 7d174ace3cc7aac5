"""A Dask cluster as an engine (extra ``dask``): the same tasks, on the workers of a scheduler that runs elsewhere.

    dask scheduler --host 127.0.0.1 --port 8786 --no-dashboard
    dask worker tcp://127.0.0.1:8786 --nworkers 2 --nthreads 1 --no-dashboard

One thread a worker: a task may end its process, and tasks are not shared-memory safe. Workers need the same ``adspend``
and see the same files under the same paths. Dask's wire is pickle without authentication unless TLS is set up: loopback
or a network that is trusted, nothing else.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, TypeVar, final

from adspend_datasets.errors import Fault, Place, UsageError
from adspend_datasets.text import Text

T = TypeVar("T")

CONNECT_SECONDS = 20
RETRIES = 3  # of a task that raises; one that kills is given up by the scheduler after its own number of deaths
GIVEN_UP = 3  # at least so many workers have died at a task before the scheduler gives it up


@final
class DaskEngine:
    """An ``adspend.engine.Engine`` on a cluster; use as a context."""

    def __init__(self, address: str) -> None:
        """Connects.

        Raises:
            UsageError: the extra is not installed, nobody answers, or versions differ.
        """
        try:
            from distributed import Client
        except ImportError:
            law = Text("--dask 需要 distributed", "--dask needs the package distributed")
            raise UsageError(
                [_fault(law, address, Text("pip install 'adspend[dask]'", "pip install 'adspend[dask]'"))]
            ) from None
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            law = Text("调度器必须可达，形如 tcp://主机:端口", "a scheduler must answer at tcp://HOST:PORT")
            remedy = Text("请先启动 dask scheduler 与 dask worker", "Start `dask scheduler` and `dask worker` first")
            raise UsageError([_fault(law, address, remedy)]) from error
        self._executor = self._client.get_executor(retries=RETRIES, pure=False)

    def __enter__(self) -> DaskEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of open tasks, when the run is being abandoned
            self._executor.shutdown(wait=False)
            self._client.close()

    @property
    def places(self) -> int:
        """See ``Engine``: one task per thread of the workers that are there now."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return max(1, sum(int(worker["nthreads"]) for worker in workers))

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:  # noqa: ANN401
        """See ``Engine``."""
        future: Future[T] = self._executor.submit(call, *args)
        return future

    def deaths(self, error: BaseException | None) -> int:
        """See ``Engine``."""
        from distributed import KilledWorker

        return GIVEN_UP if isinstance(error, KilledWorker) else 0


def _fault(law: Text, value: str, remedy: Text) -> Fault:
    return Fault(code="E-DASK", law=law, value=value, place=Place(column="--dask"), remedy=remedy)
