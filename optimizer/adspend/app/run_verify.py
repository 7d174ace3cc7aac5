"""The ``verify`` command: the independent checker on any plan file."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from adspend.app.arguments import existing_file
from adspend.checker import check
from adspend_datasets.errors import BadDataError, Fault, Place
from adspend_datasets.text import Language, Text


def run_verify(plan_file: Path, *, language: Language, json_only: bool) -> None:
    """Prints each violation; exits with 4 when there is one.

    Raises:
        BadDataError: the file is not JSON.
    """
    try:
        document = json.loads(existing_file(plan_file, "plan.json").read_bytes())
    except ValueError as error:
        raise BadDataError([_not_json(plan_file, error)]) from error
    violations = check(document if isinstance(document, dict) else {})
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
        return f"通过：所有限制成立，数字一致；净值距理论上限至多 {gap:.4%}"
    return f"passed: every limit holds, every number agrees; at most {gap:.4%} below the proven bound"


def _not_json(path: Path, error: ValueError) -> Fault:
    return Fault(
        code="E-PLAN-JSON",
        law=Text("计划文件必须是 JSON", "a plan file must be JSON"),
        value=str(error),
        place=Place(file=path.name),
        remedy=Text("请给出 adspend plan 写出的 plan.json", "Give the plan.json that adspend plan wrote"),
    )
