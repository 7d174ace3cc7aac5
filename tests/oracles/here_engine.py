"""An engine that works in the test's own process, so that what a worker meets can be arranged."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future


class Death(Exception):
    """A process has died, on paper."""


class HereEngine:
    """Runs tasks at once, in order; at most ``places`` may be open. ``tasks`` counts them."""

    def __init__(self, places: int = 1) -> None:
        self.places, self.tasks = places, 0

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
