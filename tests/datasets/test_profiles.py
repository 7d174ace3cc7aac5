"""Profiles: each platform's export is recognised by its header and read in its own units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adspend_datasets.cell import Cell
from adspend_datasets.errors import BadDataError
from adspend_datasets.header_words import header_words
from adspend_datasets.mapping import MappingRule
from adspend_datasets.profile import bundled_profiles, candidate_profiles
from adspend_datasets.readers import read_reports
from oracles.bad_reports import GENERIC_PROFILE, HEADER, ROWS, text_of

ANY = (MappingRule(plan_name="(?P<segment>.+)"),)

# Platform, header, one row; each row is 123.45 main units, 6000 impressions, 200 clicks, 4 orders, 1200.00 GMV.
EXPORTS = {
    "qianchuan_standard": (
        "stat_datetime,ad_id,ad_name,stat_cost,show_cnt,click_cnt,pay_order_count,pay_order_amount",
        "2026-11-20 00:00:00,178,新客,123.45,6000,200,4,1200.00",
    ),
    "qianchuan_uni": (
        "日期,计划名称,stat_cost,直播间整体曝光次数,整体点击次数,整体成交订单数,整体成交金额(元)",
        "2026-11-20,新客,12345000,6000,200,4,1200.00",
    ),
    "tiktok_ads": (
        "stat_time_day,adgroup_id,adgroup_name,spend,impressions,clicks,conversion,total_onsite_shopping_value",
        "2026-11-20 00:00:00,178,新客,123.45,6000,200,4,1200.00",
    ),
    "meta": (
        "Reporting starts,Reporting ends,Ad set name,Amount spent (CNY),Impressions,Link clicks,Purchases,"
        "Purchases conversion value",
        "2026-11-20,2026-11-20,新客,123.45,6000,200,4,1200",
    ),
    "google_ads": (
        "segments.date,ad_group.id,ad_group.name,metrics.cost_micros,metrics.impressions,metrics.clicks,"
        "metrics.conversions,metrics.conversions_value",
        "2026-11-20,178,新客,123450000,6000,200,3.6,1200.00",
    ),
    "generic": ("日期,计划,花费(分),曝光,点击,订单,GMV", "2026-11-20,新客,12345,6000,200,4,1200.00"),
    "canonical": (HEADER, "2026-11-20,新客,ALL,123.45,6000,200,4,1200.00,"),
}


@pytest.mark.parametrize("platform", EXPORTS)
@pytest.mark.parametrize("named", [False, True])
def test_every_platform_is_recognised_and_read_in_its_units(platform: str, named: bool, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text_of(EXPORTS[platform][0], [EXPORTS[platform][1]]), "utf-8")
    report, story = read_reports([path], rules=ANY, platform=platform if named else "")
    assert story.files[0].profile == platform
    row = report.rows.iloc[0]
    measures = [row[name] for name in ("cost_fen", "impressions", "clicks", "orders", "gmv_fen")]
    assert measures == [12_345, 6000, 200, 4, 120_000]
    assert report.cells == (Cell("新客", "ALL"),)
    assert row["basis"] == ("overall" if platform == "qianchuan_uni" else "direct")


def test_bundled_profiles_are_all_there_and_consistent() -> None:
    names = [profile.name for profile in bundled_profiles()]
    assert names[0] == "canonical"
    assert names[-1] == "generic"
    assert set(names) == {*EXPORTS, "qianchuan_board"}
    for profile in bundled_profiles():
        for name, rule in profile.fields.items():
            others = {
                header_words(header).name
                for other, its in profile.fields.items()
                if other != name
                for header in its.headers
            }
            shared = others & {header_words(header).name for header in rule.headers}
            assert not shared, f"{profile.name}.{name} shares the headers {shared} with another field"


def test_a_family_tries_its_profiles_and_the_canonical_one() -> None:
    assert [profile.name for profile in candidate_profiles("qianchuan")] == [
        "canonical",
        "qianchuan_board",
        "qianchuan_standard",
        "qianchuan_uni",
    ]


def test_a_merged_workbook_says_the_basis_of_each_row(tmp_path: Path) -> None:
    path = tmp_path / "month.csv"
    header = "日期,推广类型,计划名称,消耗(元),直接成交订单数,直接成交金额(元)"
    path.write_text(text_of(header, ["2026-11-20,标准推广,甲,1,1,2", "2026-11-20,全域推直播,甲,3,1,4"]), "utf-8")
    report, story = read_reports([path], rules=ANY)
    assert dict(zip(report.rows["basis"], report.rows["cost_fen"], strict=True)) == {"direct": 100, "overall": 300}
    assert any("both direct and overall" in text.en for text in story.warnings)


def test_breakdowns_make_segments_where_no_plan_is_mapped(tmp_path: Path) -> None:
    path = tmp_path / "audience.csv"
    header = "stat_time_day,age,gender,spend,impressions,clicks,conversion"
    path.write_text(text_of(header, [f"2026-11-20,{a},{g},10,200,5,1" for a in ("18-24", "25-34") for g in "MF"]))
    report, _ = read_reports([path])
    assert [cell.segment for cell in report.cells] == ["18-24·F", "18-24·M", "25-34·F", "25-34·M"]


def test_a_breakdown_below_the_plan_is_summed(tmp_path: Path) -> None:
    """Creatives of one plan: equal rows of different creatives are two rows, not a repeat."""
    path = tmp_path / "creatives.csv"
    header = "日期,计划名称,素材ID,消耗(元),直接成交订单数,直接成交金额(元)"
    path.write_text(text_of(header, ["2026-11-20,甲,1,5,0,0", "2026-11-20,甲,2,5,0,0"]), "utf-8")
    report, _ = read_reports([path], rules=ANY)
    assert report.rows["cost_fen"].tolist() == [1000]


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GENERIC_PROFILE, "utf-8")
    path = tmp_path / "export.csv"
    path.write_text("Tag;Zielgruppe;Ausgaben;Käufe\n18.11.2026;新客;12345;4\n", "utf-8")
    report, story = read_reports([path], platform=str(tmp_path / "mine.toml"))
    assert story.files[0].profile == "mine"
    assert report.rows["cost_fen"].tolist() == [12_345]
    assert str(report.first_date) == "2026-11-18"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('basis = "direct"', 'basis = "net"', "basis"),
        ('unit = "fen"', 'unit = "count"', "money unit"),
        ('unit = "fen"', 'unti = "fen"', "Extra inputs are not permitted"),
        ('required = ["date"', 'required = ["day"', "unknown fields"),
        ('required = ["date"', 'required = ["gmv"', "no headers"),
        ("[fields]", "[fields", "valid"),
    ],
)
def test_a_bad_profile_is_refused_with_its_key(old: str, new: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GENERIC_PROFILE.replace(old, new), "utf-8")
    with pytest.raises(BadDataError, match=words) as caught:
        candidate_profiles(str(path))
    assert {(fault.code, fault.place.file) for fault in caught.value.faults} == {("E-PROFILE", "mine.toml")}


def test_a_foreign_currency_is_read_when_it_is_the_shops(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Day,Ad set name,Amount spent (USD),Purchases,Currency\n2026-11-20,a,$12.50,1,USD\n", "utf-8")
    report, _ = read_reports([path], rules=ANY, currency="USD")
    assert report.rows["cost_fen"].tolist() == [1250]
    with pytest.raises(BadDataError) as caught:
        read_reports([path], rules=ANY)
    assert {fault.code for fault in caught.value.faults} == {"E-CURRENCY"}


def test_a_canonical_file_is_read_whatever_the_shops_platform(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(text_of(HEADER, ROWS), "utf-8")
    _, story = read_reports([path], platform="qianchuan", shop="某店", slots=["20:00-22:00"])
    assert story.files[0].profile == "canonical"


@pytest.mark.parametrize("segment", ["双11", "小A", "新客", "老客户"])
def test_an_export_reads_the_same_in_utf8_and_in_gbk(write: Callable[..., Path], segment: str) -> None:
    """Also one whose only Chinese is a word that GBK writes in bytes of UTF-8."""
    row = f"2026-11-20,{segment},ALL,123.45,6000,200,4,1200.00,\n"
    found = [read_reports([write(f"{e}.csv", HEADER + "\n" + row, e)])[0].rows for e in ("utf-8", "utf-8-sig", "gbk")]
    assert [list(rows.segment) for rows in found] == [[segment]] * 3
