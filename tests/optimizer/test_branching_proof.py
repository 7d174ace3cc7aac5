"""The branching proof: its cases cover every plan, engine and checker agree on its bound, and no broken tree passes."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from adspend.certificate import certify
from adspend.checker import check
from adspend.curve_file import read_curve_file
from adspend.outputs.plan_json import plan_json
from adspend.planner import plan_on_curves
from adspend.problem import MICRO, Problem
from adspend.proof import Leaf, Proof, Split, flat, proven_bound
from adspend.shop import parse_shop
from adspend.solve import SolveSettings, allocate
from oracles.brute_force import best_plan
from oracles.hand_problems import problem, table
from oracles.random_problems import EVERY_LIMIT, random_problem

SHOP = b"""
[shop]
name = "s"
[economics]
gross_margin = 0.5
[budget]
daily = 1000
[cells]
segments = ["a", "b", "c"]
slots = ["ALL"]
min_if_active = 100
step = 100
"""


@pytest.fixture(scope="module")
def s_shaped_plan(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Three all-or-nothing cells that net 300 for 400, 1000 to spend: prices alone prove 750, cases the plan's 600."""
    file = tmp_path_factory.mktemp("curves") / "curves.csv"
    rows = [f"{segment},ALL,{cost},{value}" for segment in "abc" for cost, value in ((300, 0), (400, 700))]
    file.write_text("\n".join(["segment,slot,cost,value", *rows]), encoding="utf-8")
    shop = parse_shop(SHOP, file="shop.toml")
    plan = plan_on_curves(shop, read_curve_file(file, shop), datetime.date(2026, 11, 23))
    document: dict[str, Any] = json.loads(plan_json(plan))
    return document


def test_cases_prove_what_one_price_vector_cannot_by_hand(s_shaped_plan: dict[str, Any]) -> None:
    """Two of three cells fit; half a cell is worth 150 to one price vector, nothing to the cases."""
    document = s_shaped_plan
    certificate = document["certificate"]
    assert (certificate["value"], certificate["gap"]) == (600.0, 0.0)
    assert len(certificate["branches"]["tree"]) >= 3
    assert check(document) == ()
    alone = copy.deepcopy(document)
    alone["certificate"]["branches"] = None
    assert [violation.rule for violation in check(alone)].count("P14") >= 1, "without its cases the bound is higher"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a case left out", lambda tree: tree.pop()),
        ("a case too many", lambda tree: tree.append([0])),
        ("nothing", lambda tree: tree.clear()),
        ("prices that are not there", lambda tree: tree.__setitem__(-1, [99])),
        ("a cell that is not there", lambda tree: tree[0].__setitem__(0, 17)),
        ("a gap between the sides", lambda tree: tree[0].__setitem__(1, 0) or tree[0].__setitem__(2, 400_00)),
        ("a split off the points", lambda tree: tree[0].__setitem__(2, 150_00)),
        ("a row of two", lambda tree: tree.__setitem__(0, [0, 0])),
    ],
)
def test_a_tree_that_covers_less_is_refused(
    s_shaped_plan: dict[str, Any], name: str, change: Callable[[list[list[int]]], object]
) -> None:
    document = copy.deepcopy(s_shaped_plan)
    change(document["certificate"]["branches"]["tree"])
    assert "P15" in {violation.rule for violation in check(document)}, name


def test_a_split_that_leaves_spends_out_by_hand() -> None:
    """Between 200 and 400 lies the plan's 300: a split at 200 and 400 would hide it."""
    made = problem([table([100, 200, 300, 400], [10, 20, 90, 95])], budget_yuan=300, step_yuan=100)
    prices = (Fraction(2000),)  # 0.2 per yuan
    hiding = Proof(vectors=(prices,), tree=Split(0, 200_00, 400_00, Leaf(0), Leaf(0)))
    honest = Proof(vectors=(prices,), tree=Split(0, 200_00, 300_00, Leaf(0), Leaf(0)))
    assert proven_bound(made, hiding) < 90 * MICRO <= proven_bound(made, honest)


def small(seed: int) -> Problem:
    return random_problem(np.random.default_rng([31, seed]), 4, points=5, most_steps=8, limits=EVERY_LIMIT, locks=False)


@pytest.mark.parametrize("seed", range(30))
def test_no_plan_beats_the_cases(seed: int) -> None:
    """Against brute force: value <= optimum <= proven bound, whatever the search was allowed."""
    made = small(seed)
    best = best_plan(made)
    if best is None:
        return
    for nodes in (1, 10, 600):
        allocation = allocate(made, SolveSettings(nodes_for_48_cells=nodes, whole_up_to=0))
        certificate = certify(made, allocation)
        assert certificate.value_micro <= best.objective <= certificate.bound_micro


@pytest.mark.parametrize("seed", range(12))
def test_more_nodes_never_prove_less(seed: int) -> None:
    made = random_problem(np.random.default_rng([32, seed]), 16, limits=EVERY_LIMIT, locks=False)
    gaps = [certify(made, allocate(made, SolveSettings(nodes_for_48_cells=n))).gap for n in (60, 600)]
    assert gaps[1] <= gaps[0] + 1e-12


def test_a_flat_tree_keeps_the_order_that_the_checker_reads() -> None:
    tree = Split(3, 100, 200, Leaf(1), Split(4, 0, 300, Leaf(0), Leaf(2)))
    assert flat(tree) == [[3, 100, 200], [1], [4, 0, 300], [0], [2]]
    assert Proof(vectors=(), tree=tree).leaves == 3
