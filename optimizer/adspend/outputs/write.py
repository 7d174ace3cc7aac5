"""Writing a plan directory: checked first, then each file whole."""

from __future__ import annotations

import json
from pathlib import Path

from adspend.checker import Violation, check
from adspend.outputs.files import write_file
from adspend.outputs.page import plan_page
from adspend.outputs.plan_csv import plan_csv
from adspend.outputs.plan_json import plan_json
from adspend.outputs.workbook import plan_workbook
from adspend.plan import Plan
from adspend_datasets.errors import Fault, NoPlanError, Place
from adspend_datasets.text import Language, Text


def write_plan(plan: Plan, directory: Path, *, language: Language) -> tuple[Path, ...]:
    """Writes plan.json, plan.csv, plan.xlsx and plan.html; nothing unless the independent checker passes the plan.

    Raises:
        NoPlanError: the checker found a violation: a fault of the engine, and no file is written.
    """
    files = plan_files(plan, language)
    return tuple(write_file(directory / name, content) for name, content in files.items())


def plan_files(
    plan: Plan, language: Language, *, full: bool = True, library: str | None = None, summary: str | None = None
) -> dict[str, bytes]:
    """The files of a plan directory by name.

    Args:
        plan: what is written.
        language: of the tables, and what the page opens in.
        full: plan.xlsx and plan.html too; else plan.json and plan.csv alone.
        library: where the page finds its charts' library, see ``plan_page``.
        summary: where the page finds the run that it is part of.

    Raises:
        NoPlanError: the checker found a violation.
    """
    document = plan_json(plan)
    _refuse_violations(document)
    files = {"plan.json": document.encode("utf-8"), "plan.csv": plan_csv(plan, language)}
    if full:
        files["plan.xlsx"] = plan_workbook(plan, language)
        files["plan.html"] = plan_page(plan, language, library=library, summary=summary).encode("utf-8")
    return files


def _refuse_violations(document: str) -> None:
    """What is checked is the text that is written, read back."""
    violations = check(json.loads(document))
    if violations:
        raise NoPlanError([_fault(violation) for violation in violations])


def _fault(violation: Violation) -> Fault:
    zh, en = violation.pick("zh"), violation.pick("en")
    return Fault(
        code="E-PLAN-CHECK",
        law=Text(f"计划必须通过独立检验：{zh}", f"a plan must pass the independent checker: {en}"),
        place=Place(file="plan.json", column=violation.rule),
        remedy=Text(
            "没有写出任何文件，请沿用昨日预算；这是引擎的缺陷，请附上报表与店铺文件反馈",
            "No file was written, keep yesterday's budgets; this is a fault of the engine, report it with its inputs",
        ),
    )
