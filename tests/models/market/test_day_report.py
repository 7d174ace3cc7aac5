"""The report of executed days: the rows that the export writer makes, and only what the snapshot morning knew."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from adspend_datasets.cell import Cell
from adspend_datasets.report import COLUMNS
from adspend_models.market.day import Day
from adspend_models.market.day_report import report_of
from adspend_models.market.exports.report import traffic_report
from adspend_models.market.exports.rows import cell_days
from adspend_models.market.festival import sale
from adspend_models.market.sample_shop import sample_world
from oracles.made_days import day_number, made_day

WORLD = sample_world(9)
N = len(WORLD.truth.cells)
DAYS = [WORLD.day(day_number(k), np.where((np.arange(N) + k) % 5 == 0, 0, 120_000)) for k in range(4)]


def test_it_agrees_with_the_export_writer_row_by_row() -> None:
    """Two implementations: this one by columns, the other line by line; refunds and plan ids differ by contract."""
    want = traffic_report(cell_days(DAYS, exported=day_number(4)), seed=9).rows
    got = report_of(DAYS, day_number(4)).rows
    same = [name for name in COLUMNS if name not in {"refund_fen", "plan_id"}]
    assert got[same].equals(want[same])
    assert [str(kind) for kind in got.dtypes] == [str(kind) for kind in want.dtypes]


@pytest.mark.parametrize("age", [1, 2, 8])
def test_a_refund_is_known_from_the_morning_after_it_came(age: int) -> None:
    """Order by order: a refund with lag d came on the d-th day after, so the morning of age d + 1 knows it."""
    day = DAYS[0]
    assert day.refund_lag is not None
    report = report_of([day], day.date + datetime.timedelta(days=age)).rows
    for row in report.itertuples():
        index = day.cells.index(Cell(row.segment, row.slot))
        pairs = zip(day.order_fen[index].tolist(), day.refund_lag[index].tolist(), strict=True)
        assert row.refund_fen == sum(value for value, lag in pairs if 0 <= lag < age)


def test_a_paused_cell_has_a_row_only_where_natural_orders_came() -> None:
    cells = (Cell("b", "ALL"), Cell("a", "ALL"), Cell("c", "ALL"))
    rows = report_of([made_day(0, cells, [50, 0, 0], [0, 2, 0])], day_number(1), basis="overall").rows
    assert rows[["segment", "cost_fen", "orders", "gmv_fen"]].to_numpy().tolist() == [
        ["a", 0, 2, 20_000],
        ["b", 5_000, 0, 0],
    ]
    assert rows["refund_fen"].isna().all(), "a world without refunds knows none"
    assert set(rows["basis"]) == {"overall"}


def test_the_phase_is_the_calendar_s() -> None:
    calendar = sale("618", day_number(2), build_up=1, days=1, encore=1)
    rows = report_of(DAYS, day_number(4), calendar=calendar).rows
    phases = rows.groupby("date")["phase"].unique().map(list).tolist()
    assert phases == [[""], ["618蓄水"], ["618爆发"], ["618返场"]]


def test_nothing_yet_is_an_empty_report() -> None:
    report = report_of([], day_number(0))
    assert report.rows.empty
    assert report.cells == ()


def test_a_report_cannot_know_today() -> None:
    with pytest.raises(ValueError, match="a report of the morning of 2026-06-04 cannot know 2026-06-04"):
        report_of(DAYS, day_number(3))


def test_many_orders_add_up_to_the_fen() -> None:
    """Sums over one long column of orders against Python's integers."""
    day: Day = WORLD.day(day_number(9), np.full(N, 600_000))
    assert day.gmv_fen.tolist() == [sum(values.tolist()) for values in day.order_fen]
    assert day.orders.tolist() == [len(values) for values in day.order_fen]
