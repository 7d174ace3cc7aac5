"""The words that every output shares: column heads, actions, and the names of limits."""

from __future__ import annotations

from adspend.caps import CAP_NAMES
from adspend.plan import Action, Plan, PlannedCell
from adspend_datasets.text import Text, same

ACTION_WORDS = {
    Action.TEST: Text("测试", "test"),
    Action.START: Text("启动", "start"),
    Action.RAISE: Text("加预算", "raise"),
    Action.HOLD: Text("维持", "hold"),
    Action.CUT: Text("减预算", "cut"),
    Action.PAUSE: Text("暂停", "pause"),
}

GRADE_WORDS = {
    "PASS": Text("可信", "PASS"),
    "REVIEW": Text("需复核", "REVIEW"),
    "FAIL": Text("不可信", "FAIL"),
}


def limit_names(plan: Plan, cell: PlannedCell) -> list[Text]:
    """The names of what holds a cell."""
    rows = {limit.key: limit.name for limit in plan.problem.limits}
    return [rows.get(key) or CAP_NAMES.get(key) or same(key) for key in cell.limits]


def certificate_sentence(plan: Plan) -> Text:
    """How good the plan is proven to be, in one sentence."""
    value, bound = (f"{micro / 1e6:,.2f}" for micro in (plan.certificate.value_micro, plan.certificate.bound_micro))
    gap = f"{plan.certificate.gap:.4%}"
    return Text(
        f"在同样的曲线和限制下，任何分配最多净赚 {bound} 元；本计划净赚 {value} 元，最多差 {gap}",
        f"on these curves and limits no split can net more than {bound}; this plan nets {value}, at most {gap} less",
    )
