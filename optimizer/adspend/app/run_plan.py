"""The commands that write a plan: ``plan`` from reports, ``allocate`` from given curves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from adspend.app.arguments import date_argument, existing_file, shop_argument, today
from adspend.app.read_inputs import input_file, read_calendar, read_shop_reports
from adspend.app.terminal import print_plan, working
from adspend.curve_file import read_curve_file
from adspend.outputs.write import write_plan
from adspend.plan import Plan
from adspend.planner import make_plan, plan_on_curves
from adspend.policy import default_policy, read_policy
from adspend.shop_reports import import_notices, report_inputs
from adspend.solver_process import SolverProcess
from adspend_datasets.curve_profile import Outcome
from adspend_datasets.import_report import ImportReport
from adspend_datasets.text import Language

SOLVE_SECONDS = 120.0  # wall time of one solve in its own process; ordinary shops need under one second


def run_plan(
    reports: Sequence[Path],
    shop_path: Path,
    date: str,
    out: Path,
    *,
    budget: str | None,
    policy: Path | None,
    calendar: Path | None,
    language: Language,
    json_only: bool,
) -> None:
    """Reads, plans, checks and writes; nothing is written unless the independent checker passes."""
    day = date_argument(date)
    shop = shop_argument(shop_path, budget)
    rules = default_policy(shop) if policy is None else read_policy(existing_file(policy, "--policy"))
    festivals = read_calendar(calendar)
    with working(language, quiet=json_only) as say, SolverProcess(SOLVE_SECONDS) as process:
        say("读取报表", "reading reports")
        report, imported = read_shop_reports(shop, reports)
        say("拟合曲线并分配预算", "fitting curves and allocating")
        inputs = [*report_inputs(imported), *(input_file(path) for path in (shop_path, policy, calendar) if path)]
        plan = make_plan(
            shop,
            rules,
            report,
            day,
            notices=import_notices(imported),
            inputs=inputs,
            solver=process.allocate,
            festivals=festivals,
        )
        say("检验并写出计划", "checking and writing")
        paths = write_plan(plan, out, language=language)
    _report(plan, paths, imported, language, json_only=json_only)


def run_allocate(
    curves_path: Path,
    shop_path: Path,
    date: str | None,
    out: Path,
    *,
    budget: str | None,
    days: int | None = None,
    outcome: Outcome | None = None,
    language: Language,
    json_only: bool,
) -> None:
    """Plans on curves made elsewhere and writes the same directory."""
    shop = shop_argument(shop_path, budget)
    day = today(shop) if date is None else date_argument(date)
    curves = read_curve_file(existing_file(curves_path, "--curves"), shop, days=days, outcome=outcome)
    inputs = [input_file(curves_path), input_file(shop_path)]
    with working(language, quiet=json_only) as say, SolverProcess(SOLVE_SECONDS) as process:
        say("分配预算", "allocating")
        plan = plan_on_curves(shop, curves, day, inputs=inputs, solver=process.allocate)
        paths = write_plan(plan, out, language=language)
    _report(plan, paths, None, language, json_only=json_only)


def _report(
    plan: Plan, paths: Sequence[Path], imported: ImportReport | None, language: Language, *, json_only: bool
) -> None:
    if json_only:
        print(json.dumps(_summary(plan, paths), ensure_ascii=False))
    else:
        print_plan(plan, paths, imported, language)


def _summary(plan: Plan, paths: Sequence[Path]) -> dict[str, object]:
    """What a script wants to know of a written plan."""
    return {
        "date": plan.date.isoformat(),
        "budget_fen": plan.budget_fen,
        "planned_fen": plan.planned_fen,
        "expected_net_fen": sum(cell.expected_net_fen for cell in plan.cells),
        "gap": plan.certificate.gap,
        "notices": [{"code": notice.code, "severity": notice.severity.value} for notice in plan.notices],
        "files": [str(path) for path in paths],
    }
