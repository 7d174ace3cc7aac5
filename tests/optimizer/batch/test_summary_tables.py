"""summary.csv and the workbook's sheet of shops, read by other libraries: what needs a person apart from notes."""

from __future__ import annotations

import csv
import datetime
import io

import openpyxl
import pytest

from adspend.batch.record import Status
from adspend.batch.summary import Summary, summarise
from adspend.batch.summary_tables import summary_csv, summary_workbook
from oracles.made_records import made_record, remark

DATE = datetime.date(2026, 7, 1)


@pytest.fixture(scope="module")
def summary() -> Summary:
    big, stale = remark("BIG-RAISE", "REVIEW", "much more"), remark("STALE", "WARN", "ends on 24 June")
    return summarise(
        DATE,
        (
            made_record("a", planned=100, budget=150, net=60, remarks=(stale, big, remark("UNSPENT", "WARN", "left"))),
            made_record("b", planned=200, budget=200, net=90, remarks=(stale,)),
            made_record("c", status=Status.FAILED, remarks=(remark("E-DATE", "ERROR", "33 June"),)),
        ),
        (),
    )


def table(summary: Summary) -> list[dict[str, str]]:
    """The CSV's rows."""
    return list(csv.DictReader(io.StringIO(summary_csv(summary, "en").decode("utf-8-sig"))))


def test_what_needs_a_person_and_what_is_only_to_be_known_stand_apart(summary: Summary) -> None:
    told = {row["name"]: (row["kinds"], row["reason"], row["notes"]) for row in table(summary)}
    assert told == {
        "a": ("big raise", "much more", "stale report · budget left unspent"),
        "b": ("", "", "stale report"),
        "c": ("wrong date", "33 June", ""),
    }
    book = openpyxl.load_workbook(io.BytesIO(summary_workbook(summary, "en")))
    heads, *rows, total = book["Shops"].iter_rows(values_only=True)
    column = heads.index("other notes")
    assert {row[1]: row[column] or "" for row in rows} == {name: notes for name, (_, _, notes) in told.items()}
    assert total[0] == "total"


def test_a_fault_in_every_row_is_told_a_few_times_and_counted() -> None:
    """One wrong column is one thing to correct: three places show it, and other codes keep their words."""
    dates = [remark("E-DATE", "ERROR", f"row {number}") for number in range(1, 50)]
    record = made_record("c", status=Status.FAILED, remarks=(*dates, dates[0], remark("E-TIME", "ERROR", "noon")))
    assert table(summarise(DATE, (record,), ()))[0]["reason"] == "row 1; row 2; row 3; 46 more like these; noon"
    assert summarise(DATE, (record,), ()).rows[0].reason.zh == "row 1；row 2；row 3；同样的还有 46 处；noon"
    few = made_record("c", status=Status.FAILED, remarks=tuple(dates[:3]))
    assert table(summarise(DATE, (few,), ()))[0]["reason"] == "row 1; row 2; row 3"
