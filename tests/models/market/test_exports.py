"""Export writers: figures as platforms print them, sheets that refuse misfits, and half-hours that add up."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pytest

from adspend_datasets.cell import ALL, Cell
from adspend_datasets.report import COLUMNS
from adspend_models.market.exports.qianchuan_board import half_hours, qianchuan_board
from adspend_models.market.exports.qianchuan_standard import qianchuan_standard
from adspend_models.market.exports.report import traffic_report
from adspend_models.market.exports.rows import CellDay, by_segment, cell_days, plan_id
from adspend_models.market.exports.sheet import Sheet, csv_bytes, printed, ratio
from adspend_models.market.exports.workbook import xlsx_bytes
from adspend_models.market.sample_shop import sample_world

DATE = datetime.date(2026, 11, 22)
WORLD = sample_world(9)
DAY = WORLD.day(DATE, np.where(np.arange(36) % 5 == 0, 0, 120_000))


def row(**changes: object) -> CellDay:
    base: dict[str, object] = {
        "date": DATE,
        "cell": Cell("新客", "20:00-22:00"),
        "cost_fen": 100_000,
        "impressions": 20_000,
        "clicks": 800,
        "orders": 4,
        "gmv_fen": 400_000,
        "refund_fen": 100_000,
    }
    return CellDay(**(base | changes))  # type: ignore[arg-type]  # the changes of a test are of the right type


def test_figures_done_by_hand() -> None:
    """Cost 1,000, 20,000 shown, 800 clicks, 4 orders, GMV 4,000: CTR 4 %, CPM 50, CPA 250, CVR 0.5 %, ROI 4."""
    line = qianchuan_standard([row()], seed=1).rows[0]
    printed_line = [printed(value, thousands=True, missing="-") for value in line]
    assert printed_line[2:] == [
        "直播_新客_20:00-22:00_01",
        "1,000.00",
        "20,000",
        "800",
        "4.00",
        "50.00",
        "4",
        "250.00",
        "0.50",
        "4",
        "4,000.00",
        "4.00",
        "1,000.00",
    ]


def test_nothing_is_divided_by_nothing_and_an_open_refund_is_missing() -> None:
    empty = row(cost_fen=0, impressions=0, clicks=0, orders=0, gmv_fen=0, refund_fen=None)
    sheet = qianchuan_standard([row(), empty], seed=1)
    line = [printed(value, thousands=True, missing="-") for value in sheet.rows[1]]
    assert line[3:] == ["0.00", "0", "0", "-", "-", "0", "-", "-", "0", "0.00", "-", "-"]
    assert sheet.rows[2][0] == "合计"
    assert sheet.rows[2][-1] is None, "a total of which a part is unknown is unknown"
    assert sheet.rows[2][3] == Decimal("1000.00")


def test_ratios_round_half_up() -> None:
    assert ratio(1, 200, times=1) == Decimal("0.01")
    assert ratio(-1, 3) == Decimal("-0.33")


def test_refunds_are_known_once_fourteen_full_days_have_passed() -> None:
    open_, closed = DATE + datetime.timedelta(days=14), DATE + datetime.timedelta(days=15)
    assert all(r.refund_fen is None for r in cell_days([DAY], exported=open_))
    assert all(r.refund_fen is not None for r in cell_days([DAY], exported=closed))


def test_paused_cells_have_no_row() -> None:
    cells = [r.cell for r in cell_days([DAY], exported=DATE)]
    assert cells == [cell for i, cell in enumerate(DAY.cells) if i % 5]


def test_plan_ids_are_distinct_and_too_long_for_a_double() -> None:
    ids = {plan_id(cell, seed=9) for cell in DAY.cells}
    assert len(ids) == 36
    assert {len(i) for i in ids} == {19}
    assert any(int(float(i)) != int(i) for i in ids), "read as a number at least one id must break"


def test_segments_keep_the_sum_over_slots() -> None:
    rows = list(cell_days([DAY], exported=DATE))
    grouped = list(by_segment(rows))
    assert {r.cell.slot for r in grouped} == {ALL}
    for name in ("cost_fen", "impressions", "clicks", "orders", "gmv_fen"):
        for segment in {r.cell.segment for r in rows}:
            want = sum(getattr(r, name) for r in rows if r.cell.segment == segment)
            assert [getattr(g, name) for g in grouped if g.cell.segment == segment] == [want]


@pytest.mark.parametrize(
    ("slot", "want"), [("08:00-10:00", (16, 20)), ("22:00-26:00", (44, 52)), ("00:30-01:00", (1, 2))]
)
def test_half_hours_count_from_midnight_of_the_business_day(slot: str, want: tuple[int, int]) -> None:
    span = half_hours(slot)
    assert (span.start, span.stop) == want


def test_differences_of_the_board_are_the_slots_to_the_fen() -> None:
    """Differencing at slot boundaries returns cost, GMV, orders, impressions and viewers of the world's rows."""
    slots = ("18:00-20:00", "20:00-22:00", "22:00-26:00")
    board = qianchuan_board(DAY, slots=slots, seed=9)
    moments = {str(line[0]): line for line in board.rows}
    edges = ["2026-11-22 18:00:00", "2026-11-22 20:00:00", "2026-11-22 22:00:00", "2026-11-23 02:00:00"]
    columns = {2: DAY.cost_fen / 100, 4: DAY.gmv_fen / 100, 5: DAY.orders, 6: DAY.impressions, 7: DAY.clicks}
    for slot, start, stop in zip(slots, edges, edges[1:], strict=False):
        here = np.array([cell.slot == slot for cell in DAY.cells])
        for column, per_cell in columns.items():
            got = Decimal(str(moments[stop][column])) - Decimal(str(moments[start][column]))
            assert float(got) == pytest.approx(per_cell[here].sum(), abs=1e-6), f"{slot}, {board.header[column]}"
    for column in columns:
        values = [Decimal(str(line[column])) for line in board.rows]
        assert values == sorted(values), f"{board.header[column]} must be cumulative"


def test_a_workbook_reads_back_in_another_library_and_is_the_same_twice() -> None:
    sheet = Sheet(("计划ID", "消耗(元)", "订单", "ROI"), (("1847000000000000001", Decimal("1234.56"), 7, None),))
    numbers, text = (
        xlsx_bytes(sheet, name="数据", title="合成数据", created=DATE, as_text=as_text) for as_text in (False, True)
    )
    assert numbers == xlsx_bytes(sheet, name="数据", title="合成数据", created=DATE, as_text=False)
    for content, want in ((numbers, (1234.56, 7)), (text, ("1,234.56", "7"))):
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert list(book["数据"].values) == [sheet.header, ("1847000000000000001", *want, "-")]
        assert book.properties.title == "合成数据"
        assert book.properties.created == datetime.datetime(2026, 11, 22)


def test_csv_quotes_thousands_and_keeps_its_encoding() -> None:
    sheet = Sheet(("消耗(元)", "计划"), ((Decimal("1234.50"), "直播"), (None, "直播")))
    content = csv_bytes(sheet, encoding="gb18030", thousands=True, missing="-", line_end="\r\n")
    assert content.decode("gb18030") == '消耗(元),计划\r\n"1,234.50",直播\r\n-,直播\r\n'


def test_a_row_that_does_not_fit_the_header_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 must have 2 values, but got 1"):
        Sheet(("a", "b"), (("1", "2"), ("1",)))


def test_a_report_without_a_file_has_the_schema_and_the_rows() -> None:
    rows = list(cell_days([DAY], exported=DATE))
    report = traffic_report(reversed(rows), seed=9)
    assert tuple(report.rows.columns) == COLUMNS
    assert report.first_date == report.last_date == DATE
    assert report.cells == tuple(sorted(r.cell for r in rows))
    assert int(report.rows["gmv_fen"].sum()) == int(DAY.gmv_fen.sum())
    assert report.rows["refund_fen"].isna().all(), "refunds of yesterday are unknown, not zero"
    assert {str(report.rows[c].dtype) for c in ("cost_fen", "orders", "refund_fen")} == {"Int64"}
    assert pd.api.types.is_datetime64_any_dtype(report.rows["date"])
