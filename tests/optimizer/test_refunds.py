"""The report's own refunds, read to the end, against the rate that the shop file states."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from adspend.plan import Severity
from adspend.refunds import refund_notices
from adspend.shop import Shop, parse_shop
from adspend_datasets.readers import read_reports
from adspend_datasets.report import TrafficReport
from adspend_models.market.sample_shop import REFUND_RATE

SAMPLES = Path(__file__).parents[2] / "datasets" / "adspend_datasets" / "samples"
DATE = datetime.date(2026, 11, 23)


@cache
def sample_shop() -> Shop:
    return parse_shop((SAMPLES / "shop.toml").read_bytes(), file="shop.toml")


@cache
def sample_report() -> TrafficReport:
    shop = sample_shop()
    report, _ = read_reports(
        [SAMPLES / "qianchuan_standard.csv"], rules=shop.rules, slots=shop.cells.slots, platform=shop.shop.platform
    )
    return report


def stating(rate: float) -> Shop:
    shop = sample_shop()
    return shop.model_copy(update={"economics": shop.economics.model_copy(update={"refund_rate": rate})})


def codes(shop: Shop, report: TrafficReport, date: datetime.date = DATE) -> list[str]:
    return [notice.code for notice in refund_notices(shop, report, date)]


def test_a_rate_that_agrees_is_no_news() -> None:
    """The sample's market refunds 46 % in the end, and its shop file says so."""
    assert codes(stating(REFUND_RATE), sample_report()) == []


@pytest.mark.parametrize("stated", [0.2, 0.6])
def test_a_rate_that_disagrees_is_corrected_with_a_line_to_copy(stated: float) -> None:
    """The rate named is the market's own within two points, though the naive share of the snapshot is lower."""
    (notice,) = refund_notices(stating(stated), sample_report(), DATE)
    assert notice.code == "REFUND-RATE"
    assert notice.severity is Severity.REVIEW
    told = float(notice.text.en.rsplit("refund_rate = ", 1)[1])
    assert told == pytest.approx(REFUND_RATE, abs=0.02)
    assert notice.text.zh.endswith(f"refund_rate = {told:.3f}")
    rows = sample_report().rows
    assert rows["refund_fen"].sum() / rows["gmv_fen"].sum() < told


def test_a_cell_that_sends_back_more_is_named() -> None:
    """Every refund of one large cell, half as much again."""
    rows = sample_report().rows.copy()
    largest = rows.groupby(["segment", "slot"])["orders"].sum().idxmax()
    mine = (rows["segment"] == largest[0]) & (rows["slot"] == largest[1])
    rows.loc[mine, "refund_fen"] = (rows.loc[mine, "refund_fen"] * 3) // 2
    (notice,) = refund_notices(stating(REFUND_RATE), replace(sample_report(), rows=rows), DATE)
    assert notice.code == "REFUND-CELLS"
    assert f"{largest[0]} × {largest[1]}" in notice.text.zh


def test_too_little_says_nothing() -> None:
    """A week of reports has no mature day; no report has no day at all."""
    rows = sample_report().rows
    recent = rows[rows["date"] >= rows["date"].max() - datetime.timedelta(days=6)]
    assert codes(stating(0.2), replace(sample_report(), rows=recent)) == []
    assert codes(stating(0.2), replace(sample_report(), rows=rows.iloc[:0])) == []
