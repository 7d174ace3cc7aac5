"""A report written as canonical CSV reads back to equal rows; sums agree with plain arithmetic on the way in."""

from __future__ import annotations

import datetime
import tempfile
from collections import defaultdict
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend_datasets.aggregate import empty_report
from adspend_datasets.amounts import format_yuan
from adspend_datasets.canonical import to_canonical_csv
from adspend_datasets.readers import read_reports
from adspend_datasets.report import MEASURE_COLUMNS, TrafficReport
from oracles.bad_reports import HEADER, text_of

NAMES = st.sampled_from(["新客", "老客", "=1+1", "@x", "'q", '="9"', "a,b", 'say "hi"', "VIP 1", "-x", "＋y", "x;y z"])
SLOTS = st.sampled_from(["ALL", "20:00-22:00", "22:00-26:00", "晚场"])
DAYS = st.dates(datetime.date(2026, 11, 1), datetime.date(2026, 11, 4))
# Amounts within a factor of 20, so that no law about unit slips is touched.
AMOUNTS = st.none() | st.integers(20_000, 90_000)

TAGS = (st.sampled_from(["", "uni"]), st.sampled_from(["", "外套"]), st.sampled_from(["direct", "overall"]))
MEASURES = st.tuples(*[AMOUNTS] * 6).filter(lambda row: any(value is not None for value in row))
ROWS = st.dictionaries(st.tuples(DAYS, NAMES, SLOTS, *TAGS), MEASURES, min_size=1, max_size=12)
PLANS = st.tuples(st.sampled_from(["新客", "老客"]), st.integers(1, 2), AMOUNTS, AMOUNTS)


def report_of(rows: dict[tuple[object, ...], tuple[int | None, ...]]) -> TrafficReport:
    """A report made by hand, sorted as the readers sort."""
    frame = pd.DataFrame(
        [
            {
                **dict(zip(("date", "segment", "slot", "lever", "product", "basis"), key, strict=True)),
                **dict(zip(MEASURE_COLUMNS, values, strict=True)),
                **{"shop": "甲店", "plan_id": "1789000000000000123", "phase": ""},
            }
            for key, values in sorted(rows.items())
        ]
    )
    empty = empty_report().rows
    return TrafficReport(rows=frame[list(empty.columns)].astype(empty.dtypes.to_dict()))


@given(ROWS)
@settings(max_examples=30, deadline=None)
def test_canonical_csv_reads_back_to_equal_rows(rows: dict[tuple[object, ...], tuple[int | None, ...]]) -> None:
    report = report_of(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        path.write_text(to_canonical_csv(report), "utf-8-sig")
        back, story = read_reports([path], shop="甲店")
    pd.testing.assert_frame_equal(back.rows, report.rows)
    costs = [values[0] for values in rows.values() if values[0] is not None]
    assert story.sums.cost_fen == (sum(costs) if costs or not rows else None)  # missing is never 0


@given(st.lists(PLANS, min_size=1, max_size=12))
@settings(max_examples=20, deadline=None)
def test_a_missing_part_makes_a_missing_sum(rows: list[tuple[str, int, int | None, int | None]]) -> None:
    """The oracle is a loop over a dictionary."""
    lines, parts = [], defaultdict(list)
    for number, (segment, day, cost, orders) in enumerate(rows):
        written = "" if cost is None else format_yuan(cost)
        counted = "" if orders is None else str(orders)
        lines.append(f"2026-11-{day:02d},{segment},ALL,{written},,,{counted},300,,{number}")
        parts[day, segment].append((cost, orders))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        path.write_text(text_of(f"{HEADER},plan_id", lines), "utf-8")
        report, story = read_reports([path])
    for row in report.rows.itertuples():
        costs, orders = zip(*parts[row.date.day, row.segment], strict=True)
        for got, values in ((row.cost_fen, costs), (row.orders, orders)):
            assert (None if got is pd.NA else got) == (None if None in values else sum(values))
        assert row.plan_id == ("" if len(costs) > 1 else row.plan_id)
    columns = [column for values in parts.values() for column in zip(*values, strict=True)]
    partly = any(None in column and any(value is not None for value in column) for column in columns)
    assert any("their sums are missing" in text.en for text in story.warnings) == partly


def test_an_empty_report_has_the_columns_and_no_rows() -> None:
    report, story = read_reports([])
    pd.testing.assert_frame_equal(report.rows, empty_report().rows)
    assert (report.cells, report.first_date, story.files, story.warnings) == ((), None, (), ())
    assert (story.sums.rows, story.sums.cost_fen) == (0, 0)
