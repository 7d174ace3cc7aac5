"""A curve file made elsewhere is read exactly, or every fault in it is listed with row and column."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from adspend.curve_file import read_curve_file
from adspend.day import fitted_bank, given_day
from adspend.formulate import formulate
from adspend.outputs.curve_csv import curve_csv
from adspend.planner import plan_on_curves
from adspend.shop import Shop, parse_shop
from adspend.solve import allocate
from adspend_datasets.errors import BadDataError
from adspend_models.bank import Grade
from oracles.made_reports import cell_rows, day_after, report_of

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 1000
[cells]
segments = ["新客", "老客"]
slots = ["ALL"]
min_if_active = 100
max = 600
step = 50
"""


@pytest.fixture
def shop() -> Shop:
    return parse_shop(SHOP.encode(), file="shop.toml")


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "curves.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_good_file_is_the_curve_it_says(tmp_path: Path, shop: Shop, encoding: str) -> None:
    """Rows in any order; linear between them, 0 at 0, flat beyond the end; orders where given."""
    text = "segment,slot,cost,value,orders\n新客,ALL,400,900,8\n新客,ALL,100,300,2\n新客,ALL,0,0,0\n"
    curves = read_curve_file(write(tmp_path, text, encoding), shop)
    cost = np.array([[0.0, 50.0, 100.0, 250.0, 400.0, 500.0], [0.0, 50.0, 100.0, 250.0, 400.0, 500.0]])
    expected = curves.expected(cost)
    assert expected.value[0].tolist() == [0, 150, 300, 600, 900, 900]
    assert expected.orders[0].tolist() == [0, 1, 2, 5, 8, 8]
    assert expected.value[1].tolist() == [0.0] * 6  # no rows: worth nothing
    assert [curves.end_fen(0), curves.end_fen(1)] == [400_00, 0]


def test_the_table_keeps_the_file_s_own_costs(tmp_path: Path, shop: Shop) -> None:
    curves = read_curve_file(write(tmp_path, "segment,slot,cost,value\n新客,ALL,123.45,300\n新客,ALL,500,900\n"), shop)
    assert curves.spend_points(0, 100_00, 450_00, 50_00).tolist() == [100_00, 123_45, 450_00]


def test_all_faults_of_a_file_are_listed_with_their_places(tmp_path: Path, shop: Shop) -> None:
    text = (
        "segment,slot,cost,value\n"
        "新客,ALL,100,abc\n"
        "新客,ALL,-5,1\n"
        "新客,ALL,10.005,1\n"
        "路人,ALL,100,1\n"
        "老客,ALL,0,7\n"
        "老客,ALL,200,1\n"
        "老客,ALL,200,2\n"
    )
    with pytest.raises(BadDataError) as caught:
        read_curve_file(write(tmp_path, text), shop)
    found = {(fault.code, fault.place.row, fault.place.column) for fault in caught.value.faults}
    assert found == {
        ("E-CURVE-NUMBER", 2, "value"),
        ("E-CURVE-COST", 3, "cost"),
        ("E-CURVE-COST", 4, "cost"),
        ("E-CURVE-CELL", 5, "segment, slot"),
        ("E-CURVE-ORIGIN", 6, "cost"),
        ("E-CURVE-TWICE", 8, "cost"),
    }
    assert "单元必须在店铺文件 [cells] 中" in caught.value.pick("zh")


@pytest.mark.parametrize("text", ["segment,slot,spend,value\n新客,ALL,1,1\n", "a,b\n1,2\n"])
def test_missing_columns_are_named(tmp_path: Path, shop: Shop, text: str) -> None:
    with pytest.raises(BadDataError, match="cost") as caught:
        read_curve_file(write(tmp_path, text), shop)
    assert caught.value.faults[0].place.row == 1


@pytest.mark.parametrize(
    ("header", "line", "code", "column"),
    [
        ("cost,value", "1e30,5", "E-CURVE-COST", "cost"),  # past 64-bit fen
        ("cost,value", "100000000001,5", "E-CURVE-COST", "cost"),
        ("cost,value", "100,1e30", "E-CURVE-NUMBER", "value"),  # past 64-bit micro-yuan: it would wrap around
        ("cost,value", "100,-1e12", "E-CURVE-NUMBER", "value"),
        ("cost,value,orders", "100,5,1e20", "E-CURVE-NUMBER", "orders"),
        ("cost,value,orders", "100,5,-1", "E-CURVE-NEGATIVE", "orders"),
        ("cost,value,gmv", "100,5,-0.01", "E-CURVE-NEGATIVE", "gmv"),
        ("cost,value", "100,nan", "E-CURVE-NUMBER", "value"),
        ("cost,value", "100,inf", "E-CURVE-NUMBER", "value"),
        ("cost,value", "100,1_000", "E-CURVE-NUMBER", "value"),
        ("cost,value", ",5", "E-CURVE-NUMBER", "cost"),
        ("cost,value", "100,", "E-CURVE-NUMBER", "value"),
    ],
)
def test_numbers_that_no_shop_has_are_refused(
    tmp_path: Path, shop: Shop, header: str, line: str, code: str, column: str
) -> None:
    with pytest.raises(BadDataError) as caught:
        read_curve_file(write(tmp_path, f"segment,slot,{header}\n新客,ALL,{line}\n"), shop)
    [fault] = caught.value.faults
    assert (fault.code, fault.place.row, fault.place.column) == (code, 2, column)


def test_a_column_given_twice_is_refused(tmp_path: Path, shop: Shop) -> None:
    """Which of the two values is meant cannot be known."""
    with pytest.raises(BadDataError) as caught:
        read_curve_file(write(tmp_path, "segment,slot,cost,value,Value\n新客,ALL,100,5,6\n"), shop)
    [fault] = caught.value.faults
    assert (fault.code, fault.place.row) == ("E-CURVE-COLUMNS", 1)
    assert "value" in fault.law.en
    assert "value" in fault.law.zh


def test_a_cell_with_nothing_but_its_origin_has_no_curve(tmp_path: Path, shop: Shop) -> None:
    with pytest.raises(BadDataError) as caught:
        read_curve_file(write(tmp_path, "segment,slot,cost,value\n新客,ALL,0,0\n"), shop)
    [fault] = caught.value.faults
    assert (fault.code, fault.place.row) == ("E-CURVE-EMPTY", 2)
    assert fault.pick("zh").startswith(
        "E-CURVE-EMPTY curves.csv 第 2 行 列「cost」：「新客 × ALL」必须有花费大于 0 的行"
    )


def test_values_may_fall_and_be_negative(tmp_path: Path, shop: Shop) -> None:
    curves = read_curve_file(write(tmp_path, "segment,slot,cost,value\n新客,ALL,100,-30\n新客,ALL,200,-90.5\n"), shop)
    assert curves.expected(np.array([[150.0], [150.0]])).value[0].tolist() == [-60.25]


def allocated(tmp_path: Path, shop: Shop, text: str) -> dict[str, int]:
    """The plan's budgets in yuan."""
    curves = read_curve_file(write(tmp_path, text), shop)
    day = given_day(shop, curves, datetime.date(2026, 11, 24))
    problem = formulate(shop, curves, day.ranges, day.tests).problem
    spend = allocate(problem).spend
    return {cell.segment: x // 100 for cell, x in zip(shop.grid, spend, strict=True)}


def test_two_given_curves_by_hand(tmp_path: Path, shop: Shop) -> None:
    """1,000 to spend, 600 at most each, steps of 50 from 100.

    新客 earns 3 a yuan to 400 and nothing more after; 老客 earns 2 a yuan to 300, then 1.5 to 600. Net of cost that is
    2 to 400, and 1 to 300, then 0.5. So 400 and 600, all of it; of 500, 400 and the minimum of 100; of 400, all to one.
    """
    text = "segment,slot,cost,value\n新客,ALL,400,1200\n新客,ALL,600,1200\n老客,ALL,300,600\n老客,ALL,600,1050\n"
    assert allocated(tmp_path, shop, text) == {"新客": 400, "老客": 600}
    assert allocated(tmp_path, shop.with_budget(Decimal(500)), text) == {"新客": 400, "老客": 100}
    assert allocated(tmp_path, shop.with_budget(Decimal(400)), text) == {"新客": 400, "老客": 0}


def test_a_cell_without_rows_gets_nothing(tmp_path: Path, shop: Shop) -> None:
    assert allocated(tmp_path, shop, "segment,slot,cost,value\n老客,ALL,600,1500\n") == {"新客": 0, "老客": 600}


def test_a_curve_is_not_continued_beyond_its_last_row(tmp_path: Path, shop: Shop) -> None:
    """The last row at 337.50 ends the range at 300, the last multiple of the step; the value there is interpolated."""
    text = "segment,slot,cost,value\n新客,ALL,337.50,1350\n"
    assert allocated(tmp_path, shop, text) == {"新客": 300, "老客": 0}
    curves = read_curve_file(write(tmp_path, text), shop)
    day = given_day(shop, curves, datetime.date(2026, 11, 24))
    [table, _] = formulate(shop, curves, day.ranges, day.tests).problem.tables
    assert table is not None
    assert table.spend.tolist() == [100_00, 300_00]
    assert table.value.tolist() == [400_000_000, 1_200_000_000]


def test_a_curve_that_ends_below_the_minimum_gets_nothing(tmp_path: Path, shop: Shop) -> None:
    assert allocated(tmp_path, shop, "segment,slot,cost,value\n新客,ALL,99.99,900\n") == {"新客": 0, "老客": 0}


GRADES = "segment,slot,cost,value,grade\n新客,ALL,400,1200,{0}\n新客,ALL,600,1200,{0}\n老客,ALL,600,700,{1}\n"


def test_a_cell_graded_fail_gets_nothing_and_says_why_and_the_others_show_their_grade(
    tmp_path: Path, shop: Shop
) -> None:
    """新客 would earn most by far; 老客 nets a sixth of its cost."""
    assert allocated(tmp_path, shop, GRADES.format("FAIL", "REVIEW")) == {"新客": 0, "老客": 600}
    assert allocated(tmp_path, shop, GRADES.format("REVIEW", "FAIL")) == {"新客": 400, "老客": 0}
    curves = read_curve_file(write(tmp_path, GRADES.format("FAIL", "REVIEW")), shop)
    new, old = plan_on_curves(shop, curves, datetime.date(2026, 11, 24)).cells
    assert (new.grading.grade, old.grading.grade) == (Grade.FAIL, Grade.REVIEW)
    assert "曲线文件里的评级为 FAIL" in new.reason.zh
    assert "graded FAIL in the curve file" in new.reason.en


@pytest.mark.parametrize("grade", ["", "pass", "A", "none"])
def test_an_unknown_grade_is_a_fault(tmp_path: Path, shop: Shop, grade: str) -> None:
    with pytest.raises(BadDataError) as caught:
        read_curve_file(write(tmp_path, GRADES.format("PASS", grade)), shop)
    [fault] = caught.value.faults
    assert (fault.code, fault.value, fault.place.row, fault.place.column) == ("E-CURVE-GRADE", grade, 4, "grade")
    assert "PASS, REVIEW, FAIL" in fault.law.en


def test_a_cell_has_one_grade(tmp_path: Path, shop: Shop) -> None:
    text = GRADES.format("PASS", "PASS") + "新客,ALL,700,1300,FAIL\n"
    with pytest.raises(BadDataError) as caught:
        read_curve_file(write(tmp_path, text), shop)
    [fault] = caught.value.faults
    assert (fault.code, fault.place.row) == ("E-CURVE-GRADE", 5)


def test_the_tool_s_own_curve_file_keeps_its_grades(tmp_path: Path, shop: Shop) -> None:
    """Two weeks of one cell and none of the other: what ``fit`` graded is what ``allocate`` reads."""
    rows = cell_rows([100.0, 300.0, 600.0, 200.0] * 4, [5, 12, 19, 9] * 4, segment="新客", slot="ALL")
    bank = fitted_bank(shop, report_of(rows), day_after(16), draws=50)
    path = tmp_path / "curves.csv"
    path.write_bytes(curve_csv(bank, shop.economics.net_value_rate))
    read = [grading.grade for grading in read_curve_file(path, shop).gradings]
    fitted = {cell: grading.grade for cell, grading in zip(bank.cells, bank.gradings, strict=True)}
    assert read == [fitted[cell] for cell in shop.grid]
    assert read[1] is Grade.FAIL


def test_a_slot_of_the_file_is_the_shop_s_however_it_is_written(tmp_path: Path) -> None:
    shop = parse_shop(SHOP.replace('"ALL"', '"08:00-10:00"').encode(), file="shop.toml")
    text = "segment,slot,cost,value\n新客,8:00-10:00,400,900\n新客,08:00~10:00,500,950\n"
    assert read_curve_file(write(tmp_path, text), shop).end_fen(0) == 500_00
