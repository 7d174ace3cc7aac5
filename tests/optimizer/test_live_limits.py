"""Livestream limits from the shop file to the plan, each by hand on two linear cells where it binds.

Cell a nets 2 a yuan and b 1 a yuan up to 1,000 each, an order every 50 yuan, GMV 10 a yuan; 1,500 yuan to spend: with
nothing else a gets 1,000 and b 500.
"""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from adspend.checker import check
from adspend.curve_file import read_curve_file
from adspend.outputs.plan_json import plan_json
from adspend.plan import Plan
from adspend.planner import plan_on_curves
from adspend.shop import parse_shop
from adspend_datasets.errors import BadDataError, NoPlanError

BASE = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 1500
[cells]
segments = ["a", "b"]
slots = ["20:00-22:00"]
min_if_active = 100
max = 1000
step = 100
"""
CURVES = """segment,slot,cost,value,orders,gmv
a,20:00-22:00,1000,3000,20,10000
b,20:00-22:00,1000,2000,20,10000
"""


def planned(tmp_path: Path, sections: str, base: str = BASE) -> Plan:
    """The plan of the base shop with more sections, judged by the checker."""
    file = tmp_path / "curves.csv"
    file.write_text(CURVES, encoding="utf-8")
    shop = parse_shop((base + sections).encode(), file="shop.toml")
    plan = plan_on_curves(shop, read_curve_file(file, shop), datetime.date(2026, 11, 23))
    document: dict[str, Any] = json.loads(plan_json(plan))
    assert check(document) == ()
    return plan


def budgets(plan: Plan) -> list[int]:
    return [cell.budget_fen // 100 for cell in plan.cells]


def price_of(plan: Plan, key: str) -> str:
    return next(limit.price.en for limit in plan.binding if limit.key == key)


def test_without_sections_by_hand(tmp_path: Path) -> None:
    plan = planned(tmp_path, "")
    assert budgets(plan) == [1000, 500]
    assert plan.certificate.value_micro == 2_500_000_000


def test_stock_caps_orders_and_has_a_price_a_unit(tmp_path: Path) -> None:
    """Half of a's orders are the coat, 5 in stock: a may bring 10 orders, 500 yuan, and b is full."""
    plan = planned(tmp_path, '[[products]]\nname = "coat"\norder_share = 0.5\nstock = 5\nsegments = ["a"]\n')
    assert budgets(plan) == [500, 1000]
    assert price_of(plan, "stock/coat").startswith("1 more units would earn")
    more = planned(
        tmp_path,
        '[[products]]\nname = "coat"\norder_share = 0.5\nstock = 4\ninbound = 2\nsafety = 1\nsegments = ["a"]\n',
    )
    assert budgets(more) == [500, 1000]


def test_the_day_s_hits_are_chosen_where_stock_binds(tmp_path: Path) -> None:
    """Three products cap a, b and nothing; two must be hits: those of a and b, though a hit costs 10."""
    product = (
        '[[products]]\nname = "{0}"\norder_share = 1\nstock = {1}\nhit_stock = 100\nhit_cost = 10\nsegments = ["{2}"]\n'
    )
    sections = product.format("p", 4, "a") + product.format("q", 4, "b") + product.format("r", 99, "b")
    plan = planned(tmp_path, sections + "[hits]\nmin = 2\nmax = 2\n")
    assert budgets(plan) == [1000, 500]
    taken = {option.key for option, level in zip(plan.problem.options, plan.levels, strict=True) if level}
    assert taken == {"hit/p", "hit/q"}
    assert plan.certificate.value_micro == 2_500_000_000 - 20_000_000
    assert any(notice.code == "DECISIONS" and "'p' as a hit" in notice.text.en for notice in plan.notices)
    none = planned(tmp_path, sections + "[hits]\nmin = 0\nmax = 0\n")
    assert budgets(none) == [200, 200]


def test_service_counts_agents(tmp_path: Path) -> None:
    """Two consultations an order, 2 agents of 20 sessions: 20 orders in the slot, 1,000 yuan, all to a.

    One more agent holds 10 more orders: 500 more yuan, which only b can take, netting 500.
    """
    service = '[[service]]\nslot = "20:00-22:00"\nagents = {}\nsessions_per_agent = 20\nconsult_rate = 2.0\n'
    plan = planned(tmp_path, service.format(2))
    assert budgets(plan) == [1000, 0]
    assert price_of(plan, "service/20:00-22:00").startswith("1 more agents would earn")
    assert budgets(planned(tmp_path, service.format(3))) == [1000, 500]


def test_groups_bound_share_and_money_and_cost_commission(tmp_path: Path) -> None:
    lever = '[[groups]]\nkind = "lever"\nname = "boost"\nsegments = ["a"]\n'
    assert budgets(planned(tmp_path, lever + "max = 0.3\n")) == [400, 1000], "400 of 1,400 is 29 %"
    assert budgets(planned(tmp_path, lever + "max_budget = 700\n")) == [700, 800]
    assert budgets(planned(tmp_path, lever.replace('"a"', '"b"') + "min_budget = 900\n")) == [600, 900]
    plan = planned(tmp_path, lever.replace('"lever"', '"field"') + "commission_rate = 0.15\n")
    assert budgets(plan) == [500, 1000], "a's value falls by 0.15 x 10 to 1.5 a yuan, half of b's net"
    assert plan.cells[0].expected_net_fen == 250_00


def test_a_rebate_tier_is_reached_where_it_pays(tmp_path: Path) -> None:
    """B at a loss of 0.5 a yuan is not worth money, but 500 of it reach a rebate of 30 % on 1,500: 450 for 250."""
    poor = CURVES.replace("2000,20", "500,20")
    file = tmp_path / "curves.csv"
    file.write_text(poor, encoding="utf-8")

    def plan_with(rate: str) -> Plan:
        shop = parse_shop((BASE + f"[[rebates]]\nstart = 1500\nrate = {rate}\n").encode(), file="shop.toml")
        return plan_on_curves(shop, read_curve_file(file, shop), datetime.date(2026, 11, 23))

    assert budgets(plan_with("0.3")) == [1000, 500]
    assert plan_with("0.3").certificate.value_micro == 2_000_000_000 - 250_000_000 + 450_000_000
    assert budgets(plan_with("0.1")) == [1000, 0]


def test_tiers_pay_the_highest_reached_on_all_spend(tmp_path: Path) -> None:
    """10 % from 500 and 20 % from 1,000: 1,500 spent bring 300, not 150 and not both."""
    plan = planned(tmp_path, "[[rebates]]\nstart = 500\nrate = 0.1\n[[rebates]]\nstart = 1000\nrate = 0.2\n")
    assert plan.certificate.value_micro == 2_500_000_000 + 300_000_000


def test_an_opening_fee_is_paid_once_or_avoided(tmp_path: Path) -> None:
    fee = '[[fees]]\nname = "top host"\nsegments = ["b"]\nfee = {}\n'
    assert budgets(planned(tmp_path, fee.format(600))) == [1000, 0], "b would net 500"
    plan = planned(tmp_path, fee.format(400))
    assert budgets(plan) == [1000, 500]
    assert plan.certificate.value_micro == 2_100_000_000


def test_a_host_lifts_the_slot_s_curves(tmp_path: Path) -> None:
    plan = planned(tmp_path, '[[hosts]]\nslot = "20:00-22:00"\nfactor = 1.5\n')
    assert [cell.expected_net_fen for cell in plan.cells] == [3500_00, 1000_00]
    assert plan.cells[0].expected_orders == pytest.approx(30)


def test_money_spent_today_is_a_floor_rounded_up(tmp_path: Path) -> None:
    """B has spent 605: 105 % is 635.25, so at least 700 and never a pause."""
    plan = planned(tmp_path, '[[spent]]\nsegment = "b"\nslot = "20:00-22:00"\nspent = 605\n')
    assert budgets(plan) == [800, 700]


def test_gmv_at_an_roi_floor(tmp_path: Path) -> None:
    """Both bring 10 a yuan: all 1,500 are spent; a floor above 10 leaves nothing."""
    assert sum(budgets(planned(tmp_path, '[objective]\nmode = "gmv"\n[limits]\nroi_floor = 9\n'))) == 1500
    assert sum(budgets(planned(tmp_path, '[objective]\nmode = "gmv"\n[limits]\nroi_floor = 11\n'))) == 0


def test_the_least_cost_for_a_target(tmp_path: Path) -> None:
    """7,000 of GMV at 10 a yuan cost 700; 20,001 cannot be had for 1,500 and the error names the target."""
    plan = planned(tmp_path, '[objective]\nmode = "cost"\ntarget_gmv = 7000\n')
    assert sum(budgets(plan)) == 700
    assert plan.certificate.gap == 0
    with pytest.raises(NoPlanError) as error:
        planned(tmp_path, '[objective]\nmode = "cost"\ntarget_gmv = 20001\n')
    assert {fault.place.column for fault in error.value.faults} <= {"target_gmv", "budget"}


@pytest.mark.parametrize("aim", ['mode = "gmv"', 'mode = "cost"\ntarget_gmv = 7000'])
def test_other_budgets_are_told_in_net_value_whatever_the_plan_aims_at(tmp_path: Path, aim: str) -> None:
    """The first 1,000 net 2 a yuan, the next 1,000 net 1; a budget that cannot buy the target is left out."""
    plan = planned(tmp_path, f"[objective]\n{aim}\n")
    told = {point.budget_fen // 100: point.net_fen // 100 for point in plan.frontier}
    assert told == {spend: 2 * min(spend, 1000) + min(max(spend - 1000, 0), 1000) for spend in told}
    assert {700, 1500, 2000, 3000} <= told.keys()
    assert (min(told) < 700) == ("gmv" in aim.split('"'))


@pytest.mark.parametrize(
    ("sections", "law"),
    [
        ('[[products]]\nname = "p"\norder_share = 1\nstock = 1\nsafety = 2\n', "`safety <= stock + inbound` must hold"),
        ('[[products]]\nname = "p"\norder_share = 1\nstock = 1\nsegments = ["z"]\n', "'z' must be one of the segments"),
        ('[[products]]\nname = "p"\norder_share = 1\nstock = 1\nhit_stock = 9\n', "at least hits.min candidates"),
        ("[hits]\nmin = 3\nmax = 2\n", "`min <= max` must hold"),
        (
            '[[service]]\nslot = "x"\nagents = 1\nsessions_per_agent = 1\nconsult_rate = 1\n',
            "'x' must be one of the slots",
        ),
        ('[[groups]]\nkind = "lever"\nname = "g"\nmin = 0.5\nmax = 0.1\n', "`min <= max` and"),
        ('[[fees]]\nname = "f"\nfee = 1\n[[fees]]\nname = "f"\nfee = 2\n', "'f' must be distinct"),
        ('[objective]\nmode = "cost"\n', "go together"),
        ('[objective]\nmode = "net"\ntarget_gmv = 5\n', "go together"),
    ],
)
def test_every_law_is_said(sections: str, law: str) -> None:
    with pytest.raises(BadDataError) as error:
        parse_shop((BASE + sections).encode(), file="shop.toml")
    assert any(law in fault.law.en for fault in error.value.faults), [fault.law.en for fault in error.value.faults]


def test_the_sample_s_commented_sections_work_when_opened() -> None:
    """What the bundled shop file shows is what the engine reads: every commented section, opened, is valid."""
    shop_file = Path(__file__).parents[2] / "datasets" / "adspend_datasets" / "samples" / "shop.toml"
    text = re.sub(r"^# (?=\[|[a-z_]+ = )", "", shop_file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    shop = parse_shop(text.encode(), file="shop.toml")
    opened = (shop.products, shop.service, shop.groups, shop.rebates, shop.fees, shop.hosts, shop.spent)
    assert [len(section) for section in opened] == [3, 1, 1, 1, 1, 1, 1]
    assert (shop.objective.risk, shop.hits.max) == (0.1, 3)
