"""The ``verify`` command: the independent checker on any plan file."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from adspend.app.arguments import existing_file
from adspend.checker import check
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.text import Language, Text

PLANS = "adspend.plan/"  # how a plan's schema begins


def run_verify(plan_file: Path, *, language: Language, json_only: bool) -> None:
    """Prints each violation; exits with 4 when there is one.

    Raises:
        BadDataError: the file is not JSON, or no plan.
    """
    try:
        document = json.loads(existing_file(plan_file, "plan.json").read_bytes())
    except ValueError as error:
        raise BadDataError([_not_json(plan_file, error)]) from error
    if not isinstance(document, dict) or not str(document.get("schema", "")).startswith(PLANS):
        raise BadDataError([_no_plan(plan_file, document)])
    violations = check(document)
    if json_only:
        print(
            json.dumps(
                {"ok": not violations, "violations": [violation.pick(language) for violation in violations]},
                ensure_ascii=False,
            )
        )
    else:
        for violation in violations:
            print(violation.pick(language))
        if not violations:
            print(_passed(document, language))
    if violations:
        raise typer.Exit(4)


def _passed(document: dict[str, object], language: Language) -> str:
    certificate = document["certificate"]
    assert isinstance(certificate, dict)
    gap = float(certificate["gap"])
    if language == "zh":
        return f"通过：预算、限制、各单元预期与证明一致；距理论上限至多 {gap:.4%}。文字、方案对比与预算曲线不在检验之列"
    return (
        f"passed: budgets, limits, every cell's expectations and the proof agree; at most {gap:.4%} below the proven "
        "bound. Words, comparisons and the budget frontier are not judged"
    )


def _no_plan(path: Path, document: object) -> Fault:
    found = document.get("schema", "-") if isinstance(document, dict) else type(document).__name__
    return Fault(
        code="E-PLAN-SCHEMA",
        law=Text("须是 adspend plan 写出的计划文件", "this must be a plan file that adspend plan wrote"),
        value=f"schema {found!s:.40}",
        place=Place(file=path.name),
        remedy=Text("请给出 plan.json", "Give a plan.json"),
    )


def _not_json(path: Path, error: ValueError) -> Fault:
    return Fault(
        code="E-PLAN-JSON",
        law=Text("计划文件必须是 JSON", "a plan file must be JSON"),
        value=str(error),
        place=Place(file=path.name),
        remedy=Text("请给出 adspend plan 写出的 plan.json", "Give the plan.json that adspend plan wrote"),
    )
