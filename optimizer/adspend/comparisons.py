"""Other ways to spend, on the same curves: the yardsticks beside every plan."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adspend.measures import Floats
from adspend.money import nearest_fen
from adspend.outcome import outcome
from adspend.plan import Comparison, PlannedCell
from adspend.value_curves import ValueCurves
from adspend_datasets.text import Text

YESTERDAY = Text("昨日实际消耗", "yesterday's spend")


def comparisons(
    curves: ValueCurves, cells: Sequence[PlannedCell], yesterday: Sequence[int] | None
) -> tuple[Comparison, ...]:
    """The plan, yesterday (fen per cell), yesterday's split at the plan's total, and an even split of it."""
    planned = np.array([cell.budget_fen for cell in cells], dtype=np.float64)
    ways: list[tuple[Text, Floats]] = []
    if yesterday is not None and sum(yesterday) > 0:
        before = np.array(yesterday, dtype=np.float64)
        ways.append((YESTERDAY, before))
        scaled = before * (planned.sum() / before.sum())
        ways.append((Text("昨日分配比例（同总额）", "yesterday's split, same total"), scaled))
    even = np.full(planned.size, planned.sum() / planned.size)
    ways.append((Text("平均分配（同总额）", "even split, same total"), even))
    return (_plan_itself(cells), *(_comparison(curves, name, way) for name, way in ways))


def _plan_itself(cells: Sequence[PlannedCell]) -> Comparison:
    """The plan's own numbers, so that the page never shows two sums of one thing."""
    return Comparison(
        name=Text("本计划", "this plan"),
        cost_fen=sum(cell.budget_fen for cell in cells),
        expected_orders=sum(cell.expected_orders for cell in cells),
        expected_gmv_fen=sum(cell.expected_gmv_fen for cell in cells),
        expected_net_fen=sum(cell.expected_net_fen for cell in cells),
    )


def _comparison(curves: ValueCurves, name: Text, way: Floats) -> Comparison:
    result = outcome(curves, way)
    return Comparison(
        name=name,
        cost_fen=round(float(way.sum())),
        expected_orders=float(result.orders.sum()),
        expected_gmv_fen=nearest_fen(float(result.gmv.sum())),
        expected_net_fen=nearest_fen(float(result.net.sum())),
    )
