"""A batch with a festival calendar: learned, planned and kept by it, in whatever process."""

from __future__ import annotations

import datetime
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adspend.app.cli import app
from adspend.batch.orders import Orders
from adspend.plan import InputFile
from adspend_datasets.festival_file import read_festivals
from adspend_models.market.families import FAMILIES
from benchmarks.batch.make_shops import case_of, name_of, write_shop

NUMBERS = [list(FAMILIES).index("festival") + turn * len(FAMILIES) for turn in range(3)]  # one category, three shops
DAYS, DATE = 22, "2026-06-23"
PHASES = case_of(NUMBERS[0]).calendar.phases
ROWS = [f"{phase.name},{phase.first},{phase.last}\n" for phase in PHASES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shops whose sale ends on the day before the plan, their reports with the phase column and without."""
    place = tmp_path_factory.mktemp("festival-batch")
    for part in ("shops", "reports", "plain"):
        (place / part).mkdir()
    for number in NUMBERS:
        write_shop(place, number, 2, 2, DAYS)
        lines = (place / "reports" / f"{name_of(number)}.csv").read_text(encoding="utf-8-sig").splitlines()
        plain = "".join(line.rsplit(",", 1)[0] + "\n" for line in lines)
        (place / "plain" / f"{name_of(number)}.csv").write_text(plain, encoding="utf-8-sig")
    write_calendar(place, ROWS)
    return place


def write_calendar(place: Path, rows: list[str]) -> None:
    (place / "festivals.csv").write_text("phase,start,end\n" + "".join(rows), encoding="utf-8-sig")


def batch(place: Path, reports: str, out: str, *extra: str) -> Any:  # noqa: ANN401  JSON
    """What the command printed."""
    arguments = ["batch", str(place / "shops"), "--reports", str(place / reports), "--date", DATE]
    done = CliRunner().invoke(app, [*arguments, "--out", str(place / out), "--json", *extra])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def with_calendar(place: Path) -> tuple[str, str]:
    return "--calendar", str(place / "festivals.csv")


def plans(place: Path, out: str) -> list[Any]:
    """The plans without the record of what they read."""
    found = []
    for number in NUMBERS:
        plan = json.loads((place / out / name_of(number) / "plan.json").read_text(encoding="utf-8"))
        found.append({key: value for key, value in plan.items() if key != "inputs"})
    return found


def categories(place: Path, out: str) -> Any:  # noqa: ANN401  JSON
    return json.loads((place / out / "summary.json").read_text(encoding="utf-8"))["categories"]


def test_learned_and_planned_with_a_calendar_as_with_the_column(folder: Path) -> None:
    """On two processes against one; without calendar and column, both the category's prior and the plans differ."""
    batch(folder, "reports", "column")
    batch(folder, "plain", "calendar", *with_calendar(folder), "--workers", "2")
    batch(folder, "plain", "neither")
    assert categories(folder, "column") == categories(folder, "calendar") != categories(folder, "neither")
    assert list(categories(folder, "column")) == ["festival"]
    assert plans(folder, "column") == plans(folder, "calendar")
    assert all(a != b for a, b in zip(plans(folder, "column"), plans(folder, "neither"), strict=True))
    for number in NUMBERS:
        plan = json.loads((folder / "calendar" / name_of(number) / "plan.json").read_text(encoding="utf-8"))
        assert [each["name"] for each in plan["inputs"]][-1] == "festivals.csv"


def test_results_are_kept_under_the_same_calendar_and_made_anew_under_another(folder: Path) -> None:
    """First time, again, without, one date moved: only the unchanged command keeps what is there."""
    kept = [batch(folder, "plain", "kept", *with_calendar(folder))["kept"]]
    kept.append(batch(folder, "plain", "kept", *with_calendar(folder))["kept"])
    kept.append(batch(folder, "plain", "kept")["kept"])
    write_calendar(folder, ROWS[:2])
    kept.append(batch(folder, "plain", "kept", *with_calendar(folder))["kept"])
    under_two_rows = plans(folder, "kept")
    write_calendar(folder, ROWS)
    kept.append(batch(folder, "plain", "kept", *with_calendar(folder))["kept"])
    assert kept == [0, len(NUMBERS), 0, 0, 0]
    assert under_two_rows != plans(folder, "kept")


def test_orders_with_a_calendar_go_to_a_worker_and_come_back_equal(folder: Path) -> None:
    orders = Orders(
        date=datetime.date(2026, 6, 23),
        out=Path("out"),
        language="zh",
        festivals=read_festivals(folder / "festivals.csv"),
        calendar=InputFile(name="festivals.csv", sha256="0", rows=4),
    )
    assert pickle.loads(pickle.dumps(orders)) == orders


def test_a_bad_calendar_is_said_before_anything_starts(folder: Path) -> None:
    bad = folder / "bad.csv"
    bad.write_text("phase,start,end\n618,2026-06-01,2026-06-03\n双11,2026-06-03,2026-06-04\n", encoding="utf-8")
    arguments = ["batch", str(folder / "shops"), "--date", DATE, "--out", str(folder / "never"), "--calendar", str(bad)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 4
    assert "E-FESTIVAL-OVERLAP" in done.stderr
    assert not (folder / "never").exists()
