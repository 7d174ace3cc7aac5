"""A curve file made elsewhere is read exactly, or every fault in it is listed with row and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adspend.curve_file import read_curve_file
from adspend.shop import Shop, parse_shop
from adspend_datasets.errors import BadDataError

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
