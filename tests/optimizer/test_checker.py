"""The checker accepts every valid plan, catches every fault, agrees with the oracles, and never raises."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adspend.checker import check
from adspend.problem import Problem
from oracles.brute_force import best_plan, choices, feasible, lagrangian_bound, objective
from oracles.plan_documents import Draft, Habit, hand_made_plan, random_draft, random_price
from oracles.plan_faults import FAULTS, Document, NoPlaceError, edited
from oracles.random_problems import random_problem, small_problems

Seeded = tuple[np.random.Generator, Draft]
TEST = Habit(action="test", yesterday_fen=None, grade="PASS")
PAUSE = Habit(action="pause", yesterday_fen=None, grade="PASS")


def seeded_drafts(seed: int, count: int) -> Iterator[Seeded]:
    """Random valid plans that spend something, each with the generator that made it."""
    for rng in map(np.random.default_rng, range(seed, seed + 10 * count)):
        draft = random_draft(rng, random_problem(rng, int(rng.integers(1, 9)), most_steps=20, points=6))
        if draft is not None and any(draft.spend):
            yield rng, draft
            count -= 1
        if count == 0:
            return
    raise AssertionError(f"{count} plans too few")


@pytest.fixture(scope="module")
def drafts() -> list[Seeded]:
    return list(seeded_drafts(seed=1, count=60))


@pytest.fixture(scope="module")
def document(drafts: list[Seeded]) -> Document:
    """A plan of several cells, the first of which has a curve."""
    fitting = (d for _, d in drafts if len(d.spend) > 3 and d.problem.tables[0] is not None and d.spend[0] > 0)
    return next(fitting).document()


def rules(plan: Mapping[str, Any]) -> set[str]:
    return {violation.rule for violation in check(plan)}


def test_every_valid_plan_passes(drafts: list[Seeded]) -> None:
    assert [check(draft.document()) for _, draft in drafts] == [()] * len(drafts)


def test_every_valid_plan_passes_after_json(drafts: list[Seeded]) -> None:
    for _, draft in drafts:
        assert check(json.loads(json.dumps(draft.document(), ensure_ascii=False))) == ()


def described(problem: Problem, spend: tuple[int, ...], prices: Mapping[str, Fraction]) -> Document:
    """A plan document of any spend on the tables, honest in all but its limits."""
    habits = tuple(TEST if x else PAUSE for x in spend)
    return Draft(problem=problem, spend=spend, habits=habits, prices=prices, budget_fen=sum(spend)).document()


def caught(name: str, rng: np.random.Generator, draft: Draft) -> bool:
    """Injects a fault and asserts that its rule, and no unrelated one, is found; False where there is no place."""
    fault = FAULTS[name]
    try:
        broken = fault.inject(rng, draft)
    except NoPlaceError:
        return False
    found = rules(broken)
    assert found & fault.rules, (name, found, [str(violation) for violation in check(broken)])
    assert found <= fault.rules | fault.also, (name, [str(violation) for violation in check(broken)])
    return True


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_caught_by_its_rule(name: str, drafts: list[Seeded]) -> None:
    hits = sum(caught(name, rng, draft) for rng, draft in drafts)
    assert hits >= 20, f"the fault found a place in {hits} plans only"


@pytest.mark.gate
def test_every_fault_is_caught_a_thousand_times() -> None:
    """0 misses in 1000 of each kind: with 95 % confidence fewer than 0.3 % of such faults pass."""
    hits = dict.fromkeys(FAULTS, 0)
    for rng, draft in seeded_drafts(seed=1_000_000, count=2_000):
        for name in FAULTS:
            if hits[name] < 1_000:
                hits[name] += caught(name, rng, draft)
    assert hits == dict.fromkeys(FAULTS, 1_000)


@given(small_problems(), st.data())
@settings(max_examples=200, deadline=None)
def test_the_checker_agrees_with_the_oracles_on_any_plan(problem: Problem, data: st.DataObject) -> None:
    """Within or beyond the limits: P5 and P9 exactly when the oracle names a limit or a fixed cell, else nothing."""
    free = dataclasses.replace(problem, fixed=np.full_like(problem.fixed, -1))
    spend = tuple(data.draw(st.sampled_from(choices(free, i))) for i in range(len(problem.cells)))
    prices = {row.key: data.draw(st.fractions(0, 50, max_denominator=20)) for row in problem.limits}
    faults = feasible(problem, spend)
    expected = {"P5" for words in faults if words.startswith("limit")} | {"P9" for words in faults if "fixed" in words}
    if math.floor(objective(problem, spend)) > math.ceil(lagrangian_bound(problem, prices)):
        assert faults, "a plan within the limits is worth more than the bound"
        expected.add("P14")
    assert rules(described(problem, spend, prices)) == expected


@pytest.mark.parametrize("seed", range(200))
def test_no_plan_is_worth_more_than_the_bound(seed: int) -> None:
    """Weak duality: the brute-force optimum, with any prices, passes the checker, whose bound is the oracle's."""
    rng = np.random.default_rng([2, seed])
    problem = random_problem(rng, int(rng.integers(1, 4)), most_steps=14, points=5)
    best = best_plan(problem)
    if best is None:
        return
    for scale in (0, 1, 3):
        prices = {row.key: scale * random_price(rng, row) for row in problem.limits}
        assert best.objective <= lagrangian_bound(problem, prices)
        assert check(described(problem, best.spend, prices)) == ()


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        pytest.param(("planned_fen",), 200, set(), id="as it is"),
        pytest.param(("cells", 0, "fixed_fen"), 200, {"P14"}, id="fixed: bound 0.8 + 1.3 - 0.8 = 1.3, not 1.4"),
        pytest.param(("limits", 0, "rhs"), 199, {"P5", "P14"}, id="2 yuan is over 1.99"),
        pytest.param(("limits", 0, "active"), 1, {"P5", "P14"}, id="200 and 1 is over 200"),
        pytest.param(("limits", 0, "orders"), -1, {"P14"}, id="200 less 2 million is within, bound rises"),
        pytest.param(("certificate", "multipliers"), {"budget": "3000"}, {"P14"}, id="0.6 + 0.7 = 1.3, not 1.4"),
        pytest.param(("certificate", "multipliers"), {"budget": "8000/2"}, set(), id="8000/2 is 4000"),
        pytest.param(("cells", 0, "yesterday_fen"), 200, {"P8"}, id="200 to 200 is no raise"),
        pytest.param(("cells", 0, "yesterday_fen"), 1, set(), id="1 to 200 is a raise"),
        pytest.param(("cells", 0, "grade"), "FAIL", {"P8"}, id="a FAIL cell is not raised"),
        pytest.param(("step_fen",), 150, {"P10"}, id="200 is not a multiple of 150"),
        pytest.param(("cells", 0, "curve", "value_micro"), [0, 0], {"P12"}, id="nothing net"),
    ],
)
def test_a_plan_by_hand(place: tuple[str | int, ...], value: object, expected: set[str]) -> None:
    assert rules(edited(hand_made_plan(), place, value)) == expected


def certified(plan: Document, value: int, bound: int, gap: float, prices: Mapping[str, str]) -> Document:
    """The plan with this certificate."""
    stored = {
        "value": value / 1_000_000,
        "bound": bound / 1_000_000,
        "gap": gap,
        "multipliers": dict(prices),
        "branches": None,
    }
    return edited(plan, ("certificate",), stored | {"value_micro": value, "bound_micro": bound, "branches": None})


@pytest.mark.parametrize(
    ("ends", "fixed", "value", "bound", "gap"),
    [
        pytest.param([10, 20], None, 15, 20, 0.25, id="half-way is 15, of 20 a quarter is missing"),
        pytest.param([1, -1], None, 0, 1, 1.0, id="nothing of 1"),
        pytest.param([0, -10], None, -5, 0, 0.0, id="a loss, where spending nothing would be best: no share of 0"),
        pytest.param([-10, -10], 200, -10, -10, 0.0, id="a loss that a person has locked"),
        pytest.param([2, 1], None, 1, 2, 0.5, id="1.5 is worth 1 for certain"),
    ],
)
def test_the_gap_by_hand(ends: list[int], fixed: int | None, value: int, bound: int, gap: float) -> None:
    """Objectives at the points 1 and 3 yuan; the plan spends 2 yuan; no multipliers."""
    plan = edited(hand_made_plan(), ("cells", 0, "curve", "objective_micro"), ends)
    plan["cells"][0]["fixed_fen"] = fixed
    assert rules(certified(plan, value, bound, gap, {})) == set()
    assert rules(certified(plan, value, bound, gap + 0.1, {})) == {"P14"}


def test_value_and_bound_meet_at_the_optimum_and_never_cross() -> None:
    """At 0.3 a yuan: 0.6 + max(0, 1 - 0.3, 1.6 - 0.9) = 1.3, the plan's value, which is thereby proven best.

    With 1 yuan of budget at 1 a yuan the bound is 1: worth more than any plan within the limits, it is not within them.
    """
    assert rules(certified(hand_made_plan(), 1_300_000, 1_300_000, 0.0, {"budget": "3000"})) == set()
    short = edited(hand_made_plan(), ("limits", 0, "rhs"), 100)
    violations = check(certified(short, 1_300_000, 1_000_000, -0.3, {"budget": "10000"}))
    assert [(v.rule, v.found) for v in violations] == [("P5", "100 + 100.0"), ("P14", "1300000 > 1000000")]


@pytest.mark.parametrize(("off", "expected"), [(0, set()), (0.9e-9, set()), (1.1e-9, {"P12"}), (-1.1e-9, {"P12"})])
def test_floats_agree_to_nine_digits(off: float, expected: set[str]) -> None:
    assert rules(edited(hand_made_plan(), ("cells", 0, "expected_orders"), 2.0 * (1 + off))) == expected


@pytest.mark.parametrize(
    ("action", "yesterday", "least", "expected"),
    [
        ("test", None, 1, set()),
        ("start", None, 1, set()),
        ("hold", 1, 1, set()),
        ("cut", 2, 1, set()),
        ("raise", 1, 1, {"P8"}),
        ("pause", 1, 1, {"P8"}),
        ("test", None, 2, {"P4"}),
        ("test", None, None, {"P11"}),
    ],
)
def test_a_plan_of_one_fen(action: str, yesterday: int | None, least: int | None, expected: set[str]) -> None:
    """The least amounts there are: a step of 1 fen, a budget of 1 fen, a table of one point."""
    plan = hand_made_plan() | {"budget_fen": 1, "planned_fen": 1, "step_fen": 1}
    plan["cells"][0] |= {"action": action, "yesterday_fen": yesterday, "budget_fen": 1, "expected_net_fen": 6}
    plan["cells"][0] |= {"minimum_fen": least, "maximum_fen": least, "expected_orders": 2e-6, "expected_gmv_fen": 0}
    columns = {"spend_fen": least, "objective_micro": 0, "value_micro": 70_000, "orders_micro": 2, "gmv_micro": 3}
    plan["cells"][0]["curve"] = (
        None if least is None else {"more": {}} | {key: [value] for key, value in columns.items()}
    )
    assert rules(certified(plan, 0, 0, 0.0, {})) == expected


@pytest.mark.parametrize(("micro", "net"), [(2_005_000, 0), (2_015_000, 2), (2_005_001, 1), (1_995_000, 0)])
def test_expectations_round_half_to_even(micro: int, net: int) -> None:
    """200.5 fen of value less 200 of cost is 0.5, which rounds to 0; 1.5 rounds to 2; 0.5001 to 1; -0.5 to 0."""
    plan = edited(hand_made_plan(), ("cells", 0, "curve", "value_micro"), [micro, micro])
    plan["cells"][0]["expected_net_fen"] = net
    assert rules(plan) == set()


def test_a_locked_cell_may_rise_on_a_failed_curve_and_a_test_on_any() -> None:
    """The person who locks decides; anything else that a FAIL cell may do is a test, or not above yesterday."""
    locked = edited(hand_made_plan(), ("cells", 0, "grade"), "FAIL")
    locked["cells"][0]["fixed_fen"] = 200
    assert rules(locked) == {"P14"}
    tested = edited(edited(hand_made_plan(), ("cells", 0, "grade"), "FAIL"), ("cells", 0, "action"), "test")
    assert rules(tested) == set()
