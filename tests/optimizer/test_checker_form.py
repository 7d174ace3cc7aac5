"""The checker on broken files: every field is judged, nothing makes it raise, and it needs no other file."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adspend.checker
from adspend.checker import LAWS, Violation, check, main
from oracles.plan_documents import hand_made_plan
from oracles.plan_faults import edited


def rules(plan: Mapping[str, Any]) -> set[str]:
    return {violation.rule for violation in check(plan)}


def judged(plan: Any) -> None:  # noqa: ANN401  garbage
    """It is judged by a rule, not by the last resort."""
    for violation in check(plan):
        assert violation.rule in LAWS
        assert not (violation.place == "plan" and violation.found.endswith("Error")), str(violation)


# What the schema says of the fields that are judged: kind, where, which. A "?" may also be null.
FIELDS = (
    ("schema", (), "schema"),
    ("date", (), "date"),
    ("amount", (), "budget_fen planned_fen step_fen"),
    ("list", (), "cells options limits"),
    ("object", (), "certificate"),
    ("text", ("cells", 0), "segment slot lever"),
    ("word", ("cells", 0), "action grade"),
    ("amount", ("cells", 0), "budget_fen"),
    ("amount?", ("cells", 0), "yesterday_fen fixed_fen minimum_fen maximum_fen"),
    ("whole", ("cells", 0), "expected_gmv_fen expected_net_fen p10_net_fen"),
    ("number", ("cells", 0), "expected_orders"),
    ("number?", ("cells", 0), "marginal_return"),
    ("object?", ("cells", 0), "curve"),
    ("wholes", ("cells", 0, "curve"), "spend_fen objective_micro value_micro orders_micro gmv_micro"),
    ("columns", ("cells", 0, "curve"), "more"),
    ("text", ("limits", 0), "key"),
    ("columns", ("limits", 0), "more"),
    ("whole", ("limits", 0), "rhs"),
    ("column", ("limits", 0), "spend orders gmv active"),
    ("number", ("certificate",), "value bound gap"),
    ("whole", ("certificate",), "value_micro bound_micro"),
    ("object", ("certificate",), "multipliers"),
    ("branches?", ("certificate",), "branches"),
)
NOT_WHOLE = ["1", True, 1.0, math.nan, math.inf, 2**63, -(2**63) - 1, [], {}]
NOT_WHOLES = ["1", 1.5, True, {}, [1.0], [True], [None], ["1"], [[1]], [2**63]]
WRONG: Mapping[str, list[object]] = {
    "schema": [1, "adspend.plan/1", "", ["adspend.plan/2"]],
    "date": [20261123, "2026-11-23T00:00", "23.11.2026", "2026-11-2", "2026-11-23\n", "٢٠٢٦-11-23"],
    "text": [1, True, [], ["新客"]],
    "word": [1, "", "fail", "PASS ", "increase", "test|start", ["PASS"]],
    "amount": [*NOT_WHOLE, -1],
    "whole": NOT_WHOLE,
    "number": ["1", True, math.nan, math.inf, -math.inf, 2**63, [], {}],
    "list": ["[]", {}, 0, ("a",)],
    "object": ["{}", [], 0],
    "wholes": [None, *NOT_WHOLES],
    "column": NOT_WHOLES,
    "columns": ["{}", [], 0, {"x": "1"}, {"x": [0.5]}],
    "branches": [
        "{}",
        [],
        0,
        {},
        {"vectors": [], "tree": 0},
        {"vectors": [0], "tree": [[0]]},
        {"vectors": [], "tree": [[0.5]]},
    ],
}
PLACES = [(kind, (*where, key)) for kind, where, keys in FIELDS for key in keys.split()]


@pytest.mark.parametrize(("kind", "place"), PLACES, ids=lambda part: part if isinstance(part, str) else part[-1])
def test_every_field_is_needed_and_has_its_kind(kind: str, place: tuple[str | int, ...]) -> None:
    """Without it P0; with a value of another kind P0, or P1 where an amount of money belongs."""
    wrong = WRONG[kind.removesuffix("?")] + ([] if kind.endswith("?") or kind == "column" else [None])
    for value in wrong:
        plan = edited(hand_made_plan(), place, value)
        judged(plan)
        assert rules(plan) == ({"P1"} if kind.startswith("amount") else {"P0"}), value
    missing = hand_made_plan()
    holder: Any = missing
    for step in place[:-1]:
        holder = holder[step]
    del holder[place[-1]]
    judged(missing)
    assert rules(missing) == {"P0"}


@pytest.mark.parametrize("place", [("cells", 0), ("limits", 0)])
@pytest.mark.parametrize("value", [None, 0, "", [], ["key"]])
def test_a_cell_or_limit_is_an_object(place: tuple[str | int, ...], value: object) -> None:
    violations = check(edited(hand_made_plan(), place, value))
    assert [(violation.rule, violation.place) for violation in violations] == [("P0", f"{place[0]}[0]")]


def test_a_violation_says_rule_place_law_and_what_was_found() -> None:
    """Read aloud: which rule, where, the law in the reader's language, and the numbers."""
    (violation,) = check(hand_made_plan() | {"planned_fen": 5})
    assert violation == Violation("P2", "plan.planned_fen", "5 != 200", *LAWS["P2"])
    assert str(violation) == "P2 plan.planned_fen: budgets must sum to planned_fen, within the day's budget (5 != 200)"
    assert violation.pick("zh") == "P2 plan.planned_fen: 预算合计必须等于计划额且不超过总预算 (5 != 200)"
    assert violation.pick("en") == str(violation)
    (violation,) = [v for v in check(edited(hand_made_plan(), ("limits", 0, "rhs"), 199)) if v.rule == "P5"]
    assert str(violation) == "P5 limits[budget]: every limit must hold (199 + 1.0)"


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["FAIL", "1/3"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)


@given(garbage)
@settings(deadline=None)
def test_garbage_is_a_violation_and_never_an_error(plan: object) -> None:
    judged(plan)
    assert rules(plan) == {"P0"}  # type: ignore[arg-type]  # that is the point


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_plan_is_judged_and_never_an_error(data: st.DataObject) -> None:
    """Up to three places anywhere in the document hold something else, or nothing."""
    plan = hand_made_plan()
    for _ in range(data.draw(st.integers(1, 3))):
        holder: Any = plan
        while True:
            keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
            key = data.draw(st.sampled_from(keys))
            if not isinstance(holder[key], dict | list) or not holder[key] or data.draw(st.integers(0, 4)) == 4:
                break
            holder = holder[key]
        holder[key] = data.draw(garbage | st.integers(-3, 3) | st.sampled_from([10**30, -1, 0, "0", "1/3"]))
    judged(plan)


def test_what_breaks_the_checker_itself_is_a_violation() -> None:
    class Hostile(dict[str, object]):
        def __getitem__(self, key: str) -> object:
            raise MemoryError

    assert [str(v) for v in check(Hostile(hand_made_plan()))] == [
        "P0 plan: fields and types must follow the schema (MemoryError)"
    ]
    assert rules(edited(hand_made_plan(), ("budget_fen",), 10**5_000)) == {"P0"}  # more digits than Python prints


def test_the_command_prints_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.json"
    expected = {
        json.dumps(hand_made_plan()): (0, "0 violations\n"),
        json.dumps(hand_made_plan() | {"planned_fen": 5}): (1, "(5 != 200)\n1 violations\n"),
        "{": (1, "1 violations\n"),
        "[" * 100_000: (1, "1 violations\n"),
        "9" * 5_000: (1, "1 violations\n"),
        "null": (1, "(None)\n1 violations\n"),
    }
    for text, (code, end) in expected.items():
        plan.write_text(text, encoding="utf-8")
        assert main([str(plan)]) == code
        assert capsys.readouterr().out.endswith(end)
    plan.write_bytes(b"\xff")
    assert main([str(plan)]) == main([str(tmp_path / "none.json")]) == 1
    assert main([]) == main(["a", "b"]) == 2
    assert "usage: python -m adspend.checker plan.json" in capsys.readouterr().err


def test_the_checker_needs_nothing_but_its_own_folder(tmp_path: Path) -> None:
    """A copy of the folder, in a Python that sees no installed package, judges a plan; so does ``-m``."""
    plan = tmp_path / "plan.json"
    shutil.copytree(Path(adspend.checker.__file__).parent, tmp_path / "alone")
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import alone; sys.exit(alone.main(sys.argv[1:]))"
    plan.write_text(json.dumps(hand_made_plan()), encoding="utf-8")
    for command in (["-I", "-S", "-c", start], ["-m", "adspend.checker"]):
        done = subprocess.run([sys.executable, *command, str(plan)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "0 violations\n", "")
