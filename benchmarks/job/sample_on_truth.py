"""The bundled sample's plan, judged on the curves that the sample was made from.

The plan sees the sample report alone. Its budgets, yesterday's spend and an even split are then put into the true
curves of the market world (seed 20261123), for the plan's own weekday: expected orders x order value x net value rate,
less cost.
"""

from __future__ import annotations

import datetime
from importlib.resources import files
from pathlib import Path

import numpy as np

from adspend.app.read_inputs import read_shop_reports
from adspend.planner import make_plan
from adspend.policy import default_policy
from adspend.shop import read_shop
from adspend_models.market.sample_shop import sample_truth

SEED = 20261123
PLAN_DATE = datetime.date(2026, 11, 23)


def sample_on_truth(smoke: bool) -> list[dict[str, str | int | float]]:
    """One row per way to spend: cost, what the fitted curves promise, what the true ones give."""
    del smoke  # it takes a second
    samples = Path(str(files("adspend_datasets") / "samples"))
    shop = read_shop(samples / "shop.toml")
    report, _ = read_shop_reports(shop, [samples / "qianchuan_standard.csv"])
    plan = make_plan(shop, default_policy(shop), report, PLAN_DATE)
    truth = sample_truth(SEED)
    order = [truth.cells.index(cell.cell) for cell in plan.cells]
    budgets = {"this plan": [cell.budget_fen for cell in plan.cells]}
    budgets["yesterday's spend"] = [cell.yesterday_fen or 0 for cell in plan.cells]
    budgets["even split, same total"] = [plan.planned_fen / len(plan.cells)] * len(plan.cells)
    promised = {comparison.name.en: comparison.expected_net_fen / 100 for comparison in plan.comparisons}
    rows: list[dict[str, str | int | float]] = []
    for name, spend in budgets.items():
        cost = np.zeros(len(truth.cells))
        cost[order] = np.array(spend) / 100
        net = truth.mean_orders(PLAN_DATE, cost) * truth.order_value * shop.economics.net_value_rate - cost
        rows.append(
            {
                "way": name,
                "cost": round(float(cost.sum())),
                "net promised by the fitted curves": round(promised[name]),
                "net on the true curves": round(float(net.sum())),
            }
        )
    return rows
