"""A budget that looks mistyped, a per cent typed as a share, and GMV at any price are remarked on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from adspend.budget_notices import budget_notices, floor_notices
from adspend.plan import Severity
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend.shop import Shop, parse_shop
from adspend_datasets.errors import BadDataError
from oracles.made_reports import Row, day_after, report_of

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 1000
[cells]
segments = ["新客", "老客"]
slots = ["20:00-22:00"]
"""


def shop_file(extra: str = "") -> Shop:
    return parse_shop((SHOP + extra).encode(), file="shop.toml")


# The last full day cost 400 + 600 = 1,000 yuan; the day after it lacks a cost, so nobody knows what it cost.
DAYS = report_of(
    [
        Row(day=0, cost=90.0, orders=1, gmv=80.0),
        Row(day=1, cost=400.0, orders=4, gmv=320.0),
        Row(day=1, cost=600.0, orders=6, gmv=480.0, segment="老客"),
        Row(day=2, cost=50.0, orders=1, gmv=80.0),
        Row(day=2, cost=None, orders=1, gmv=80.0, segment="老客"),
    ]
)


@pytest.mark.parametrize(
    ("daily", "ratio"),
    [("5000", ""), ("5000.01", "5"), ("100000", "100"), ("200", ""), ("199.99", "0.2"), ("3", "0.003")],
)
def test_a_budget_five_times_off_the_last_full_day_needs_a_person(daily: str, ratio: str) -> None:
    found = budget_notices(shop_file().with_budget(Decimal(daily)), DAYS)
    assert len(found) == bool(ratio)
    for notice in found:
        assert (notice.code, notice.severity) == ("BUDGET-UNUSUAL", Severity.REVIEW)
        assert "the cost of 2026-06-02, 1,000.00" in notice.text.en
        assert f"is {ratio} times" in notice.text.en
        assert f"消耗 1,000.00 元的 {ratio} 倍" in notice.text.zh


def test_without_a_day_of_known_cost_there_is_nothing_to_compare_with() -> None:
    assert budget_notices(shop_file(), report_of([])) == ()
    assert budget_notices(shop_file(), report_of([Row(day=0, cost=None, orders=1, gmv=80.0)])) == ()


def test_the_plan_carries_both_notices() -> None:
    shop = shop_file('[objective]\nmode = "gmv"\n').with_budget(Decimal(6000))
    codes = {notice.code for notice in make_plan(shop, default_policy(shop), DAYS, day_after(3)).notices}
    assert {"BUDGET-UNUSUAL", "NO-FLOOR"} <= codes


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ("", False),
        ('[objective]\nmode = "gmv"\n', True),
        ('[objective]\nmode = "gmv"\n[limits]\nroi_floor = 0\n', True),
        ('[objective]\nmode = "gmv"\n[limits]\nroi_floor = 2\n', False),
    ],
)
def test_gmv_without_a_floor_is_told_with_the_break_even(extra: str, told: bool) -> None:
    """At a margin of one half a yuan of GMV nets half a yuan: break-even is 2."""
    found = floor_notices(shop_file(extra))
    assert [notice.code for notice in found] == ["NO-FLOOR"] * told
    assert all("2.00" in notice.text.zh and "2.00" in notice.text.en for notice in found)


@pytest.mark.parametrize(
    ("extra", "key", "written"),
    [
        ("[limits]\nmax_raise_per_day = 50\n", "limits.max_raise_per_day", "0.5"),
        ("[limits]\nmax_over_tested = 130\n", "limits.max_over_tested", "1.3"),
        ("[test]\nshare = 20\n", "test.share", "0.2"),
        ("[economics]\nrefund_rate = 46\n", "economics.refund_rate", "0.46"),
        ('[[groups]]\nkind = "lever"\nname = "追投"\nmax = 30\n', "groups.0.max", "0.3"),
    ],
)
def test_a_per_cent_typed_as_a_share_is_a_fault_that_says_what_to_write(extra: str, key: str, written: str) -> None:
    text = SHOP.replace("[economics]\n", extra) if "economics" in extra else SHOP + extra
    with pytest.raises(BadDataError) as caught:
        parse_shop(text.encode(), file="shop.toml")
    (fault,) = caught.value.faults
    assert fault.place.column == key
    assert fault.remedy.zh.endswith(f"写成 {written}")
    assert fault.remedy.en.endswith(f"is {written}")


@pytest.mark.parametrize("cap", ["0", "0.5", "10", "inf"])
def test_a_cap_may_be_anything_sane_or_off(cap: str) -> None:
    assert shop_file(f"[limits]\nmax_raise_per_day = {cap}\n").limits.max_raise_per_day == float(cap)
