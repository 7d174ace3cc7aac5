"""An engine whose one place is the test's own process, so that what a worker meets can be arranged."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future


class Death(Exception):
    """A process has died, on paper."""


class HereEngine:
    """Runs tasks at once; ``tasks`` counts them."""

    places = 1

    def __init__(self) -> None:
        self.tasks = 0

    def submit(self, call: Callable[..., object], /, *args: object) -> Future[object]:
        """See ``Engine``."""
        self.tasks += 1
        future: Future[object] = Future()
        try:
            future.set_result(call(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def deaths(self, error: BaseException | None) -> int:
        """See ``Engine``."""
        return int(isinstance(error, Death))
