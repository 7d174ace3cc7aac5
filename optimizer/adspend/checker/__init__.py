"""The independent checker (独立检验): judges a plan file in exact arithmetic and trusts nothing that made it.

Standard library only, integers and fractions only, and no import from the rest of the project, so that a fault in the
engine cannot hide here; ``python -m adspend.checker plan.json`` needs this one folder. The rules are ``LAWS``: ``form``
judges fields, ``rules`` the money and the limits, ``proof`` the certificate.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from .form import PLAN, fields, parts
from .laws import LAWS, Violation, broken
from .rules import rules

__all__ = ["LAWS", "Violation", "check", "main"]


def check(plan: Mapping[str, Any]) -> tuple[Violation, ...]:
    """Every rule that the plan breaks; one without form (P0, P1, P6, P7) is not judged further. Never raises."""
    try:
        return tuple(fields("plan", PLAN, plan)) or tuple(parts(plan)) or tuple(rules(plan))
    except Exception as error:  # the last resort: what cannot be judged is not a valid plan
        return (broken("P0", "plan", type(error).__name__),)


def main(argv: Sequence[str]) -> int:
    """Prints what a plan file breaks. Returns 0 where there is nothing, 1 where there is, 2 without a file name."""
    if len(argv) != 1:
        print("usage: python -m adspend.checker plan.json", file=sys.stderr)
        return 2
    try:
        with open(argv[0], encoding="utf-8") as file:  # noqa: PTH123  one import fewer to trust
            violations = check(json.load(file))
    except (OSError, ValueError, RecursionError) as error:
        violations = (broken("P0", argv[0], f"{error}"),)
    print(*violations, f"{len(violations)} violations", sep="\n")
    return 1 if violations else 0
