"""Unit slips are refused; real changes of volume are not."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from adspend_datasets.errors import BadDataError
from adspend_datasets.readers import read_reports
from oracles.bad_reports import HEADER, text_of


def days(cost: Callable[[int], float], *, cpm: float = 50.0, traffic: bool = True, count: int = 28) -> str:
    """One cell, one row a day: cost in yuan; impressions follow cost at the given CPM."""
    rows = []
    for day in range(1, count + 1):
        yuan = cost(day)
        shown = f"{yuan / cpm * 1000:.0f},{yuan / cpm * 20:.0f}" if traffic else ","
        orders = f"{yuan / 80:.0f}" if traffic else ""
        gmv = f"{int(orders) * 300}" if orders else ""
        rows.append(f"2026-10-{day:02d},新客,ALL,{yuan:.2f},{shown},{orders},{gmv},")
    return text_of(HEADER, rows)


def read(text: str, folder: Path) -> list[str]:
    """The codes of the faults, empty where the file is accepted."""
    path = folder / "report.csv"
    path.write_text(text, "utf-8")
    try:
        read_reports([path])
    except BadDataError as error:
        return sorted({fault.code for fault in error.faults})
    return []


@pytest.mark.parametrize(
    "cost",
    [
        lambda day: 300.0 * 1.2**day,  # +20 % a day, a factor of 160 over the month
        lambda day: 30_000.0 if day == 20 else 600.0,  # a festival day, fifty times the usual
        lambda day: 4.0 if day in (9, 10) else 5000.0,  # two days of rest with a little left running
        lambda day: 300.0 if day < 8 else 30_000.0,  # a test week, then scaled a hundredfold
    ],
    ids=["steady growth", "festival", "rest days", "test then scale"],
)
def test_volume_may_change_by_any_factor_when_traffic_follows(cost: Callable[[int], float], tmp_path: Path) -> None:
    assert read(days(cost), tmp_path) == []


@pytest.mark.parametrize("factor", [100.0, 0.01])
@pytest.mark.parametrize("slipped", [{1}, {2, 3}, {15}, {28}, set(range(1, 15)), set(range(15, 29))])
def test_a_slip_of_a_hundred_is_refused_wherever_it_begins(factor: float, slipped: set[int], tmp_path: Path) -> None:
    """The cost of some days is in the other unit while their traffic is as before."""
    rng = random.Random(3)
    lines = days(lambda _: rng.uniform(300, 900)).splitlines()
    for day in slipped:
        cells = lines[day].split(",")
        cells[3] = f"{float(cells[3]) * factor:.2f}"
        lines[day] = ",".join(cells)
    codes = read("\n".join(lines) + "\n", tmp_path)
    assert codes
    assert set(codes) <= {"E-UNIT-JUMP", "E-UNIT-CPM"}


def test_without_traffic_a_jump_is_refused(tmp_path: Path) -> None:
    """Nothing explains a factor of fifty when only money is known."""
    assert read(days(lambda day: 30_000.0 if day == 20 else 600.0, traffic=False), tmp_path) == ["E-UNIT-JUMP"]


def test_a_factor_below_twenty_is_never_refused(tmp_path: Path) -> None:
    assert read(days(lambda day: 600.0 * (19 if day == 20 else 1), traffic=False), tmp_path) == []


def test_four_days_are_too_few_to_judge(tmp_path: Path) -> None:
    assert read(days(lambda day: 600.0 * (50 if day == 4 else 1), traffic=False, count=4), tmp_path) == []


def test_a_slip_in_most_cells_is_seen_though_one_large_cell_hides_it(tmp_path: Path) -> None:
    """Two small cells in fen on one day beside a large one: the day's total barely moves, the median cell does."""
    rows = []
    for day in range(1, 13):
        for segment, yuan in (("大", 900_000.0), ("小", 300.0), ("中", 400.0)):
            written = yuan * (100 if day == 9 and segment != "大" else 1)
            rows.append(f"2026-10-{day:02d},{segment},ALL,{written:.2f},,,,,")
    assert read(text_of(HEADER, rows), tmp_path) == ["E-UNIT-JUMP"]


@pytest.mark.parametrize(("cpm", "codes"), [(0.05, ["E-UNIT-CPM"]), (0.5, []), (50.0, []), (2000.0, ["E-UNIT-CPM"])])
def test_median_cpm_of_a_canonical_file(cpm: float, codes: list[str], tmp_path: Path) -> None:
    assert read(days(lambda _: 600.0, cpm=cpm), tmp_path) == codes


def test_an_unusual_cpm_is_told(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(days(lambda _: 600.0, cpm=0.5), "utf-8")
    _, story = read_reports([path])
    assert [text.en for text in story.warnings] == [
        "report.csv: the median CPM is 0.50, which is unusual; check the unit of cost"
    ]
