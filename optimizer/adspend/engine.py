"""Engines: where tasks run that may kill their process, on this machine or on a cluster, behind one interface.

An engine takes one task per place. When a process dies, the future of its task says so (``deaths``); other tasks never
notice. ``ProcessPoolExecutor`` alone would lose the tasks of all its processes, so here each place has an executor of
one process.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, resource_tracker
from types import TracebackType
from typing import Any, Protocol, TypeVar, final

from adspend.workers import one_thread_each
from adspend_datasets.errors import Fault, NoPlanError, Place
from adspend_datasets.text import Text

T = TypeVar("T")

WATCH_SECONDS = 0.2
MOST_STARTS = 100  # in a row; starts take seconds, so a disturbance that never lets one work is a fault of its own


class Engine(Protocol):
    """Runs functions of modules, with arguments that can be pickled."""

    @property
    def places(self) -> int:
        """How many tasks it takes at once."""
        ...

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:  # noqa: ANN401
        """The future of ``call(*args)``; only while fewer than ``places`` tasks are open."""
        ...

    def deaths(self, error: BaseException | None) -> int:
        """How many processes died at the task that ended with ``error``; 0 where none did."""
        ...


def nothing() -> None:
    """Loads nothing."""


@final
class LocalEngine:
    """Processes of this machine, each alone with its task; use as a context.

    A child ends when its parent does, however that ends; CPython's own workers would wait for ever.
    """

    def __init__(self, count: int, load: Callable[[], None] = nothing) -> None:
        """Takes up to ``count`` tasks.

        Args:
            count: how many.
            load: a function of a module that imports what tasks need, so that no task is charged for a start.

        Raises:
            ValueError: ``count`` below 1.
        """
        if count < 1:
            raise ValueError(f"`count >= 1` must hold, but got {count}")
        self._places = [_Place(load) for _ in range(count)]

    @property
    def places(self) -> int:
        """See ``Engine``."""
        return len(self._places)

    def __enter__(self) -> LocalEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        for place in self._places:
            place.close()

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:  # noqa: ANN401
        """See ``Engine``.

        Raises:
            NoPlanError: no process starts.
        """
        return next(place for place in self._places if place.is_free).submit(call, *args)

    def deaths(self, error: BaseException | None) -> int:
        """See ``Engine``."""
        return int(isinstance(error, BrokenProcessPool))


class _Place:
    """One process, started anew when it has died."""

    def __init__(self, load: Callable[[], None]) -> None:
        self._load = load
        self._pool: ProcessPoolExecutor | None = None
        self._open: Future[Any] | None = None

    @property
    def is_free(self) -> bool:
        return self._open is None or self._open.done()

    def submit(self, call: Callable[..., T], /, *args: Any) -> Future[T]:  # noqa: ANN401
        for _ in range(MOST_STARTS):
            try:
                pool = self._pool or self._start()
                future = pool.submit(call, *args)
            except BrokenProcessPool:
                self._pool = None
                continue
            self._open = future
            return future
        raise NoPlanError([_NEVER_STARTED])

    def _start(self) -> ProcessPoolExecutor:
        """A process that has loaded what it needs."""
        context = get_context("spawn")
        with one_thread_each(), _interrupts_held_back():
            pool = ProcessPoolExecutor(1, mp_context=context, initializer=_follow, initargs=(os.getpid(),))
            started = pool.submit(os.getpid)
        self._process = started.result()
        pool.submit(self._load).result()
        self._pool = pool
        return pool

    def close(self) -> None:
        """Ends the process, in the middle of its task if need be."""
        if self._pool is None:
            return
        if not self.is_free:
            os.kill(self._process, signal.SIGKILL)
        self._pool.shutdown(wait=True, cancel_futures=True)


_NEVER_STARTED = Fault(
    code="E-WORKER",
    law=Text("工作进程必须能够启动", "a worker process must be able to start"),
    value=f"0 / {MOST_STARTS}",
    place=Place(column="--workers"),
    remedy=Text(
        "请检查内存、进程数上限与安装是否完整，再重新运行同一命令",
        "Check memory, the limit on processes and the installation, and run the same command again",
    ),
)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Processes started meanwhile leave Ctrl-C to their parent from their first instruction; here it comes after."""
    resource_tracker.ensure_running()  # its start would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow(parent: int) -> None:
    """Ends this process soon after its parent."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
