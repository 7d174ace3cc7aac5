"""A designed test keeps every rule of the shop, spends within its money, and teaches more than equal levels."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from adspend.design import TestDesign
from adspend.design_options import BELOW, designs, levels_to_try
from adspend.design_worth import equal_levels
from adspend.designer import design_test, stop_spend_fen
from adspend.history import UNSEEN, CellHistory, histories
from adspend.money_price import price_of_money
from adspend.policy import default_policy
from adspend.shop import Shop, parse_shop
from adspend_datasets.readers import read_reports
from adspend_datasets.report import TrafficReport

SAMPLES = Path(__file__).parents[2] / "datasets" / "adspend_datasets" / "samples"
DATE = datetime.date(2026, 11, 23)


def shop_with(more: str = "", *, least: int = 300, most: str = "max = 6000") -> Shop:
    """Two segments, two slots, 4,000 yuan a day."""
    return parse_shop(
        f"""
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 4000
[cells]
segments = ["a", "b"]
slots = ["08:00-10:00", "20:00-22:00"]
min_if_active = {least}
{most}
step = 100
{more}
""".encode(),
        file="shop.toml",
    )


def sample() -> tuple[Shop, TrafficReport]:
    """The bundled shop and its report."""
    shop = parse_shop((SAMPLES / "shop.toml").read_bytes(), file="shop.toml")
    report, _ = read_reports(
        [SAMPLES / "qianchuan_standard.csv"], rules=shop.rules, slots=shop.cells.slots, platform=shop.shop.platform
    )
    return shop, report


def designed(budget: int, days: int, shop: Shop | None = None, report: TrafficReport | None = None) -> TestDesign:
    """A design of the sample, or of another shop."""
    made, rows = sample()
    shop = shop or made
    return design_test(
        shop, default_policy(shop), rows if report is None else report, DATE, budget_fen=budget * 100, days=days
    )


@pytest.mark.parametrize(("budget", "days"), [(6000, 1), (12000, 3)])
def test_every_rule_of_the_shop_holds(budget: int, days: int) -> None:
    """Money, minimum, step, maximum, tested-range cap, one level a day, dates."""
    shop, report = sample()
    design = designed(budget, days)
    past = dict(zip(shop.grid, histories(report, shop.grid), strict=True))
    assert 0 < design.cost_fen <= budget * 100
    assert design.dates == tuple(DATE + datetime.timedelta(days=day) for day in range(days))
    for test in design.tests:
        assert len(test.schedule_fen) == days
        assert any(test.schedule_fen)
        for level in filter(None, test.schedule_fen):
            assert shop.minimum_fen <= level <= shop.maximum_fen
            assert level % shop.step_fen == 0
            tested = past[test.cell].tested_fen
            assert not tested or level <= max(tested * shop.limits.max_over_tested, shop.minimum_fen)
    assert {test.cell for test in design.tests} | set(design.untested) == set(shop.grid)
    assert not {test.cell for test in design.tests} & set(design.untested)


def test_it_teaches_more_than_equal_levels_and_no_more_than_its_bound() -> None:
    """The yardstick and the bound of the choice."""
    design = designed(9000, 3)
    assert design.equal_gain_fen < design.gain_fen <= design.bound_fen
    assert design.gain_fen == pytest.approx(sum(test.gain_fen for test in design.tests), abs=len(design.tests))


def test_the_same_inputs_give_the_same_design_and_more_money_teaches_more() -> None:
    """Seeded, and monotone in the bound."""
    small, again, large = designed(3000, 2), designed(3000, 2), designed(15000, 2)
    assert small == again
    assert small.bound_fen <= large.bound_fen
    assert small.gain_fen <= large.gain_fen


def test_no_money_no_test() -> None:
    """Nothing is proposed, and the design says what was left alone."""
    design = designed(0, 2)
    assert design.tests == ()
    assert (design.cost_fen, design.gain_fen, design.payback_days) == (0, 0, 0.0)
    assert set(design.untested) == set(sample()[0].grid)


def test_a_locked_cell_is_left_alone() -> None:
    """A person has decided it."""
    lock = '[[locks]]\nsegment = "a"\nslot = "20:00-22:00"\nbudget = 500\n'
    shop, empty = shop_with(lock), sample()[1]
    design = designed(4000, 2, shop, replace(empty, rows=empty.rows.iloc[:0]))
    assert design.tests
    assert ("a", "20:00-22:00") not in {(test.cell.segment, test.cell.slot) for test in design.tests}


def test_bad_arguments_are_refused() -> None:
    """Laws of the arguments."""
    with pytest.raises(ValueError, match="at least 1 day and no negative budget, got 0 and 100"):
        designed(1, 0)
    with pytest.raises(ValueError, match="got 1 and -100"):
        designed(-1, 1)


def test_levels_by_hand() -> None:
    """Even split 1,000; levels .3 to 3 times it, a third below the lowest, but at least the platform's 300."""
    shop = shop_with()
    policy = default_policy(shop)
    even = shop.budget_fen // 4
    cold = levels_to_try(shop, policy, UNSEEN, even)
    assert (cold[0], cold[-1]) == (300_00, 3000_00)
    assert all(level % 100_00 == 0 for level in cold)
    free = levels_to_try(shop_with(least=100), policy, UNSEEN, even)
    assert free[0] == max(100_00, round(0.3 * even / BELOW))
    # tested at 1,000: the tested-range cap of 1.3 is the highest level
    seen = CellHistory(yesterday_fen=0, last_active_fen=900_00, tested_fen=1000_00)
    assert levels_to_try(shop, policy, seen, even)[-1] == 1300_00
    # a day's budget below the minimum leaves nothing to test
    poor = shop_with(most="").with_budget(Decimal(200))
    assert levels_to_try(poor, policy, UNSEEN, poor.budget_fen // 4) == ()


def test_designs_by_hand() -> None:
    """Two levels, two days; three levels use at most two of them."""
    assert designs(2, 2).tolist() == [[0, 0], [0, 1], [1, 0], [0, 2], [1, 1], [2, 0]]
    rows = designs(3, 3)
    assert ((rows > 0).sum(axis=1) <= 2).all()
    assert len(rows) == 1 + 3 * 3 + 3 * 3  # none, one level for 1 to 3 days, two levels for (1,1), (1,2), (2,1)
    assert designs(0, 0).shape == (1, 0)


def test_the_price_of_money_by_hand() -> None:
    """One cell earns 3 a yuan on its first 100 yuan, the other 2; 100 yuan to spend: the next yuan would earn 2 - 1."""
    spend = np.array([[0.0, 100.0], [0.0, 100.0]])
    value = np.array([[0.0, 300.0], [0.0, 200.0]])
    assert price_of_money(value, spend, 100.0) == pytest.approx(1.0)
    assert price_of_money(value, spend, 200.0) == 0.0
    assert price_of_money(0.3 * value, spend, 0.0) == 0.0  # nothing pays: money left has no price


def test_stop_lines_by_hand() -> None:
    """40 yuan an order: the rule of three without over-dispersion; with size 1, P(0) = 1 / (1 + m) = 1/20 at 19."""
    assert stop_spend_fen(np.array([[100.0]]), [4000_00], 1e9) == pytest.approx(-math.log(0.05) * 40_00, abs=1)
    assert stop_spend_fen(np.array([[100.0]]), [4000_00], 1.0) == pytest.approx(19 * 40_00, abs=1)


def test_a_level_that_rightly_sells_nothing_stops_nothing() -> None:
    """300 yuan may sell nothing and 2,000 then sell ten: the line lies within the second day."""
    line = stop_spend_fen(np.array([[0.0, 10.0]]), [300_00, 2000_00], 1e9)
    assert line == pytest.approx(300_00 - math.log(0.05) / 10 * 2000_00, abs=1)
    assert stop_spend_fen(np.array([[0.0, 2.0]]), [300_00, 2000_00], 1e9) == 2300_00  # e^-2 = 14 %: to the end
    assert stop_spend_fen(np.empty((0, 1)), [300_00], 5.0) == 300_00


def test_equal_levels_by_hand() -> None:
    """4 cells, 17,200 yuan, 3 days: 4,300 a cell is 300 + 1,000 + 3,000; little money reaches fewer cells."""
    shop = shop_with()
    policy = default_policy(shop)
    assert equal_levels(shop, policy, 17_200_00, 3) == ((300_00, 1000_00, 3000_00), 4)
    assert equal_levels(shop, policy, 9_000_00, 3) == ((300_00, 1000_00, 3000_00), 2)
    assert equal_levels(shop, policy, 100_00, 3) == ((), 0)


def test_a_larger_daily_budget_makes_money_cheaper() -> None:
    """The price is the worth of the day's last yuan."""
    shop, _ = sample()
    poor, rich = designed(3000, 1, shop.with_budget(Decimal(5000))), designed(3000, 1, shop.with_budget(Decimal(90000)))
    assert poor.price > rich.price >= 0.0
