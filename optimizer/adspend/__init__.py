"""The engine: from traffic reports to a certified daily budget plan.

    import adspend

    shop = adspend.read_shop(Path("shop.toml"))
    report, imported = adspend.read_reports([Path("report.csv")], rules=shop.rules, slots=shop.cells.slots)
    plan = adspend.make_plan(shop, adspend.default_policy(shop), report, date)
    adspend.write_plan(plan, Path("plans"), language="zh")

Names are imported when first used, so that ``import adspend`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adspend.allocation import Allocation
    from adspend.certificate import certify
    from adspend.checker import check
    from adspend.contest import Contest, hold_contest
    from adspend.curve_file import read_curve_file
    from adspend.outputs.write import write_plan
    from adspend.plan import Plan
    from adspend.planner import make_plan, plan_on_curves
    from adspend.policy import Policy, default_policy, read_policy
    from adspend.problem import Limit, Problem, Table
    from adspend.shop import Shop, read_shop
    from adspend.solve import allocate
    from adspend.strategies.registry import builtin_strategies, load_strategy
    from adspend_datasets.cell import Cell
    from adspend_datasets.errors import AdspendError
    from adspend_datasets.festival_file import read_festivals
    from adspend_datasets.festivals import Festivals
    from adspend_datasets.readers import read_reports
    from adspend_datasets.report import TrafficReport
    from adspend_models.fit import fit_curves
    from adspend_models.prior import Prior

__all__ = [
    "AdspendError",
    "Allocation",
    "Cell",
    "Contest",
    "Festivals",
    "Limit",
    "Plan",
    "Policy",
    "Prior",
    "Problem",
    "Shop",
    "Table",
    "TrafficReport",
    "allocate",
    "builtin_strategies",
    "certify",
    "check",
    "default_policy",
    "fit_curves",
    "hold_contest",
    "load_strategy",
    "make_plan",
    "plan_on_curves",
    "read_curve_file",
    "read_festivals",
    "read_policy",
    "read_reports",
    "read_shop",
    "write_plan",
]

_HOME = {
    "AdspendError": "adspend_datasets.errors",
    "Allocation": "adspend.allocation",
    "Cell": "adspend_datasets.cell",
    "Contest": "adspend.contest",
    "Festivals": "adspend_datasets.festivals",
    "Limit": "adspend.problem",
    "Plan": "adspend.plan",
    "Policy": "adspend.policy",
    "Prior": "adspend_models.prior",
    "Problem": "adspend.problem",
    "Shop": "adspend.shop",
    "Table": "adspend.problem",
    "TrafficReport": "adspend_datasets.report",
    "allocate": "adspend.solve",
    "builtin_strategies": "adspend.strategies.registry",
    "certify": "adspend.certificate",
    "check": "adspend.checker",
    "default_policy": "adspend.policy",
    "fit_curves": "adspend_models.fit",
    "hold_contest": "adspend.contest",
    "load_strategy": "adspend.strategies.registry",
    "make_plan": "adspend.planner",
    "plan_on_curves": "adspend.planner",
    "read_curve_file": "adspend.curve_file",
    "read_festivals": "adspend_datasets.festival_file",
    "read_policy": "adspend.policy",
    "read_reports": "adspend_datasets.readers",
    "read_shop": "adspend.shop",
    "write_plan": "adspend.outputs.write",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  any public name
    """The public name from its module, on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'adspend' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
