"""A batch with a festival calendar: learned, planned and kept by it, in whatever process."""

from __future__ import annotations

import datetime
import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adspend.app import run_batch
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
    """Three runs: reports with the phase column; without it but with the calendar, on two processes; with neither."""
    place = tmp_path_factory.mktemp("festival-batch")
    for part in ("shops", "reports", "plain"):
        (place / part).mkdir()
    for number in NUMBERS:
        write_shop(place, number, 2, 2, DAYS)
        lines = (place / "reports" / f"{name_of(number)}.csv").read_text(encoding="utf-8-sig").splitlines()
        plain = "".join(line.rsplit(",", 1)[0] + "\n" for line in lines)
        (place / "plain" / f"{name_of(number)}.csv").write_text(plain, encoding="utf-8-sig")
    (place / "festivals.csv").write_text("phase,start,end\n" + "".join(ROWS), encoding="utf-8-sig")
    batch(place, "reports", "column")
    batch(place, "plain", "calendar", *with_calendar(place), "--workers", "2")
    batch(place, "plain", "neither")
    return place


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
    """Without calendar and column, both the category's prior and the plans differ."""
    assert categories(folder, "column") == categories(folder, "calendar") != categories(folder, "neither")
    assert list(categories(folder, "column")) == ["festival"]
    assert plans(folder, "column") == plans(folder, "calendar")
    assert all(a != b for a, b in zip(plans(folder, "column"), plans(folder, "neither"), strict=True))
    for number in NUMBERS:
        plan = json.loads((folder / "calendar" / name_of(number) / "plan.json").read_text(encoding="utf-8"))
        assert [each["name"] for each in plan["inputs"]][-1] == "festivals.csv"


def test_results_are_kept_under_the_same_calendar_and_made_anew_under_another(folder: Path) -> None:
    """Again: all kept. Another calendar in the same folder: nothing kept, and what is there is as if made afresh."""
    shutil.copytree(folder / "calendar", folder / "again")
    assert batch(folder, "plain", "again", *with_calendar(folder))["kept"] == len(NUMBERS)
    assert plans(folder, "again") == plans(folder, "calendar")
    other = folder / "other.csv"
    other.write_text("phase,start,end\n双11,2025-10-20,2025-11-11\n", encoding="utf-8")  # names no day of these shops
    assert batch(folder, "plain", "again", "--calendar", str(other))["kept"] == 0
    assert categories(folder, "again") == categories(folder, "neither")
    assert plans(folder, "again") == plans(folder, "neither")


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


def test_plans_record_the_bytes_that_were_read_and_the_policy_as_plan_does(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calendar and policy replaced while categories are learned: the plans are of the old ones, and say so."""
    calendar, policy = tmp_path / "festivals.csv", tmp_path / "policy.toml"
    shutil.copy(folder / "festivals.csv", calendar)
    policy.write_text('schema = "adspend.policy/2"\ntest_share = 0.3\n', encoding="utf-8")
    one = name_of(NUMBERS[0])
    extra = ["--date", DATE, "--json", "--calendar", str(calendar), "--policy", str(policy)]
    report, shop = folder / "plain" / f"{one}.csv", folder / "shops" / f"{one}.toml"
    single = CliRunner().invoke(app, ["plan", str(report), "--shop", str(shop), "--out", str(tmp_path / "one"), *extra])
    assert single.exit_code == 0, single.stderr

    def replace_both(*_: object, **__: object) -> tuple[()]:
        calendar.write_text("phase,start,end\n双11,2026-11-01,2026-11-11\n", encoding="utf-8")
        policy.write_text('schema = "adspend.policy/2"\ntest_share = 0.1\n', encoding="utf-8")
        return ()

    monkeypatch.setattr(run_batch, "learn_categories", replace_both)
    batch(folder, "plain", str(tmp_path / "out"), "--calendar", str(calendar), "--policy", str(policy))
    plan, alone = (
        json.loads((place / "plan.json").read_text(encoding="utf-8"))
        for place in (tmp_path / "out" / one, tmp_path / "one")
    )
    assert sorted(plan["inputs"], key=str) == sorted(alone["inputs"], key=str)
    assert [each["name"] for each in plan["inputs"]][2:] == ["policy.toml", "festivals.csv"]
