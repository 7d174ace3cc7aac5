"""The sections of a policy file: the numbers of test-then-scale, and a stage that sets some of them for a while."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import Field, model_validator

from adspend.shop_faults import BrokenLaw
from adspend.shop_sections import Levels, Name, Section, Share

Days = Annotated[int, Field(ge=0, le=10_000)]
Multiple = Annotated[float, Field(ge=1)]  # `inf` switches it off


class Numbers(Section):
    """Named parameters of test-then-scale.

    Attributes:
        learning_horizon: days over which what a test teaches is expected to pay (days, 0-365); 0 never tests for
            learning alone.
        doubt: how many times wider than the posterior the uncertainty is taken where a test's worth is judged (1-5).
        test_share: most of the day's budget that goes to tests once there is history (share, 0-1).
        test_levels: spend levels of the first day as multiples of an even split; the largest is also the most that a
            cell never seen is tested with where the shop caps untested spends.
        test_cells: most cells tested on one day (count, 1-10,000), the cold start's first day apart.
        first_share: share of the budget spent on the cold start's first day (share, 0-1).
        kill: a cell of which less than this share of the posterior earns money at its best spend is not tested, or not
            again (probability, 0-1).
        promote: a cell with thin data of which at least this share of the posterior earns money at its best spend
            counts as scaled: its money comes from the allocation, within the shop's caps (probability, 0-1).
        step_up: most of a test, as a multiple of the largest spend observed in the cell (1 or more; inf: no bound).
        cool_down: days without a test after a test that lost money (days, 0-365).
        tolerance: the tests of a day may lose this share of the day's budget ... (share, 0-1)
        tolerance_chance: ... with at most this probability (0-1); 1 allows any loss.
        learning_days: a cell that has run for fewer days in a row than this is in its platform's learning phase
            (学习期; days, 0-30): it is paused or kept within ``learning_change``, and not tested. 0, the default,
            switches this off: operators name one to three days for Qianchuan, the platform publishes no number.
        learning_change: most by which a learning cell's budget may differ from yesterday's spend (share, 0-1). The
            default is half of the 20 % that are said to restart the phase at Google Ads (7 to 14 days).
    """

    learning_horizon: Annotated[float, Field(ge=0, le=365)] = 10.0
    doubt: Annotated[float, Field(ge=1, le=5)] = 1.0
    test_share: Share = 0.5
    test_levels: Levels = (0.3, 1.0, 3.0)
    test_cells: Annotated[int, Field(ge=1, le=10_000)] = 10_000
    first_share: Share = 1.0
    kill: Share = 0.1
    promote: Share = 0.9
    step_up: Multiple = float("inf")
    cool_down: Annotated[int, Field(ge=0, le=365)] = 0
    tolerance: Share = 0.5
    tolerance_chance: Share = 0.5
    learning_days: Annotated[int, Field(ge=0, le=30)] = 0
    learning_change: Share = 0.1


class StageSection(Numbers):
    """One stage (阶段): numbers that replace the policy's own, and what begins and ends it.

    A stage is over when ``min_days`` are observed and any one of its other exit rules is met, or at ``max_days``; with
    no exit rule it lasts for ever. A stage with a calendar window or ``least_stock`` is passed over while that does not
    hold.

    Attributes:
        name: in Chinese, as the page shows it; ``name_en`` in English.
        min_days: least days with spend that the shop has behind it before the stage may end (days).
        max_days: days with spend at which the stage ends whatever the evidence (days).
        day_gmv: the stage ends once a day's GMV has reached this (yuan).
        sure_share: the stage ends once this share of yesterday's spend stands in cells of which at least
            ``sure_chance`` of the posterior says that the next yuan earns more than it costs (share, 0-1).
        sure_chance: see ``sure_share`` (probability, 0-1).
        start: first day of the calendar window.
        end: last day of the calendar window.
        least_stock: orders that the products' stock and inbound must cover for the stage to be entered (orders).
    """

    name: Name
    name_en: Name
    min_days: Days = 0
    max_days: Days | None = None
    day_gmv: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    sure_share: Share | None = None
    sure_chance: Share = 0.9
    start: datetime.date | None = None
    end: datetime.date | None = None
    least_stock: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> StageSection:
        if self.max_days is not None and self.max_days < self.min_days:
            raise BrokenLaw("必须满足 min_days ≤ max_days", "`min_days <= max_days` must hold")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise BrokenLaw("必须满足 start ≤ end", "`start <= end` must hold")
        return self
