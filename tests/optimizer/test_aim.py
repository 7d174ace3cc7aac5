"""What a plan says under each aim, by hand on three linear cells.

A yuan in cell a sells for 10 and is worth 3, in b for 8 and 2, in c for 7 and 1.5, up to 1,000 yuan each.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from adspend.aim import AIM_WORDS, Aim
from adspend.checker import check
from adspend.curve_file import read_curve_file
from adspend.outputs.plan_json import plan_json
from adspend.outputs.wording import certificate_sentence, headline
from adspend.plan import Plan
from adspend.planner import plan_on_curves
from adspend.shop import parse_shop

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = {budget}
[cells]
segments = ["a", "b", "c"]
slots = ["20:00-22:00"]
min_if_active = 100
max = 1000
step = 100
{sections}
"""
CURVES = """segment,slot,cost,value,orders,gmv
a,20:00-22:00,1000,3000,20,10000
b,20:00-22:00,1000,2000,20,8000
c,20:00-22:00,1000,1500,20,7000
"""
COST = '[objective]\nmode = "cost"\ntarget_gmv = 7000'


def planned(tmp_path: Path, budget: int, sections: str = "") -> Plan:
    """The plan, judged by the checker."""
    file = tmp_path / "curves.csv"
    file.write_text(CURVES, encoding="utf-8")
    shop = parse_shop(SHOP.format(budget=budget, sections=sections).encode(), file="shop.toml")
    plan = plan_on_curves(shop, read_curve_file(file, shop), datetime.date(2026, 11, 23))
    assert check(json.loads(plan_json(plan))) == ()
    return plan


def prices(plan: Plan) -> list[str]:
    return [limit.price.en for limit in plan.binding]


def reasons(plan: Plan) -> list[str]:
    return [cell.reason.en for cell in plan.cells]


def test_net_profit_is_spoken_of_where_it_is_the_aim(tmp_path: Path) -> None:
    plan = planned(tmp_path, 1500)
    assert prices(plan) == ["one more 100 yuan earns 100.00 yuan net, 100 fewer cost 100.00"]
    assert reasons(plan)[1:] == [
        "expected net 500, the next yuan nets 1.00; level with what money earns elsewhere",
        "earns at most 0.50 per yuan, less than the money earns elsewhere (price 1.00)",
    ]
    assert "no split can net more than 2,500.00" in certificate_sentence(plan).en


def test_gmv_is_spoken_of_where_it_is_the_aim(tmp_path: Path) -> None:
    plan = planned(tmp_path, 1500, '[objective]\nmode = "gmv"')
    assert prices(plan) == ["one more 100 yuan brings 800.00 yuan of GMV, 100 fewer cost 800.00 of GMV"]
    assert reasons(plan)[1:] == [
        "expected GMV 4,000, net 500; the next yuan brings 8.00 of GMV; level with what money brings elsewhere",
        "brings at most 7.00 of GMV per yuan, less than the money brings elsewhere (price 8.00)",
    ]
    assert "no split can sell for more than 14,000.00" in certificate_sentence(plan).en


def test_the_price_of_an_roi_floor_is_paid_in_gmv(tmp_path: Path) -> None:
    """The floor of 9.5 lets b have 333 of the 3,000 yuan: at its price a yuan must sell for what b's do, not for 9.5.

    A yuan of GMV more to miss lets b have 1 / (9.5 - 8) yuan more, which sell for 8 each.
    """
    plan = planned(tmp_path, 3000, '[objective]\nmode = "gmv"\n[limits]\nroi_floor = 9.5')
    assert [cell.budget_fen for cell in plan.cells] == [1000_00, 300_00, 0]
    assert prices(plan)[0].startswith(f"100 more yuan of GMV would bring {100 * 8 / 1.5:.2f} yuan of GMV")
    assert reasons(plan)[2].endswith("less than the money brings elsewhere (price 8.00)")


def test_what_is_saved_is_spoken_of_where_cost_is_the_aim(tmp_path: Path) -> None:
    """7,000 of GMV take 700 yuan in a; a yuan must sell for 10."""
    plan = planned(tmp_path, 1500, COST)
    assert prices(plan) == ["100 yuan of GMV lower it would save 10.00 yuan, 100 higher cost 10.00"]
    assert reasons(plan)[:2] == [
        "expected GMV 7,000, net 1,400; the next yuan brings 10.00 of GMV; level with what money brings elsewhere",
        "brings at most 8.00 of GMV per yuan; other cells reach the target for less (it takes 10.00)",
    ]
    assert "no split can cost less than 700.00; this plan costs 700.00" in certificate_sentence(plan).en
    assert "no other split can save even one fen" in headline(plan).en


def test_a_target_that_locks_have_reached_needs_no_other_cell(tmp_path: Path) -> None:
    lock = '[[locks]]\nsegment = "a"\nslot = "20:00-22:00"\nbudget = 900'
    plan = planned(tmp_path, 1500, f"{COST}\n{lock}")
    assert reasons(plan) == ["locked by a person", *["the target needs nothing of it"] * 2]


@pytest.mark.parametrize(("aim", "sections"), [("net", ""), ("gmv", '[objective]\nmode = "gmv"'), ("cost", COST)])
def test_a_plan_file_names_its_aim(tmp_path: Path, aim: str, sections: str) -> None:
    assert json.loads(plan_json(planned(tmp_path, 1500, sections)))["aim"] == aim


def test_every_aim_has_its_words() -> None:
    assert set(AIM_WORDS) == set(Aim)
