"""One pair of curves, written as each tool writes it, becomes the same verified plan, and the one found by hand.

Per day: 直播 brings 3,000 yuan of GMV at 500 and 4,000 at 1,000; 短视频 2,000 at 400 and 2,600 at 1,000. A yuan of GMV
is worth (1 - 0.2) x (0.5 - 0.1) = 0.32, so 直播 is worth 960 and 1,280, 短视频 640 and 832. A yuan nets 0.92 up to 500
and -0.36 after it; 0.60 up to 400 and -0.68 after it: 500 and 400, with 960 + 640 - 900 = 700 left, whatever the budget
beyond 900.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from adspend.app.run_plan import run_allocate
from adspend.checker import check
from adspend.curve_file import read_curve_file
from adspend.shop import Shop, parse_shop
from adspend_datasets.errors import BadDataError, UsageError

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
refund_rate = 0.2
commission_rate = 0.1
[budget]
daily = 1200
[cells]
segments = ["直播", "短视频"]
slots = ["ALL"]
min_if_active = 100
step = 100
"""
ORDER_VALUE = "[prior]\norder_value = 50\n"
CURVES = {"直播": [(0, 0), (500, 3000), (1000, 4000)], "短视频": [(0, 0), (400, 2000), (1000, 2600)]}


def rows(header: str, line: str, days: int) -> str:
    """``CURVES`` over ``days`` days in a layout; ``line`` is written for every point."""
    found = [
        line.format(channel=channel, spend=days * spend, y=days * y, scaled=days * spend / 250, m=spend / 500)
        for channel, points in CURVES.items()
        for spend, y in points
    ]
    return "\n".join([header, *found]) + "\n"


LAYOUTS = {
    "meridian": rows(
        "channel,metric,spend_multiplier,spend,incremental_outcome",
        "{channel},mean,{m},{spend},{y}\n{channel},ci_lo,{m},{spend},1\n{channel},ci_hi,{m},{spend},9e9",
        364,
    ),
    "meridian_wide": rows("channel,spend,spend_multiplier,ci_hi,ci_lo,mean", "{channel},{spend},{m},9e9,-1,{y}", 364),
    "pymc_marketing": rows("x,channel,mean,median,spend", "{scaled},{channel},{y},0,{spend}", 7),
    "pymc_marketing_scaled": rows("x,channel,mean,median,channel_scale", "{scaled},{channel},{y},0,250", 7),
    "robyn": rows("ds,channel,response,spend", "2026-01-05,{channel},{y},{spend}", 7),
    "robyn_allocator": rows(
        "channel,spend,mean_carryover,carryover_response,total_response", "{channel},{spend},0,0,{y}", 1
    ),
}
DAYS = {"meridian": 364, "meridian_wide": 364, "robyn_allocator": 1}


@pytest.fixture
def shop() -> Shop:
    return parse_shop(SHOP.encode(), file="shop.toml")


def write(folder: Path, text: str) -> Path:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_becomes_the_plan_found_by_hand(
    tmp_path: Path, layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop.toml").write_text(SHOP, encoding="utf-8")
    run_allocate(
        write(tmp_path, LAYOUTS[layout]),
        tmp_path / "shop.toml",
        "2026-11-24",
        tmp_path / "out",
        budget=None,
        days=DAYS.get(layout, 7),
        outcome="gmv",
        language="zh",
        json_only=True,
    )
    assert json.loads(capsys.readouterr().out)["planned_fen"] == 900_00
    document = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert [cell["budget_fen"] for cell in document["cells"]] == [500_00, 400_00]
    assert document["certificate"]["value"] == pytest.approx(700)
    assert check(document) == ()


def test_value_is_gmv_at_the_shop_s_margin_and_orders_are_not_made_up(tmp_path: Path, shop: Shop) -> None:
    curves = read_curve_file(write(tmp_path, LAYOUTS["robyn"]), shop, days=7, outcome="gmv")
    expected = curves.expected(np.array([[0.0, 250.0, 500.0, 750.0, 2000.0]] * 2))
    assert expected.gmv[0].tolist() == [0, 1500, 3000, 3500, 4000]
    np.testing.assert_allclose(expected.value[0], [0, 480, 960, 1120, 1280], rtol=1e-12)
    assert expected.orders[0].tolist() == [0] * 5
    assert curves.gradings[0].reasons[0].zh == "Robyn 响应曲线，产出为成交额，每 7 天折成日均，未经本引擎检验"


def test_orders_become_money_by_the_shop_s_order_value(tmp_path: Path) -> None:
    """60 orders of 50 yuan are the 3,000 of GMV above."""
    shop = parse_shop((SHOP + ORDER_VALUE).encode(), file="shop.toml")
    text = "channel,spend,response\n直播,3500,420\n"
    curves = read_curve_file(write(tmp_path, text), shop, days=7, outcome="orders")
    expected = curves.expected(np.array([[500.0]] * 2))
    assert (expected.orders[0, 0], expected.gmv[0, 0]) == (60, 3000)
    assert expected.value[0, 0] == pytest.approx(960)


def test_orders_without_an_order_value_are_refused(tmp_path: Path, shop: Shop) -> None:
    """The default of 100 yuan is for a cold start; here it would decide the plan unseen."""
    with pytest.raises(BadDataError, match=r"E-CURVE-ORDER-VALUE .* under \[prior\]"):
        read_curve_file(write(tmp_path, LAYOUTS["robyn"]), shop, days=7, outcome="orders")


def test_what_the_file_does_not_say_is_asked_for_all_at_once(tmp_path: Path, shop: Shop) -> None:
    with pytest.raises(UsageError) as caught:
        read_curve_file(write(tmp_path, LAYOUTS["meridian"]), shop)
    assert [fault.code for fault in caught.value.faults] == ["E-CURVE-DAYS", "E-CURVE-OUTCOME"]
    assert "整个分析期的合计，必须用 --curve-days 写明是几天" in caught.value.pick("zh")
    assert "52 weeks are --curve-days 364" in caught.value.pick("en")


@pytest.mark.parametrize("unit", [{"days": 7}, {"outcome": "gmv"}])
def test_a_file_of_our_own_is_per_day_already(tmp_path: Path, shop: Shop, unit: dict[str, object]) -> None:
    text = "segment,slot,cost,value\n直播,ALL,500,960\n"
    with pytest.raises(UsageError, match="per day already"):
        read_curve_file(write(tmp_path, text), shop, **unit)  # type: ignore[arg-type]


def test_a_channel_unknown_to_the_shop_is_said_once(tmp_path: Path, shop: Shop) -> None:
    text = "channel,spend,response\n直播,10,1\n电视,10,1\n电视,20,2\n短视频|早场,10,1\n"
    with pytest.raises(BadDataError) as caught:
        read_curve_file(write(tmp_path, text), shop, days=1, outcome="gmv")
    found = [(fault.code, fault.value, fault.place.row) for fault in caught.value.faults]
    assert found == [("E-CURVE-CELL", "电视 × ALL", 3), ("E-CURVE-CELL", "短视频 × 早场", 5)]


def test_points_within_a_fen_are_one_point(tmp_path: Path, shop: Shop) -> None:
    """1/3 of 30.00 and of 30.01 yuan both round to 10.00."""
    text = "channel,spend,response\n直播,30.00,6\n直播,30.01,6.3\n直播,0.001,0.0001\n"
    curves = read_curve_file(write(tmp_path, text), shop, days=3, outcome="gmv")
    [rows, nothing] = curves.rows
    assert nothing is None
    assert rows is not None
    assert (rows.cost.tolist(), rows.gmv.tolist()) == ([10.0], [2.1])


def test_a_spend_that_no_shop_has_is_refused(tmp_path: Path, shop: Shop) -> None:
    with pytest.raises(BadDataError, match="E-CURVE-NUMBER"):
        read_curve_file(write(tmp_path, "channel,spend,response\n直播,1e12,5\n"), shop, days=1, outcome="gmv")


def test_an_unknown_layout_is_told_which_columns_are_read(tmp_path: Path, shop: Shop) -> None:
    with pytest.raises(BadDataError, match=r"channel \+ spend \+ response"):
        read_curve_file(write(tmp_path, "rn,coef\ntv,1\n"), shop)
