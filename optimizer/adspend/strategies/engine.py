"""This engine (本引擎): the plan that ``adspend plan`` would write that morning, without the papers.

The same steps as ``planner.make_plan``: fit, tests by the policy, the shop's problem, the allocator, the floor held on
bad days. By default it fits Hill curves only, with fewer draws, each day from where yesterday's fit stopped, and stops
at a gap of 0.1 %, because a simulation runs it for hundreds of days.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import final

import numpy as np

from adspend.day import observed_day
from adspend.formulate import formulate
from adspend.policy import Policy, default_policy
from adspend.problem import Ints
from adspend.risk import hold_floor_on_bad_days
from adspend.shop import Shop
from adspend.solve import SolveSettings, allocate
from adspend.strategies.curve_plan import QUICK
from adspend.strategies.posterior import DRAWS
from adspend.strategies.rules import with_seed
from adspend_datasets.report import TrafficReport
from adspend_datasets.text import Text
from adspend_models.memory import Memory
from adspend_models.shapes import HILL, Shape

TUNED = Text("本引擎", "this engine")


@final
@dataclass(frozen=True, slots=True)
class Engine:
    """``policy`` None is the shop file's own; ``settings`` None tries as hard as a plan does."""

    policy: Policy | None = None
    shapes: Sequence[Shape] = (HILL,)
    draws: int = DRAWS
    settings: SolveSettings | None = QUICK
    name: str = "engine"
    label: Text = TUNED

    def open(self, shop: Shop, seed: int) -> _Session:
        """A run of days; ``seed`` takes the place of the shop's own."""
        return _Session(self, with_seed(shop, seed), self.policy or default_policy(shop), Memory())


@dataclass(slots=True)
class _Session:
    engine: Engine
    shop: Shop
    policy: Policy
    memory: Memory
    test_fen: int = 0  # see ``strategy.Testing``

    def budgets(self, date: datetime.date, report: TrafficReport) -> Ints:
        """The plan's budgets.

        Raises:
            NoPlanError: no plan meets the shop's limits.
        """
        engine, solver = self.engine, partial(allocate, settings=self.engine.settings)
        day = observed_day(
            self.shop, self.policy, report, date, shapes=engine.shapes, draws=engine.draws, memory=self.memory
        )
        self.test_fen = sum(test.spend_fen for test in day.tests)
        formulation = formulate(self.shop, day.curves, day.ranges, day.tests, solver)
        allocation = solver(formulation.problem, known=formulation.known)
        _, allocation = hold_floor_on_bad_days(self.shop, day.curves, formulation.problem, allocation, solver)
        return np.array(allocation.spend[: len(day.ranges)], dtype=np.int64)
