"""What a strategy is: it sees the reports of one shop, morning by morning, and answers with the day's budgets.

Nothing else reaches it: no curve, no seed of the world, no day before it is over. The only door between a strategy and
a world is ``adspend.simulate.seeing_reports``.
"""

from __future__ import annotations

import datetime
from typing import Protocol, runtime_checkable

from adspend.problem import Ints
from adspend.shop import Shop
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text


class Session(Protocol):
    """One shop, one run of days: it may remember what it saw and did, and is never used for another run."""

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """The budgets of ``date``, fen, shape (n,) in the order of ``shop.grid``; 0 = paused.

        Args:
            date: the day to decide; each call is for a later day than the one before.
            report: the rows known that morning, of days before ``date``. It must not be changed.
        """
        ...


@runtime_checkable
class Testing(Protocol):
    """A session that says what it calls a test; the scores then tell the test cost."""

    @property
    def test_fen(self) -> int:
        """How much of the last day's budgets was for tests, fen."""
        ...


class Strategy(Protocol):
    """A way to decide budgets. The same shop, seed and reports give the same budgets."""

    @property
    def name(self) -> str:
        """The key by which people choose it, such as "even-split"."""
        ...

    @property
    def label(self) -> Text:
        """What people call it."""
        ...

    def open(self, shop: Shop, seed: int) -> Session:
        """A new run of days in a shop; ``seed`` is of the strategy's own luck, if it has any."""
        ...
