"""A shop whose report cannot carry a plan is a failed record that says why, not a plan."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from adspend.batch.orders import Orders
from adspend.batch.record import Status
from adspend.batch.roster import Job, read_roster
from adspend.batch.shop_work import plan_shop

CASES = {"E-REPORT-DATE": ("2026-05-01", "segments"), "E-REPORT-SHOP": ("2026-06-10", "other")}


@pytest.mark.parametrize("code", CASES)
def test_an_unfit_report_fails_its_shop(small_shops: Path, tmp_path: Path, code: str) -> None:
    """A day before every report; and a shop file of quite other segments."""
    date, segments = CASES[code]
    job = read_roster(small_shops / "shops", small_shops / "reports")[0]
    shop = tmp_path / job.shop.name
    text = job.shop.read_text(encoding="utf-8")
    if segments == "other":
        text = re.sub(r"^segments = .*$", 'segments = ["甲", "乙"]', text, flags=re.MULTILINE)
    shop.write_text(text, encoding="utf-8")
    orders = Orders(date=datetime.date.fromisoformat(date), out=tmp_path / "out", language="zh")
    record = plan_shop(Job(name=job.name, shop=shop, reports=job.reports), orders)
    assert record.status is Status.FAILED
    assert [remark.code for remark in record.remarks] == [code]
