"""Where work runs: this process, or several processes of this machine, behind one interface (concurrent.futures).

Processes are spawned (HiGHS's threads do not survive a fork) and compute on one thread each, so that as many of them
as there are cores do not wait for each other. What is submitted must be a function of a module and its arguments
picklable; results do not depend on where they were computed. A worker ends with the process that started it, even when
that is killed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, TypeVar, final

T = TypeVar("T")

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def workers(count: int) -> Iterator[Executor]:
    """An executor of ``count`` processes; 1 is this process.

    Raises:
        ValueError: ``count`` below 1.
    """
    if count < 1:
        raise ValueError(f"`count >= 1` must hold, but got {count}")
    if count == 1:
        yield Here()
        return
    spawn = get_context("spawn")
    with one_thread_each(), ProcessPoolExecutor(count, mp_context=spawn, initializer=end_with_parent) as pool:
        yield pool


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Processes spawned meanwhile compute on one thread."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # read by the children before they load NumPy
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def end_with_parent() -> None:
    """Watches the parent from a thread; without it the worker of a killed parent would wait for work for ever."""
    parent = parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        Thread(target=watch, daemon=True).start()


@final
class Here(Executor):
    """Runs what is submitted at once, in this process."""

    def submit(self, call: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401
        """The finished future of ``call(*args, **kwargs)``."""
        future: Future[T] = Future()
        try:
            future.set_result(call(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future
