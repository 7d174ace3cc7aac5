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
