"""What tomorrow's budget says of a shop's curves: something while nothing is known, nothing beyond what was spent."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from adspend.day import BUDGET_REACH, fitted_bank, prior_of, rows_before
from adspend.shop import Shop, parse_shop
from adspend_datasets.cell import Cell
from adspend_datasets.report import TrafficReport
from oracles.made_reports import report_from_arrays

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = {}
[cells]
segments = ["a", "b"]
slots = ["ALL"]
min_if_active = 100
max = 3000
step = 10
"""
DATE = datetime.date(2027, 1, 1)


def shop_of(budget: int) -> Shop:
    return parse_shop(SHOP.format(budget).encode(), file="shop.toml")


def report_of(*spends: float) -> TrafficReport:
    """Cell a alone, a day for each spend, an order for every 20 yuan."""
    cost = np.array([spends])
    return report_from_arrays([Cell("a", "ALL")], cost, np.rint(cost / 20), 100.0)


def test_before_any_report_a_cell_usually_gets_an_even_split_of_the_budget() -> None:
    nothing = rows_before(shop_of(4000), report_of(500), datetime.date(2000, 1, 1))
    assert prior_of(shop_of(4000), nothing).reference_cost == 2000
    assert prior_of(shop_of(100), nothing).reference_cost == 100, "and never less than the platform takes"


@pytest.mark.parametrize(
    ("budget", "taken"),
    [(1000, 1000), (2500, 2500), (250_000, BUDGET_REACH * 1000), (450, 450), (300, 1000 / BUDGET_REACH)],
)
def test_a_budget_counts_as_far_as_the_largest_day_reaches(budget: int, taken: float) -> None:
    """The largest day spent 1,000."""
    reference = prior_of(shop_of(budget), report_of(400, 1000, 700)).reference_cost
    assert reference == pytest.approx(max(taken / 2, 100))


def test_curves_do_not_hang_on_a_budget_that_the_shop_never_spent() -> None:
    report = report_of(400, 1000, 700, 300, 800, 500)
    cost = np.array([[200.0, 1500.0]] * 2)
    far, farther, near = (
        fitted_bank(shop_of(budget), report, DATE).mean_orders(cost) for budget in (40_000, 4_000_000, 1_000)
    )
    assert np.array_equal(far, farther)
    assert not np.allclose(near, far), "within reach it counts, or the law above is empty"
