"""A shop's limits as rows: each by hand, in whole numbers, whatever decimals a person typed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adspend.certificate import certify
from adspend.limits import most_active_limit, roi_floor_limit, share_limits, shop_limits
from adspend.measures import broken, usage
from adspend.problem import MICRO, Problem
from adspend.shop import Shop, parse_shop
from adspend.shop_sections import ShareSection
from adspend.solve import allocate
from adspend_datasets.cell import Cell
from oracles.hand_problems import problem, table
from oracles.random_problems import random_problem

CELLS = (Cell("A", "x"), Cell("B", "x"), Cell("A", "y"))
THREE = [table([100, 900], [50, 90], gmv_yuan=[300, 1500])] * 3


def share(low: float = 0.0, high: float = 1.0) -> ShareSection:
    return ShareSection(by="segment", of="A", min=low, max=high)


def over(spend_yuan: list[int], *limits: object) -> list[str]:
    made = problem(THREE, limits=limits, step_yuan=1)  # type: ignore[arg-type]
    return [limit.key for limit in broken(made, [100 * x for x in spend_yuan])]


def test_a_share_is_of_the_planned_spend_not_of_the_budget() -> None:
    """A at most 60 %: 300 + 300 of 1,000 is exactly that, one yuan more is not."""
    rows = share_limits(share(high=0.6), CELLS)
    assert [row.key for row in rows] == ["share/segment/A/max"]
    assert over([300, 400, 300], *rows) == []
    assert over([301, 400, 300], *rows) == ["share/segment/A/max"]
    assert over([0, 0, 0], *rows) == []


def test_a_least_share_by_hand() -> None:
    rows = share_limits(share(low=0.25), CELLS)
    assert over([200, 600, 0], *rows) == []
    assert over([200, 601, 0], *rows) == ["share/segment/A/min"]
    assert rows[0].name.zh == "「A」占比下限 25%"
    assert rows[0].name.en == "least share of 'A', 25%"


def test_shares_that_forbid_nothing_make_no_row() -> None:
    assert share_limits(share(), CELLS) == []


def test_an_roi_floor_by_hand() -> None:
    """GMV 300 + 300 for 200 is an ROI of 3 exactly; at 900 yuan a cell brings 1,500, an ROI of 1.67."""
    three = roi_floor_limit(3.0, 3)
    assert over([100, 100, 0], three) == []
    assert over([100, 101, 0], three) == ["roi_floor"]
    short = usage(problem(THREE, limits=[three], step_yuan=1), [0, 0, 900_00])[0]
    assert short / three.per_unit == 3 * 900 - 1500  # yuan of GMV


def test_cells_are_counted() -> None:
    assert over([100, 100, 0], most_active_limit(2, 3)) == []
    assert over([100, 100, 100], most_active_limit(2, 3)) == ["max_active"]


@given(st.integers(0, 10**6))
def test_decimals_are_the_fractions_they_were_meant_to_be(millionths: int) -> None:
    """0.35 is 7/20: a plan that stands exactly on its share is allowed to the fen."""
    typed = millionths / 10**6
    for row in share_limits(share(high=typed), CELLS):
        assert row.spend is not None
        inside, outside = int(row.spend[0]), -int(row.spend[1])
        assert Fraction(outside, inside + outside) == Fraction(millionths, 10**6)


@pytest.mark.parametrize("typed", [1 / 3, 0.123456789012345, 0.1 + 0.2])
def test_shares_with_many_decimals_plan_as_well(typed: float) -> None:
    """Sixteen digits times fen are past what a float counts exactly: such plans were trimmed to next to nothing."""
    gaps = []
    for high in (typed, round(typed, 6)):
        made = random_problem(np.random.default_rng(3), 30, limits=("budget",), locks=False, points=20)
        rows = share_limits(ShareSection(by="segment", of=made.cells[0].segment, max=high), made.cells)
        made = Problem(
            cells=made.cells, tables=made.tables, limits=(*made.limits, *rows), step_fen=made.step_fen, fixed=made.fixed
        )
        gaps.append(certify(made, allocate(made)).gap)
    assert gaps[0] == pytest.approx(gaps[1], abs=1e-5)


def test_floors_with_many_decimals_fit_in_64_bits() -> None:
    row = roi_floor_limit(4 / 3, 2)
    assert row.spend is not None
    assert row.gmv is not None
    assert Fraction(int(row.spend[0]), -int(row.gmv[0])) * 100 / MICRO == pytest.approx(4 / 3, abs=1e-12)


SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 1000
[cells]
segments = ["A", "B"]
slots = ["x"]
"""


def shop(extra: str = "") -> Shop:
    return parse_shop((SHOP + extra).encode(), file="shop.toml")


def test_every_row_that_the_file_asks_for_and_no_other() -> None:
    assert [row.key for row in shop_limits(shop(), shop().grid)] == ["budget"]
    full = shop(
        'max_active = 1\n[limits]\nroi_floor = 2.5\n[[shares]]\nby = "slot"\nof = "x"\nmin = 0.1\nmax = 1\n'
        '[[shares]]\nby = "segment"\nof = "A"\nmax = 0.5\n'
    )
    rows = shop_limits(full, full.grid)
    assert [row.key for row in rows] == [
        "budget", "share/slot/x/min", "share/segment/A/max", "roi_floor", "max_active",
    ]  # fmt: skip
    assert rows[0].rhs == 100_000


def test_a_floor_of_zero_is_no_floor() -> None:
    free = shop("[limits]\nroi_floor = 0\n")
    assert [row.key for row in shop_limits(free, free.grid)] == ["budget"]
