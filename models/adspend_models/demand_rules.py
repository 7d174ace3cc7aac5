"""Doubts about curves from spend that follows demand: see ``habit``. Their remedy is a test whose levels are drawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adspend_datasets.text import Text
from adspend_models.evidence import CellEvidence
from adspend_models.fail_rules import response_can_be_judged
from adspend_models.habit import CLEARLY

LEAST_SWING = 0.1  # log-sd of what days do: where days are alike there is nothing to follow
RIDES = 0.5  # correlation: a quarter of the cell's own moves


def steeper_than_tests(evidence: CellEvidence) -> Text | None:
    """Own days respond more than days whose level was drawn."""
    if not evidence.habit_tested or evidence.habit_gap <= CLEARLY * evidence.habit_error:
        return None
    gap = f"{evidence.habit_gap:.2f}"
    return Text(
        f"花费跟着需求走：花费每增 1%，自选花费的日子比随机测试日多增 {gap}% 的订单，这部分不是花费带来的；曲线已扣除，"
        "斜率以测试日为准。要更准请再做测试（adspend design-test）",
        f"spend follows demand: per 1 % more cost, days of your own choice gained {gap} % more orders than randomised "
        "test days. The curve leaves that out and takes its slope from the tests; for a better one run "
        "`adspend design-test`",
    )


def rides_demand(evidence: CellEvidence) -> Text | None:
    """The cell spends more on days when everything sells."""
    r, days = evidence.rides, evidence.usable_days
    clear = r * np.sqrt(days) > CLEARLY and r >= RIDES
    if not clear or evidence.day_swing < LEAST_SWING or not response_can_be_judged(evidence):
        return None
    return Text(
        f"花费跟着需求走：大盘好的日子花得更多（相关 {r:.2f}），曲线可能把行情算成花费的功劳；"
        "请用随机档位测试（adspend design-test）",
        f"spend follows demand: more is spent on days when all cells sell well (correlation {r:.2f}), so the curve may "
        "credit cost with the day; run `adspend design-test`",
    )


def faster_than_cost(evidence: CellEvidence) -> Text | None:
    """The shop's orders rise faster than cost: one cell may have a threshold, a whole shop seldom has."""
    low = 1.0 + evidence.habit_gap - CLEARLY * evidence.habit_error
    if evidence.habit_tested or not response_can_be_judged(evidence) or low <= 1.0:
        return None
    value = 1.0 + evidence.habit_gap
    return Text(
        f"全店订单比花费涨得还快（平均弹性 {value:.2f}，99% 下限 {low:.2f}）：多半是花费跟着需求走，否则就是普遍有"
        "起量门槛；超出同比例的部分已从曲线中扣除，请用随机档位测试定夺（adspend design-test）",
        f"the shop's orders rise faster than cost (mean elasticity {value:.2f}, 99 % at least {low:.2f}): most likely "
        "spend follows demand, unless all cells have thresholds. What exceeds proportion is left out of the curve; "
        "`adspend design-test` settles it",
    )


DEMAND_RULES: tuple[Callable[[CellEvidence], Text | None], ...] = (
    steeper_than_tests,
    rides_demand,
    faster_than_cost,
)
