"""Reasons and tallies: by hand, and against plain counting over made-up records."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import adspend
from adspend.batch.fault_names import FAULT_NAMES
from adspend.batch.reasons import NAMES, Reason, find_reasons
from adspend.batch.record import Status
from adspend.batch.tally import by_category, tally
from adspend_datasets.text import same
from oracles.made_records import made_record, made_records, remark

SOURCES = Path(adspend.__file__).parent


def test_three_shops_by_hand() -> None:
    """A shop counts once for a reason however often it has it; no plan comes before what is to be approved."""
    unspent = remark("UNSPENT", "WARN", "a1")
    raises = [remark("BIG-RAISE", "REVIEW", words) for words in ("a2", "b1", "b2")]
    faults = [remark("E-DATE", "ERROR", words) for words in ("c1", "c2")]
    records = (
        made_record("a", planned=100, remarks=(unspent, raises[0])),
        made_record("b", planned=250, remarks=(raises[1], raises[2])),
        made_record("c", status=Status.FAILED, remarks=tuple(faults)),
    )
    assert find_reasons(records) == (
        Reason(severity="ERROR", code="E-DATE", shops=1, planned_fen=0, example=same("c1")),
        Reason(severity="REVIEW", code="BIG-RAISE", shops=2, planned_fen=350, example=same("a2")),
        Reason(severity="WARN", code="UNSPENT", shops=1, planned_fen=100, example=same("a1")),
    )


def test_the_reasons_are_those_that_plain_counting_finds() -> None:
    """Whatever the order of the shops, but for the example."""
    records = made_records(300, seed=1)
    found = find_reasons(records)
    for reason in found:
        having = [r for r in records if any((m.severity, m.code) == (reason.severity, reason.code) for m in r.remarks)]
        assert reason.shops == len(having)
        assert reason.planned_fen == sum(r.figures.planned_fen for r in having if r.figures is not None)
    assert {(r.severity, r.code) for r in found} == {(m.severity, m.code) for r in records for m in r.remarks}
    shuffled = list(records)
    random.Random(2).shuffle(shuffled)
    assert [astuple(r)[:4] for r in find_reasons(shuffled)] == [astuple(r)[:4] for r in found]


def test_the_categories_add_up_to_the_run() -> None:
    records = made_records(300, seed=3)
    sums = by_category(records)
    assert set(sums) == {record.category for record in records}
    parts = zip(*(astuple(each) for each in sums.values()), strict=True)
    assert tuple(sum(part) for part in parts) == astuple(tally(records))


def test_a_tally_by_hand() -> None:
    big = (remark("BIG-RAISE", "REVIEW", ""),)
    records = (
        made_record("a", planned=100, budget=150, net=60, yesterday=(90, 40), remarks=big),
        made_record("b", planned=200, budget=200, net=-10, yesterday=None),
        made_record("c", status=Status.SKIPPED),
    )
    assert astuple(tally(records)) == (3, 1, 1, 90, 350, 300, 50, 20)


def test_every_notice_has_a_name() -> None:
    """A notice that the engine learns must be given a name that people can read."""
    sources = [path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py")]
    notices = {code for text in sources for code in re.findall(r'Notice\(\s*code="([A-Z-]+)"', text)}
    assert len(notices) > 10
    assert notices == set(NAMES) - set(FAULT_NAMES)


def test_every_fault_that_can_end_a_shop_has_a_name_and_every_name_is_of_one() -> None:
    """Those of every module that a worker loads, but for the roster's: they end the run before a shop is begun."""
    program = (
        "import sys, adspend.batch.shop_work;"
        "print(*(module.__file__ for name, module in sys.modules.items() if name.startswith('adspend')), sep='\\n')"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    apart = ("roster.py", "fault_names.py", "errors.py")  # the last has an example only
    sources = [Path(file) for file in loaded.stdout.splitlines() if not file.endswith(apart)]
    codes = {code for file in sources for code in re.findall(r'"(E-[A-Z-]+)"', file.read_text(encoding="utf-8"))}
    assert len(codes) > 60
    assert codes == set(FAULT_NAMES)
    names = [(text.zh, text.en) for text in NAMES.values()]
    for language in zip(*names, strict=True):
        assert len(set(language)) == len(NAMES), "two codes of one name cannot be told apart"
