"""A report laid out as arrays: sums, gaps, and what is never read."""

from __future__ import annotations

import numpy as np
import pytest

from adspend_datasets.cell import Cell
from adspend_datasets.errors import BadDataError
from adspend_models.panel import read_panel
from adspend_models.sample import take_sample
from oracles.made_reports import FIRST_DAY, Row, day_after, report_of

CELL = Cell("新客", "20:00-22:00")


def test_products_of_a_day_are_added_and_a_missing_part_leaves_the_sum_missing() -> None:
    rows = [
        Row(day=0, cost=100.5, orders=3, gmv=240, product="a"),
        Row(day=0, cost=50.25, orders=1, gmv=99.5, product="b"),
        Row(day=1, cost=100, orders=3, gmv=240, product="a"),
        Row(day=1, cost=None, orders=1, gmv=80, product="b"),
    ]
    panel = read_panel(report_of(rows), [], day_after(9))
    assert panel.cells == (CELL,)
    assert panel.day.tolist() == [[FIRST_DAY.toordinal(), FIRST_DAY.toordinal() + 1]]
    assert panel.cost[0, 0] == pytest.approx(150.75)
    assert np.isnan(panel.cost[0, 1])
    assert panel.orders.tolist() == [[4, 4]]
    assert panel.gmv[0] == pytest.approx([339.5, 320])
    assert np.isnan(panel.refund).all()
    assert panel.usable.tolist() == [[True, False]]


def test_cells_are_those_of_the_report_and_those_asked_for_sorted() -> None:
    rows = [Row(day=0, cost=1, orders=0, segment="b"), Row(day=3, cost=2, orders=1, segment="a")]
    panel = read_panel(report_of(rows), [Cell("c", "x"), Cell("a", "20:00-22:00")], day_after(9))
    assert [cell.segment for cell in panel.cells] == ["a", "b", "c"]
    assert panel.cost[:, 0].tolist()[:2] == [2.0, 1.0]
    assert panel.seen.tolist() == [[True], [True], [False]]
    assert panel.report_days.tolist() == [FIRST_DAY.toordinal(), FIRST_DAY.toordinal() + 3]


def test_rows_on_or_after_the_planning_date_are_not_read() -> None:
    rows = [Row(day=day, cost=10 + day, orders=day) for day in range(5)]
    assert read_panel(report_of(rows), [], day_after(3)).cost.tolist() == [[10, 11, 12]]
    assert read_panel(report_of(rows), [CELL], day_after(0)).cost.shape == (1, 0)


def test_weekdays_count_from_monday() -> None:
    panel = read_panel(report_of([Row(day=day, cost=1, orders=0) for day in range(8)]), [], day_after(9))
    assert panel.weekday.tolist() == [[0, 1, 2, 3, 4, 5, 6, 0]]


def test_direct_and_overall_gmv_never_share_a_curve() -> None:
    rows = [Row(day=0, cost=1, orders=1), Row(day=1, cost=1, orders=1, basis="overall")]
    with pytest.raises(BadDataError) as caught:
        read_panel(report_of(rows), [], day_after(9))
    assert caught.value.pick("en") == (
        "E-BASIS-MIXED column basis [新客 × 20:00-22:00]: a cell's GMV must have one basis, direct or overall, but "
        "found 'direct + overall'. Split the rows by basis, or give one of them its own lever"
    )
    two_cells = [rows[0], Row(day=1, cost=1, orders=1, basis="overall", segment="老客")]
    assert len(read_panel(report_of(two_cells), [], day_after(9)).cells) == 2


def test_natural_orders_are_those_of_idle_days_shrunk_by_one_empty_day() -> None:
    rows = [Row(day=0, cost=0, orders=4), Row(day=1, cost=0, orders=2), Row(day=2, cost=50, orders=9)]
    panel = read_panel(report_of(rows), [], day_after(9))
    sample = take_sample(panel, panel.usable, 300.0)
    assert sample.natural.tolist() == [[2.0]]
    mean, bought = sample.expect(np.array([[np.log(0.1), 0.9, 0.0]]))
    assert mean[0, 2] == pytest.approx(2 + 0.1 * 50)
    assert bought[0, 2] == pytest.approx(5 / 7)


def test_the_reference_is_the_median_cost_or_the_priors() -> None:
    rows = [Row(day=day, cost=cost, orders=1) for day, cost in enumerate([10, 1000, 20])]
    panel = read_panel(report_of(rows), [Cell("never", "x")], day_after(9))
    assert take_sample(panel, panel.usable, 300.0).reference == pytest.approx([300, 20])
