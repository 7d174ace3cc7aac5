"""A shop's time limit (时限): the process that works on one shop for longer ends itself, as if it had been killed.

So a shop that hangs is tried again and set aside like one that kills its process, on any engine, and a run always ends.
The watchdog is a thread outside Python, which also ends a process that hangs in native code; before it does, it prints
where. Which shops are planned is all that it can change, never a plan.
"""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager

SHOP_MINUTES = 15.0  # a shop of 240,000 cells takes one
STDERR = 2  # the descriptor: under Dask or pytest, sys.stderr is none


@contextmanager
def time_limit(minutes: float) -> Iterator[None]:
    """Ends the process unless the block ends within ``minutes``."""
    faulthandler.dump_traceback_later(60.0 * minutes, exit=True, file=STDERR)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
