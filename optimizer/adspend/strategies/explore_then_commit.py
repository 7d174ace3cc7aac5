"""Explore, then commit (先探索后投放): some days of wide levels everywhere, one fit, and its plan from then on.

    first ``days`` days   every cell in turn at 0.3, 1 and 3 times an even split, as far as the caps allow
    afterwards            exact allocation on the posterior-mean curves of those days

It never fits again: that is the definition, and what it costs is measured with it. What it explored is all it knows, so
the tested-range cap stays where the exploring days left it; only the raise cap moves, so that budgets reach the plan
over some days.

Source: Garivier, Kaufmann, Lattimore, "On explore-then-commit strategies", NeurIPS (2016).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np

from adspend.problem import Ints
from adspend.shop import Shop
from adspend.strategies.curve_plan import OrderCurves, best_budgets
from adspend.strategies.observed import observe
from adspend.strategies.posterior import fitted, mean_curves
from adspend.strategies.rules import most_of, open_ranges, snap, wide_levels
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text


@final
@dataclass(frozen=True, slots=True)
class ExploreThenCommit:
    """``days`` of exploring at ``levels``, multiples of an even split."""

    name: ClassVar[str] = "explore-then-commit"
    label: ClassVar[Text] = Text("先探索后投放", "explore, then commit")

    days: int = 3
    levels: tuple[float, ...] = (0.3, 1.0, 3.0)

    def open(self, shop: Shop, seed: int) -> _Session:
        """A run of days; ``seed`` is of the posterior's draws."""
        return _Session(self, shop, seed)


@dataclass(slots=True)
class _Session:
    rule: ExploreThenCommit
    shop: Shop
    seed: int
    committed: OrderCurves | None = None

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """A day of levels, or the committed plan as far as the caps allow."""
        seen = observe(self.shop, report, date)
        histories = seen.histories()
        if len(seen.day) < self.rule.days:
            # Highest level first: a cap holds raises, not cuts, so a cell passes through more levels downwards.
            wish = wide_levels(self.shop, self.rule.levels, -len(seen.day))
            return snap(self.shop, wish, most_of(open_ranges(self.shop, histories)))
        if self.committed is None:
            last = datetime.date.fromordinal(int(seen.day[self.rule.days - 1]))
            self.committed = self._commit(report, last + datetime.timedelta(days=1))
        explored = np.nan_to_num(np.rint(seen.cost[: self.rule.days] * 100)).max(axis=0).astype(np.int64).tolist()
        known = [replace(history, tested_fen=most) for history, most in zip(histories, explored, strict=True)]
        return best_budgets(self.shop, self.committed, open_ranges(self.shop, known))

    def _commit(self, report: TrafficReport, date: datetime.date) -> OrderCurves:
        """The curves of the exploring days, those before ``date``."""
        rows = report.rows[report.rows["date"] < np.datetime64(date)]
        bank = fitted(self.shop, replace(report, rows=rows), date, self.seed)
        return mean_curves(self.shop, bank)
