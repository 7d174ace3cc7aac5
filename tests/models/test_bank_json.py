"""The curve bank as JSON: readable without the engine, and saying what the bank says."""

from __future__ import annotations

import json

import numpy as np
import pytest

from adspend_datasets.cell import Cell
from adspend_models.bank_json import curves_to_json
from adspend_models.bank_table import bank_table
from adspend_models.fit import fit_curves
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import Prior
from oracles.made_reports import Row, cell_rows, day_after, report_of

CELLS = (Cell("新客", "20:00-22:00"), Cell("never", "ALL", "boost"))


def made() -> PosteriorBank:
    rows = [*cell_rows([90.0, 300.0, 900.0, 300.0], [6, 20, 40, 22]), Row(day=4, cost=None, orders=3, gmv=240.5)]
    prior = Prior(reference_cost=300, gmv_return=4, order_value=80)
    return fit_curves(report_of(rows), CELLS, plan_date=day_after(6), prior=prior, rng=np.random.default_rng(1))


def test_a_stranger_can_read_it() -> None:
    bank = made()
    text = curves_to_json(bank)
    document = json.loads(text)
    assert text.endswith("}\n")
    assert "新客" in text
    assert (document["schema"], document["date"], document["currency_unit"]) == (
        "adspend.curves/1",
        "2026-06-07",
        "yuan",
    )
    seen, never = document["cells"]
    assert (seen["segment"], seen["slot"], seen["lever"]) == ("新客", "20:00-22:00", "")
    assert seen["grade"] in {"PASS", "REVIEW"}
    assert (never["grade"], never["tested_max"], never["observations"]) == ("FAIL", 0, [])
    assert never["reasons"][0]["zh"].startswith("从未测试过")
    assert seen["tested_max"] == 900
    assert seen["observations"][0] == {"date": "2026-06-01", "cost": 90, "orders": 6, "gmv": 480}
    assert seen["observations"][4] == {"date": "2026-06-05", "cost": None, "orders": 3, "gmv": 240.5}
    assert document["shop"]["weekday"] == [1.0] * 7


def test_the_table_is_the_mean_curve() -> None:
    bank = made()
    for i, cell in enumerate(json.loads(curves_to_json(bank))["cells"]):
        curve = cell["curve"]
        cost = np.tile(curve["cost"], (2, 1))
        assert curve["orders"] == pytest.approx(bank.mean_orders(cost)[i], rel=1e-4)
        assert np.array(curve["gmv"]) == pytest.approx(np.array(curve["orders"]) * cell["order_value"], rel=1e-4)
        low, high = np.quantile(bank.order_draws(cost)[:, i], (0.1, 0.9), axis=0)
        assert curve["orders_low"] == pytest.approx(low, rel=1e-4)
        assert curve["orders_high"] == pytest.approx(high, rel=1e-4)
        assert (curve["cost"][0], curve["orders"][0]) == (0, 0)
        assert {name: len(column) for name, column in curve.items()} == dict.fromkeys(curve, 41)
    assert json.loads(curves_to_json(bank))["cells"][0]["curve"]["cost"][-1] == 1800


def test_parameters_give_a_curve_inside_the_band() -> None:
    for cell in json.loads(curves_to_json(made()))["cells"]:
        p, curve = cell["parameters"], cell["curve"]
        x = np.array(curve["cost"][1:])
        hill = p["height"] * x ** p["shape"] / (p["half_saturation"] ** p["shape"] + x ** p["shape"])
        middle = slice(0, 20)  # up to the largest tested cost
        assert np.all(hill[middle] > np.array(curve["orders_low"][1:])[middle])
        assert np.all(hill[middle] < np.array(curve["orders_high"][1:])[middle])


def test_what_was_never_tried_is_flagged() -> None:
    """By hand: 41 costs from 0 to twice the largest tested, 900, so that the first 21 were tried; 900 itself was."""
    seen, never = json.loads(curves_to_json(made()))["cells"]
    curve = seen["curve"]
    assert curve["tested"] == [True] * 21 + [False] * 20
    assert (curve["cost"][20], curve["cost"][21]) == (900, 945)
    assert never["curve"]["tested"] == [False] * 41, "all of a cell never tested is extrapolation, its origin too"


def test_costs_are_whole_fen() -> None:
    """A largest cost of 333.33 in 20 steps of 16.6665 would name fractions of a fen; 333.33 itself stays tried."""
    rows = cell_rows([90.0, 333.33, 120.0, 333.33], [6, 20, 8, 22])
    prior = Prior(reference_cost=300, gmv_return=4, order_value=80)
    bank = fit_curves(report_of(rows), CELLS[:1], plan_date=day_after(6), prior=prior, rng=np.random.default_rng(1))
    table = bank_table(bank)
    assert table.cost[0, 1] == 16.67
    assert np.array_equal(table.cost, np.round(table.cost, 2))
    assert (table.cost[0, 20], table.tested[0].sum()) == (333.33, 21)
    assert table.orders == pytest.approx(bank.mean_orders(table.cost))


def test_the_same_bank_gives_the_same_bytes() -> None:
    assert curves_to_json(made()) == curves_to_json(made())
