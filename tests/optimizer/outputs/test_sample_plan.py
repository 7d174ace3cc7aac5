"""The sample is an honest plan: the independent checker accepts it, and every kind of cell and notice occurs in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from adspend.checker import check
from adspend.outputs.plan_json import plan_json
from adspend.plan import Action, Plan, Severity
from adspend_models.bank import Grade
from oracles.sample_plan import LEFT_FEN, PRICE, large_plan, one_cell_plan, sample_plan

TESTS = Path(__file__).parents[2]
DIGESTS = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from adspend.outputs.page import plan_page
from adspend.outputs.plan_csv import plan_csv
from adspend.outputs.workbook import plan_workbook
from oracles.sample_plan import sample_plan
plan = sample_plan()
for content in (plan_csv(plan, "zh"), plan_workbook(plan, "zh"), plan_page(plan, "zh").encode()):
    print(hashlib.sha256(content).hexdigest())
"""


@pytest.mark.parametrize("plan", [sample_plan(), large_plan(), one_cell_plan(), sample_plan(levers=("标准", "随心推"))])
def test_the_checker_accepts_it(plan: Plan) -> None:
    assert check(json.loads(plan_json(plan))) == ()


def test_every_action_grade_and_severity_occurs(sample: Plan) -> None:
    assert {cell.action for cell in sample.cells} == set(Action)
    assert {cell.grading.grade for cell in sample.cells} == set(Grade)
    assert {notice.severity for notice in sample.notices} == set(Severity)


def test_its_gap_is_the_price_of_what_is_left(sample: Plan) -> None:
    """Each cell is best at the price, so the bound exceeds the value by the unspent fen times the price, no more."""
    missed = sample.certificate.bound_micro - sample.certificate.value_micro
    assert Fraction(missed) - PRICE * LEFT_FEN in (0, 1), "ceil and floor of the same fraction differ by at most 1"


def test_its_files_do_not_depend_on_the_process() -> None:
    """Same plan, same bytes: also under another order of hashing and in another time zone."""
    outs = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai")):
        environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONUTF8": "1"}
        command = [sys.executable, "-c", DIGESTS, str(TESTS)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        outs.append(done.stdout.split())
    assert len(outs[0]) == 3
    assert outs[0] == outs[1]
