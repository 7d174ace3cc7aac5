"""``--calendar``: a file of windows in place of the report's phase column, in every command that fits curves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adspend.app.cli import app
from adspend.market_shop import shop_file
from adspend_models.market.families import festival
from benchmarks.batch.make_shops import report_bytes

CASE = replace(festival(4, 2, 2), step=100)
DAYS, DATE = 22, "2026-06-23"  # the sale of the family ends on the day before
CALENDAR = "phase,start,end\n" + "".join(f"{p.name},{p.first},{p.last}\n" for p in CASE.calendar.phases)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop, its report with the column ``phase`` and without, and the calendar of its sale."""
    place = tmp_path_factory.mktemp("calendar")
    (place / "shop.toml").write_text(shop_file(CASE, guarded=True), encoding="utf-8")
    tagged = report_bytes(CASE, DAYS)
    (place / "tagged").mkdir()
    (place / "tagged" / "report.csv").write_bytes(tagged)
    (place / "report.csv").write_bytes(without_phase(tagged))
    (place / "festivals.csv").write_text(CALENDAR, encoding="utf-8-sig")
    return place


def without_phase(report: bytes) -> bytes:
    """The canonical report without its last column."""
    lines = report.decode("utf-8-sig").splitlines()
    assert lines[0].endswith(",phase")
    return "".join(line.rsplit(",", 1)[0] + "\n" for line in lines).encode("utf-8-sig")


def adspend(folder: Path, command: str, report: str, out: str, *extra: str) -> Result:
    arguments = [command, str(folder / report), "--shop", str(folder / "shop.toml"), "--date", DATE]
    return CliRunner().invoke(app, [*arguments, "--out", str(folder / out), "--json", *extra])


def calendar(folder: Path) -> tuple[str, str]:
    return "--calendar", str(folder / "festivals.csv")


def document(folder: Path, name: str) -> Any:  # noqa: ANN401  JSON
    return json.loads((folder / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("command", "file"), [("plan", "plan.json"), ("design-test", "design.json")])
def test_the_calendar_gives_what_the_column_gives(folder: Path, command: str, file: str) -> None:
    """Every file the same to the byte, but for the plan's record of what it read; without either it is another plan."""
    for report, out, extra in (
        ("tagged/report.csv", "column", ()),
        ("report.csv", "calendar", calendar(folder)),
        ("report.csv", "neither", ()),
    ):
        done = adspend(folder, command, report, f"{command}-{out}", *extra)
        assert done.exit_code == 0, done.stderr
    column, by_calendar, neither = (
        document(folder, f"{command}-{out}/{file}") for out in ("column", "calendar", "neither")
    )
    inputs = {name: found.pop("inputs", []) for name, found in (("column", column), ("calendar", by_calendar))}
    neither.pop("inputs", None)
    assert by_calendar == column
    assert neither != column
    if command == "plan":
        names = [each["name"] for each in inputs["calendar"]]
        assert names == ["report.csv", "shop.toml", "festivals.csv"]
        assert inputs["calendar"][-1]["sha256"] == hashlib.sha256((folder / "festivals.csv").read_bytes()).hexdigest()
        assert [each["name"] for each in inputs["column"]] == ["report.csv", "shop.toml"]
        csv = [(folder / f"plan-{out}" / "plan.csv").read_bytes() for out in ("column", "calendar")]
        assert csv[0] == csv[1]


def test_fitted_curves_are_those_of_the_column_to_the_byte(folder: Path) -> None:
    for report, out, extra in (("tagged/report.csv", "a.json", ()), ("report.csv", "b.json", calendar(folder))):
        done = adspend(folder, "fit", report, out, *extra)
        assert done.exit_code == 0, done.stderr
    assert (folder / "a.json").read_bytes() == (folder / "b.json").read_bytes()
    assert set(document(folder, "b.json")["shop"]["phases"]) == {"618蓄水", "618爆发", "618返场"}


def test_a_date_in_a_festival_is_said_by_plan_and_fit(folder: Path) -> None:
    """The day after the report ends is made the first of another festival."""
    (folder / "next.csv").write_text(CALENDAR + f"年中返场,{DATE},{DATE}\n", encoding="utf-8")
    extra = ("--calendar", str(folder / "next.csv"))
    plan = json.loads(adspend(folder, "plan", "report.csv", "next", *extra).stdout)
    assert {"code": "FESTIVAL-UNSEEN", "severity": "REVIEW"} in plan["notices"]
    fit = json.loads(adspend(folder, "fit", "report.csv", "next.json", *extra).stdout)
    assert "FESTIVAL-UNSEEN" in fit["notices"]
    assert document(folder, "next.json")["phase"] == "年中返场"


@pytest.mark.parametrize("command", ["plan", "fit", "design-test"])
@pytest.mark.parametrize(
    ("text", "code", "exit_code"),
    [
        (None, "E-FILE-MISSING", 2),
        ("phase,from,to\n", "E-FESTIVAL-COLUMNS", 4),
        ("phase,start,end\n618,2026-06-20,2026-06-18\n", "E-FESTIVAL-ORDER", 4),
    ],
)
def test_a_calendar_that_is_none_stops_the_command_before_it_reads_on(
    folder: Path, command: str, text: str | None, code: str, exit_code: int
) -> None:
    bad = folder / "bad.csv"
    bad.unlink(missing_ok=True)
    if text is not None:
        bad.write_text(text, encoding="utf-8")
    done = adspend(folder, command, "report.csv", "never", "--calendar", str(bad))
    assert done.exit_code == exit_code
    assert code in done.stderr
    assert not (folder / "never").exists()
