"""The ROI floor on bad days: by hand on two scenarios, and by the definition of the tail on fitted curves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from adspend.limits import shop_limits
from adspend.problem import Ints, Problem
from adspend.risk import broken_tail, gmv_draws, hold_floor_on_bad_days
from adspend.shop import Shop, parse_shop
from adspend.solve import allocate
from adspend.tabulate import tabulate
from adspend.value_curves import Expected
from adspend_datasets.cell import Cell
from adspend_models.bank import Floats, Grading, Observations

SHOP = """
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 1000
[cells]
segments = ["steady", "wild"]
slots = ["ALL"]
min_if_active = 100
max = 1000
step = 100
[limits]
roi_floor = 3
"""


@dataclass(frozen=True)
class TwoScenarios:
    """GMV per yuan is 4 for the steady cell on both days; 9 or 1 for the wild one. Net value is half of GMV."""

    cells: tuple[Cell, ...]
    rates = np.array([[4.0, 9.0], [4.0, 1.0]])
    gradings: tuple[Grading, ...] = ()
    observations: tuple[Observations, ...] = ()

    def expected(self, cost: Floats) -> Expected:
        gmv = cost * self.rates.mean(axis=0)[:, None]
        return Expected(value=gmv / 2, orders=gmv / 100, gmv=gmv)

    def value_draws(self, cost: Floats) -> Floats:
        return np.asarray(cost[None] * self.rates[:, :, None] / 2)

    def observed_value(self, i: int) -> Floats:
        raise NotImplementedError(i)

    def spend_points(self, i: int, minimum_fen: int, maximum_fen: int, step_fen: int) -> Ints:
        del i
        return np.arange(minimum_fen, maximum_fen + 1, step_fen, dtype=np.int64)


def two(risk: str) -> tuple[Shop, TwoScenarios, Problem]:
    shop = parse_shop((SHOP + f"[objective]\n{risk}\n").encode(), file="shop.toml")
    curves = TwoScenarios(shop.grid)
    points = [curves.spend_points(0, 100_00, 1000_00, 100_00)] * 2
    problem = Problem(
        cells=shop.grid,
        tables=tabulate(curves, points),
        limits=shop_limits(shop, shop.grid),
        step_fen=100_00,
        fixed=np.array([-1, -1]),
    )
    return shop, curves, problem


def test_without_risk_the_wild_cell_gets_everything() -> None:
    """5 a yuan on average beats 4; the average ROI of 5 meets the floor of 3."""
    shop, curves, problem = two("")
    assert hold_floor_on_bad_days(shop, curves, problem, allocate(problem), allocate)[1].spend == (0, 1000_00)


def test_on_the_worse_half_of_days_the_floor_must_hold_by_hand() -> None:
    """On the bad day w yuan on the wild cell bring 1 each: 4 (1000 - w) + w >= 3000 allows w = 333, on the grid 300."""
    shop, curves, problem = two("risk = 0.5")
    held, allocation = hold_floor_on_bad_days(shop, curves, problem, allocate(problem), allocate)
    assert allocation.spend == (700_00, 300_00)
    assert [limit.key for limit in held.limits][-1] == "roi_floor/bad_days/1"
    assert broken_tail(curves, allocation.spend, 0.5, 3.0) is None
    assert broken_tail(curves, (600_00, 400_00), 0.5, 3.0) is not None


@pytest.mark.parametrize("risk", [0.1, 0.3, 1.0])
def test_the_tail_is_the_worst_share_by_definition(risk: float) -> None:
    rng = np.random.default_rng(3)
    shop, curves, _ = two("")
    many = replace(curves)
    object.__setattr__(many, "rates", rng.lognormal(1.0, 0.8, (64, 2)))
    spend = (300_00, 700_00)
    totals = np.sort((many.rates * np.array([300.0, 700.0])).sum(axis=1))
    worst = totals[: int(np.ceil(risk * 64))].mean()
    assert broken_tail(many, spend, risk, float(worst) / 1000 * 0.99) is None
    tail = broken_tail(many, spend, risk, float(worst) / 1000 * 1.01)
    assert tail is not None
    drawn = gmv_draws(many, np.array([[300.0], [700.0]]))[tail, :, 0].sum(axis=1)
    assert drawn.mean() == pytest.approx(worst)
    assert shop.objective.risk is None
