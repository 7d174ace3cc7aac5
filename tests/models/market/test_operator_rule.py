"""The operator's rule: tests first, then +/-20 %, within every bound of the platform and the day's total."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from adspend_datasets.cell import Cell
from adspend_models.market.operator_rule import OperatorRule, recent_roi
from adspend_models.market.samples import IDLE, PAUSED, SEED, sample_days
from adspend_models.market.world import Day

CELLS = (Cell("好", "ALL"), Cell("平", "ALL"), Cell("差", "ALL"))
THURSDAY = datetime.date(2026, 11, 19)
RULE = OperatorRule(
    budget_fen=1_000_000,
    minimum_fen=30_000,
    maximum_fen=600_000,
    step_fen=10_000,
    levels_fen=(30_000, 70_000, 200_000),
    start_fen=90_000,
    test_days=2,
    target_roi=4.0,
    seed=1,
)


def day(budget_fen: list[int], roi: list[float]) -> Day:
    cost = np.array(budget_fen)
    values = tuple(np.array([int(c * r)]) for c, r in zip(budget_fen, roi, strict=True))
    zeros = np.zeros(3, dtype=np.int64)
    return Day(
        date=THURSDAY, cells=CELLS, budget_fen=cost, cost_fen=cost, impressions=zeros, clicks=zeros, order_fen=values
    )


PAST = [day([100_000, 100_000, 100_000], [6.0, 4.0, 2.0])] * 3


def test_recent_roi_pools_the_last_three_days_and_is_zero_without_cost() -> None:
    past = [day([100, 100, 0], [50.0, 50.0, 0.0]), day([100, 300, 0], [2.0, 4.0, 0.0])]
    past += [day([100, 100, 0], [4.0, 0.0, 0.0])] * 2
    assert recent_roi(past, 3).tolist() == pytest.approx([10 / 3, 12 / 5, 0])
    assert recent_roi([], 3).tolist() == [0, 0, 0]


def test_good_cells_rise_by_a_fifth_bad_ones_fall_and_the_rest_stay() -> None:
    assert RULE.budgets(THURSDAY, CELLS, PAST).tolist() == [120_000, 100_000, 80_000]


def test_test_levels_rotate_and_neighbours_differ() -> None:
    budgets = [RULE.budgets(THURSDAY, CELLS, []), replace(RULE, test_days=9).budgets(THURSDAY, CELLS, PAST[:2])]
    assert [b.tolist() for b in budgets] == [[30_000, 70_000, 200_000], [70_000, 200_000, 30_000]]
    assert RULE.budgets(THURSDAY, CELLS, PAST[:2]).tolist() == [90_000] * 3


def test_bounds_hold_the_platform_minimum_and_the_cell_maximum() -> None:
    past = [day([590_000, 100_000, 30_000], [6.0, 4.0, 2.0])] * 3
    assert RULE.budgets(THURSDAY, CELLS, past).tolist() == [600_000, 100_000, 30_000]


def test_the_total_is_kept_at_the_expense_of_the_worst() -> None:
    """120 + 100 + 80 = 300 thousand fen; with 285 allowed, two steps go: one each from the two worst."""
    tight = replace(RULE, budget_fen=285_000)
    assert tight.budgets(THURSDAY, CELLS, PAST).tolist() == [120_000, 90_000, 70_000]


def test_a_total_below_the_minima_is_refused() -> None:
    with pytest.raises(ValueError, match="the minimum of every active cell exceeds the total of 80000 fen"):
        replace(RULE, budget_fen=80_000).budgets(THURSDAY, CELLS, PAST)


def test_idle_and_paused_cells_get_nothing() -> None:
    rule = replace(RULE, idle=frozenset({CELLS[0]}), paused={CELLS[2]: THURSDAY})
    assert rule.budgets(THURSDAY, CELLS, PAST).tolist() == [0, 100_000, 0]
    assert rule.budgets(THURSDAY - datetime.timedelta(days=2), CELLS, PAST).tolist() == [0, 100_000, 80_000]


def test_the_sample_month_is_a_plausible_operators() -> None:
    """Total kept, minimum kept, steps of 100 yuan, idle and paused cells empty, several levels per open cell."""
    days = sample_days(SEED)
    budgets = np.array([d.budget_fen for d in days])
    cells = days[0].cells
    assert len(days) == 30
    assert budgets.sum(axis=1).max() <= 3_000_000
    assert set(np.unique(budgets % 10_000)) == {0}
    assert budgets[budgets > 0].min() == 30_000
    assert budgets.max() <= 600_000
    for i, cell in enumerate(cells):
        levels = len(set(budgets[:, i]) - {0})
        assert levels == 0 if cell in IDLE else levels >= 5, f"{cell.label}: {levels} spend levels"
        if cell in PAUSED:
            on = [d.date for d in days if d.budget_fen[i] > 0]
            assert max(on) == PAUSED[cell] - datetime.timedelta(days=1)
