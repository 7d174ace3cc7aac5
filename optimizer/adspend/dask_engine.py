"""A Dask cluster as an engine (extra ``dask``): the same tasks, on the workers of a scheduler that runs elsewhere.

    dask scheduler --host 127.0.0.1 --port 8786 --no-dashboard
    dask worker tcp://127.0.0.1:8786 --nworkers 2 --nthreads 1 --no-dashboard

One thread a worker: a task may end its process, and the watchdog of a shop's time is one per process. Workers need the
same versions (``adspend.versions``) and see the same files under the same paths. Dask's wire is pickle without
authentication unless TLS is set up: loopback or a network that is trusted, nothing else.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, final

from adspend.versions import versions
from adspend_datasets.errors import AdspendError, Fault, NoPlanError, Place, UsageError
from adspend_datasets.text import Text

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")

CONNECT_SECONDS = 20
WORKER_SECONDS = 30  # for the first worker: it may have been started together with the run
RETRIES = 3  # of a task that raises; one that kills is given up by the scheduler after its own number of deaths
GIVEN_UP = 3  # at least so many workers have died at a task before the scheduler gives it up


@final
class DaskEngine:
    """An ``adspend.engine.Engine`` on a cluster; use as a context."""

    def __init__(self, address: str) -> None:
        """Connects.

        Raises:
            UsageError: the extra is not installed, nobody answers, no worker is there, or workers that cannot be used.
        """
        try:
            from distributed import Client
        except ImportError:
            law = Text("--dask 需要 distributed", "--dask needs the package distributed")
            raise UsageError(
                [_fault(law, address, Text("pip install 'adspend[dask]'", "pip install 'adspend[dask]'"))]
            ) from None
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # tracebacks of what we say in a sentence
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            law = Text("调度器必须可达，形如 tcp://主机:端口", "a scheduler must answer at tcp://HOST:PORT")
            remedy = Text("请先启动 dask scheduler 与 dask worker", "Start `dask scheduler` and `dask worker` first")
            raise UsageError([_fault(law, address, remedy)]) from error
        self._address = address
        try:
            self._need_workers()
            _need_same_versions(self._client)
        except BaseException:
            self._client.close()
            raise
        self._executor = self._client.get_executor(retries=RETRIES, pure=False)

    def __enter__(self) -> DaskEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, trace
        lost = isinstance(error, CancelledError) or self._client.status != "running"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of open tasks, when the run is being abandoned
            self._executor.shutdown(wait=False)
            self._client.close()
        if lost and isinstance(error, Exception) and not isinstance(error, AdspendError):
            law = Text("运行期间须与调度器保持连接", "the scheduler must be there while the run lasts")
            again = Text(
                "已完成的店铺不会丢失；待调度器恢复后重新运行同一命令",
                "What is done is kept: when the scheduler is back, run the same command again",
            )
            raise NoPlanError([_fault(law, self._address, again)]) from error

    @property
    def places(self) -> int:
        """See ``Engine``: one task per worker that is there now.

        Raises:
            UsageError: a worker of more than one thread, also one that came later.
        """
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        for address, worker in workers.items():
            if worker["nthreads"] != 1:
                law = Text("每个 worker 只能有一个线程", "a worker must have one thread")
                raise UsageError([_fault(law, f"{address}: nthreads={worker['nthreads']}", self._how_to_start())])
        return max(1, len(workers))

    def _need_workers(self) -> None:
        """Raises ``UsageError`` where no worker comes in time, or one that cannot be used."""
        try:
            self._client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError as error:
            law = Text("调度器须至少有一个 worker", "the scheduler must have a worker")
            raise UsageError([_fault(law, self._address, self._how_to_start())]) from error
        _ = self.places

    def _how_to_start(self) -> Text:
        command = f"dask worker {self._address} --nworkers 2 --nthreads 1"
        return Text(f"请启动：{command}", f"Start them with: {command}")

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:  # noqa: ANN401
        """See ``Engine``."""
        future: Future[T] = self._executor.submit(call, *args)
        return future

    def deaths(self, error: BaseException | None) -> int:
        """See ``Engine``."""
        from distributed import KilledWorker

        return GIVEN_UP if isinstance(error, KilledWorker) else 0


def _need_same_versions(client: Client) -> None:
    """Raises ``UsageError`` naming the first worker whose plans or words might be others than ours."""
    for address, found in client.run(versions, on_error="return").items():
        if found != versions():
            told = repr(found) if isinstance(found, Exception) else _listed(set(found) - set(versions()))
            law = Text("每个 worker 的版本须与本机相同", "every worker must have the versions that this command has")
            ours = _listed(versions())
            remedy = Text(f"请在各 worker 安装 {ours} 后重启", f"Install {ours} on every worker and start it again")
            raise UsageError([_fault(law, f"{address}: {told}", remedy)])


def _listed(packages: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(packages))


def _fault(law: Text, value: str, remedy: Text) -> Fault:
    return Fault(code="E-DASK", law=law, value=value, place=Place(column="--dask"), remedy=remedy)
