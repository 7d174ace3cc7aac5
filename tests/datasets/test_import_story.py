"""The import report tells every transformation with its count, and what a person should look at."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import adspend_datasets
from adspend_datasets.aggregate import empty_report
from adspend_datasets.headers import match_header
from adspend_datasets.import_report import ImportReport
from adspend_datasets.mapping import MappingRule
from adspend_datasets.measures import read_measures
from adspend_datasets.profile import bundled_profiles
from adspend_datasets.raw_table import RawTable
from adspend_datasets.readers import read_reports
from adspend_datasets.report import MEASURE_COLUMNS, TrafficReport
from adspend_datasets.schema import schema_faults
from oracles.bad_reports import HEADER, PLAN_ROWS, PLANS, ROWS, RULES, text_of

ONLINE_ADS = Path(__file__).parents[3] / "shared" / "data" / "online_ads" / "reports.csv"
SAMPLES = Path(adspend_datasets.__file__).parent / "samples"


def story_of(path: Path, text: str, **options: object) -> ImportReport:
    path.write_text(text, "utf-8")
    return read_reports([path], **options)[1]  # type: ignore[arg-type]


def steps(story: ImportReport) -> dict[str, int]:
    return {step.text.en: step.count for step in story.steps}


def test_files_sums_and_hash(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    story = story_of(path, text_of(HEADER, ROWS))
    (file,) = story.files
    assert (file.name, file.encoding, file.profile, file.sheet) == ("report.csv", "utf-8", "canonical", "")
    assert (file.rows_read, file.rows_kept) == (4, 4)
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (story.sums.rows, story.sums.cost_fen, story.sums.orders, story.sums.gmv_fen) == (4, 163_000, 26, 820_000)
    assert (story.steps, story.warnings) == ((), ())


def test_every_conversion_is_counted(tmp_path: Path) -> None:
    """A7: the expansion of 万 is shown with an example."""
    rows = [
        "2026-11-20,1,a_新客_,1.2万,800000,1,1,300.005",
        "2026-11-20,2,a_老客_,0.5万,400000,1,1,300",
        PLANS,
        ",,,,,,,",
        "2026-11-20,2,a_老客_,0.5万,400000,1,1,300",
        "合计,,,17000,1200000,2,2,600.01",
    ]
    story = story_of(tmp_path / "plans.csv", text_of(PLANS, rows), rules=RULES)
    assert steps(story) == {
        "repeated header rows dropped": 1,
        "total rows checked and dropped": 1,
        "消耗(元): 万/亿 expanded, 1.2万 → 12000.00": 3,
        "直接成交金额(元): rounded to the smallest unit": 1,
        "exact repeats dropped": 1,
    }
    assert [text.en for text in story.warnings] == ["1 rows are exact repeats and count once"]


WARNED = {
    "A20 missing days": (
        text_of(HEADER, [*ROWS, "2026-11-24,新客,20:00-22:00,310.00,6100,210,5,1500.00,"]),
        ["整体缺 2 天：2026-11-22、2026-11-23；缺的日子不当作 0"],
    ),
    "A20 gaps of one cell": (
        text_of(HEADER, [*ROWS[:3], "2026-11-22,老客,20:00-22:00,310.00,6100,210,5,1500.00,"]),
        ["1 个投放单元中间缺数据：老客 × 20:00-22:00 缺 1 天；缺的日子不当作 0"],
    ),
    "A30 look-alikes": (
        text_of(HEADER, [ROWS[0].replace("新客", "女装"), ROWS[1].replace("老客", "女裝")]),
        ["「女装」、「女裝」 很像，是不是同一个？现按不同的算"],
    ),
    "E18 personal data": (
        text_of(HEADER + ",收货手机", [f"{row},13800138000" for row in ROWS]),
        ["report.csv 的「收货手机」像是个人信息，没有读取；请从导出里去掉"],
    ),
    "E18 personal data under another name": (
        text_of(HEADER + ",备注", [f"{row},13800138000" for row in ROWS]),
        ["report.csv 的「备注」像是个人信息，没有读取；请从导出里去掉"],
    ),
    "refunds above GMV": (text_of(HEADER, [ROWS[0] + "1200.01"]), ["有 1 行退款大于成交，请核对"]),
    "clicks above impressions": (
        text_of(HEADER, [ROWS[0].replace(",200,", ",6001,")]),
        ["有 1 行点击多于展示，请核对"],
    ),
    "GMV without orders": (text_of(HEADER, [ROWS[0].replace(",4,", ",0,")]), ["有 1 行有成交金额却没有订单，请核对"]),
    "a second column of the same meaning": (
        text_of(PLANS + ",成交金额", [f"{row},1" for row in PLAN_ROWS]),
        ["report.csv 的「成交金额」与另一列含义相同，没有采用"],
    ),
}


@pytest.mark.parametrize("case", WARNED)
def test_what_a_person_should_look_at_is_said(case: str, tmp_path: Path) -> None:
    text, warnings = WARNED[case]
    story = story_of(tmp_path / "report.csv", text, rules=RULES)
    assert [warning.zh for warning in story.warnings] == warnings
    assert all("13800138000" not in warning.zh + warning.en for warning in story.warnings)


def test_hidden_rows_are_counted_and_told(tmp_path: Path) -> None:
    """A15."""
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row.split(","))
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "report.xlsx")
    report, story = read_reports([tmp_path / "report.xlsx"])
    assert len(report.rows) == 4
    assert [text.en for text in story.warnings] == ["report.xlsx: 1 hidden or filtered rows are counted too"]


def test_missing_is_never_zero(tmp_path: Path) -> None:
    """A12: in every spelling."""
    rows = [
        f"2026-11-{day:02d},新客,ALL,300,6000,200,4,{token},"
        for day, token in enumerate(["", "-", "--", "N/A", "—"], 1)
    ]
    (tmp_path / "report.csv").write_text(text_of(HEADER, [*rows, "2026-11-06,新客,ALL,300,6000,200,0,0,"]), "utf-8")
    report, _ = read_reports([tmp_path / "report.csv"])
    assert report.rows["gmv_fen"].isna().tolist() == [True] * 5 + [False]


@pytest.mark.skipif(not ONLINE_ADS.exists(), reason="the shared online_ads data is not beside the repository")
def test_a_real_advertisers_report_is_read() -> None:
    """2,234 rows, slots are placements, refunds empty; the oracle is pandas' own CSV reader."""
    report, story = read_reports([ONLINE_ADS])
    expected = pd.read_csv(ONLINE_ADS)
    assert story.sums.rows == len(expected) == 2234
    assert story.sums.cost_fen == round(expected["cost"].sum() * 100)
    assert story.sums.orders == expected["orders"].sum()
    assert story.sums.gmv_fen == round(expected["gmv"].sum() * 100)
    assert report.rows["refund_fen"].isna().all()
    assert {cell.slot for cell in report.cells} == set(expected["slot"])
    assert np.array_equal(report.rows["date"].unique(), pd.to_datetime(expected["date"]).sort_values().unique())


def test_the_bundled_samples_of_one_month_agree() -> None:
    """GB18030 CSV, workbook and canonical CSV hold the same month."""
    rules = [MappingRule(plan_name=r"^直播_(?P<segment>[^_]+)_(?P<slot>\d{2}:\d{2}-\d{2}:\d{2})_\d+$")]
    names = ("qianchuan_standard.csv", "qianchuan_standard.xlsx", "canonical.csv")
    read = [read_reports([SAMPLES / name], rules=rules, platform="qianchuan") for name in names]
    for report, story in read[1:]:
        pd.testing.assert_frame_equal(report.rows, read[0][0].rows)
        assert story.sums == read[0][1].sums


def test_plain_columns_are_read_as_the_scalar_parser_reads_them() -> None:
    """The fast way for columns of plain digits against the exact parser, to the largest plain amount."""
    rng = np.random.default_rng(5)
    texts = [
        "0",
        "0.1",
        "99999999999.99",
        *(f"{rng.integers(0, 10**11)}.{rng.integers(0, 100):02d}" for _ in range(500)),
    ]
    plain = measures([[text, text.split(".")[0]] for text in texts])
    dressed = measures([[f"￥{text}", f"{text.split('.')[0]}.0"] for text in texts])
    pd.testing.assert_frame_equal(plain, dressed)
    cents = [index for index, text in enumerate(texts) if text[-3:-2] == "."]
    assert len(cents) > 500
    with_cents = measures([[texts[index], "0"] for index in cents])
    assert with_cents["cost_fen"].tolist() == dressed["cost_fen"].iloc[cents].tolist()


def measures(rows: list[list[str]]) -> pd.DataFrame:
    cells = np.array([["cost", "orders"], *rows], dtype=object)
    table = RawTable(
        file="a.csv",
        sheet="",
        cells=cells,
        kinds=np.zeros(cells.shape, dtype=np.int8),
        rows=np.arange(1, len(cells) + 1),
        widths=np.full(len(cells), 2),
    )
    match = match_header(table, 0, bundled_profiles()[0])
    frame, notes = read_measures(table.keep(np.arange(len(cells)) > 0), match, "CNY")
    assert not notes.faults
    return frame


@pytest.mark.parametrize(
    ("column", "value", "law"),
    [
        ("date", pd.Timestamp("2026-11-20 12:00"), "a date must be a whole day of 2000 to 2099"),
        ("date", pd.Timestamp("1999-12-31"), "a date must be a whole day of 2000 to 2099"),
        ("date", pd.Timestamp("2100-01-01"), "a date must be a whole day of 2000 to 2099"),
        ("date", pd.NaT, "not_nullable must hold"),
        ("segment", "", "segment and slot must not be empty"),
        ("slot", "", "segment and slot must not be empty"),
        ("shop", None, "not_nullable must hold"),
        ("basis", "net", "the basis must be direct or overall"),
        *((name, -1, "a value must not be negative") for name in MEASURE_COLUMNS),
    ],
)
def test_no_breach_passes_the_schema_alone(column: str, value: object, law: str) -> None:
    rows = read_reports([SAMPLES / "canonical.csv"])[0].rows.copy()
    assert schema_faults(TrafficReport(rows=rows)) == ()
    rows.loc[5, column] = value
    (fault,) = schema_faults(TrafficReport(rows=rows))
    assert (fault.place.row, fault.place.column, fault.law.en) == (6, column, law)


def test_the_schema_finds_a_cell_with_two_rows_on_a_day_and_a_column_of_another_type() -> None:
    rows = read_reports([SAMPLES / "canonical.csv"])[0].rows
    twice = pd.concat([rows, rows.iloc[[5]]], ignore_index=True)
    assert {fault.place.row for fault in schema_faults(TrafficReport(rows=twice))} == {6, len(twice)}
    assert schema_faults(TrafficReport(rows=rows.astype({"orders": "float64"})))


def test_the_schema_lists_every_breach() -> None:
    """The last gate, for reports made elsewhere."""
    rows = empty_report().rows
    good = {"date": pd.Timestamp("2026-11-20"), "segment": "新客", "slot": "ALL", "basis": "direct", "cost_fen": 1}
    bad = [
        {**good, "cost_fen": -5},
        {**good, "segment": "", "basis": "net"},
        {**good, "date": pd.Timestamp("2026-11-20 12:00"), "slot": ""},
    ]
    blank = {name: "" if kind == "str" else None for name, kind in rows.dtypes.items()}
    frame = pd.DataFrame([{**blank, **row} for row in (good, *bad)])
    faults = schema_faults(TrafficReport(rows=frame.astype(rows.dtypes.to_dict())))
    assert {(fault.place.row, fault.place.column, fault.value) for fault in faults} >= {
        (2, "cost_fen", "-5"),
        (3, "segment", ""),
        (3, "basis", "net"),
        (4, "slot", ""),
        (4, "date", "2026-11-20 12:00:00"),
    }
    assert schema_faults(TrafficReport(rows=frame.iloc[:1].astype(rows.dtypes.to_dict()))) == ()
