"""Published multiple-choice knapsacks: 37 single-resource optima matched, seven multi-resource ones certified."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from adspend.certificate import certify
from adspend.problem import MICRO
from adspend.solve import SolveSettings, allocate
from oracles.brute_force import best_plan
from oracles.multiple_choice import multiple_choice

DATA = Path(__file__).parents[3] / "shared" / "data" / "mmkp"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the published instances are not part of the project")


def test_the_reading_by_hand(tmp_path: Path) -> None:
    """Two classes, capacities 5 and 5: of (9; 4 1), (3; 1 1) and (8; 3 3), (2; 1 1) only 9 + 2 and 3 + 8 fit: 11."""
    file = tmp_path / "two.txt"
    file.write_text("2 2\n5 5\n2\n9 4 1\n3 1 1\n2\n8 3 3\n2 1 1\n", encoding="ascii")
    made = multiple_choice(file)
    best = best_plan(made)
    assert best is not None
    assert best.objective == 11 * MICRO
    assert certify(made, allocate(made)).value_micro == 11 * MICRO


@needs_data
def test_every_single_resource_optimum_is_matched() -> None:
    with (DATA / "single_resource_reference.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 37
    settings = SolveSettings(target_gap=0.0, nodes_for_48_cells=1200)
    for row in rows:
        made = multiple_choice(DATA / row["file"], resources=1)
        certificate = certify(made, allocate(made, settings))
        assert certificate.value_micro == round(float(row["milp_opt"])) * MICRO, row["file"]


@needs_data
@pytest.mark.gate
def test_the_large_multi_resource_ones_are_certified() -> None:
    """Certified against the LP bound, which itself is 0.02-0.09 % above the best known plans."""
    for k in range(7, 14):
        made = multiple_choice(DATA / f"mmkp_a_{k:02d}.txt")
        assert 0 <= certify(made, allocate(made)).gap <= 0.005
