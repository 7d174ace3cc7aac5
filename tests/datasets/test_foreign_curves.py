"""Another tool's export is recognised by its columns, read per day, and refused where it is not a response curve."""

from __future__ import annotations

from pathlib import Path

import pytest

from adspend_datasets.cell import Cell
from adspend_datasets.curve_profile import curve_profiles, recognised
from adspend_datasets.errors import BadDataError
from adspend_datasets.foreign_curves import ForeignPoint, foreign_points
from adspend_datasets.source_file import read_source
from adspend_datasets.tables import file_tables

# The columns that each tool writes, in its own order and with the columns that nobody needs here.
HEADERS = {
    "meridian": ",channel,metric,spend_multiplier,spend,incremental_outcome",
    "meridian_wide": "channel,spend,spend_multiplier,ci_hi,ci_lo,mean",
    "pymc_marketing": "x,channel,mean,median,abs_error_94_lower,abs_error_94_upper,spend",
    "pymc_marketing_scaled": "x,channel,mean,median,abs_error_94_lower,abs_error_94_upper",
    "robyn": "ds,channel,response,spend",
    "robyn_allocator": "channel,spend,mean_carryover,carryover_response,total_response",
}


def points(folder: Path, text: str, days: float = 1) -> tuple[ForeignPoint, ...]:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    table = file_tables(read_source(path)).tables[0]
    profile = recognised([str(name).lower() for name in table.cells[0]])
    assert profile is not None
    return foreign_points(table, profile, days)


def faults(folder: Path, text: str) -> list[tuple[str, int | None, str]]:
    with pytest.raises(BadDataError) as caught:
        points(folder, text)
    return [(fault.code, fault.place.row, fault.place.column) for fault in caught.value.faults]


def test_every_profile_is_tried_here() -> None:
    assert {profile.name for profile in curve_profiles()} == set(HEADERS)


@pytest.mark.parametrize("name", HEADERS)
def test_a_tool_is_recognised_by_its_columns(name: str) -> None:
    found = recognised(HEADERS[name].split(","))
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("header", ["segment,slot,cost,value", "date,channel,spend", "rn,coef,xDecompAgg,total_spend"])
def test_other_tables_are_not_mistaken_for_curves(header: str) -> None:
    assert recognised(header.lower().split(",")) is None


def test_only_the_mean_is_read_and_a_total_becomes_a_day(tmp_path: Path) -> None:
    """14,000 yuan over 28 days are 500 a day; the interval's rows, though they come first, are left out."""
    text = (
        ",channel,metric,spend_multiplier,spend,incremental_outcome\n"
        "0,tv,ci_hi,1.0,14000,99999\n1,tv,mean,1.0,14000.0,84000.0\n2,tv,ci_lo,1.0,14000,7\n3,tv,median,1.0,14000,80000\n"
        "4,tv,mean,0.0,0.0,0.0\n5,tv,mean,2.0,28000.0,1.12e5\n"
    )
    assert [(p.cost, p.outcome, p.row) for p in points(tmp_path, text, 28)] == [(500, 3000, 3), (1000, 4000, 7)]


def test_a_scaled_axis_is_brought_to_yuan_by_each_channel_s_own_scale(tmp_path: Path) -> None:
    text = "x,channel,mean,channel_scale\n0,a,0,800\n0.5,a,30,800\n0.5,b,10,2000\n"
    assert [(p.cell.segment, p.cost, p.outcome) for p in points(tmp_path, text)] == [("a", 400, 30), ("b", 1000, 10)]


def test_a_scaled_axis_without_its_scale_is_refused_with_where_to_find_it(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="E-CURVE-SCALE") as caught:
        points(tmp_path, "x,channel,mean,median\n0.5,a,30,29\n")
    assert "mmm.idata.constant_data.channel_scale" in caught.value.pick("zh")


def test_new_money_starts_above_the_carry_over(tmp_path: Path) -> None:
    """100 yuan of earlier days already yield 40: the first 200 new ones yield 130 - 40."""
    text = (
        "channel,spend,mean_carryover,carryover_response,total_response\n"
        "a,0,100,40,0\na,50,100,40,25\na,300,100,40,130\na,500,100,40,190\n"
    )
    assert [(p.cost, p.outcome) for p in points(tmp_path, text)] == [(200, 90), (400, 150)]


def test_a_channel_may_name_its_slot(tmp_path: Path) -> None:
    found = points(tmp_path, "channel,spend,response\n新客,10,1\n新客 | 20:00-22:00,10,1\n")
    assert [point.cell for point in found] == [Cell("新客", "ALL"), Cell("新客", "20:00-22:00")]


def test_the_noise_of_32_bit_exports_is_no_fault(tmp_path: Path) -> None:
    text = "channel,spend,response\na,0,1e-7\na,10,5.000001\na,10,5.0\na,20,5.0\n"
    assert [p.cost for p in points(tmp_path, text)] == [10, 10, 20]


def test_a_baseline_a_fall_and_a_second_outcome_are_all_said(tmp_path: Path) -> None:
    text = (
        "channel,spend,response\n"
        "base,0,500\nbase,10,600\n"
        "down,10,50\ndown,20,40\ndown,30,60\n"
        "draws,10,50\ndraws,10,70\n"
        "text,1_000,5\ntext,10,inf\n"
    )
    assert faults(tmp_path, text) == [
        ("E-CURVE-NUMBER", 9, "spend"),
        ("E-CURVE-NUMBER", 10, "response"),
        ("E-CURVE-ORIGIN", 2, "response"),
        ("E-CURVE-FALLS", 5, "response"),
        ("E-CURVE-TWICE", 8, "response"),
    ]


def test_a_baseline_is_refused_in_words_an_operator_can_act_on(tmp_path: Path) -> None:
    with pytest.raises(BadDataError) as caught:
        points(tmp_path, "channel,spend,response\n直播,0,500\n直播,10,600\n")
    assert caught.value.pick("zh") == (
        "E-CURVE-ORIGIN export.csv 第 2 行 列「response」：「直播 × ALL」花费为 0 时产出必须为 0，实际为 '500'。"
        "曲线含自然成交：请导出增量产出，或每行减去花费为 0 时的产出"
    )


def test_a_column_given_twice_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, "channel,spend,response,response\na,1,2,3\n") == [("E-CURVE-COLUMNS", 1, "")]
