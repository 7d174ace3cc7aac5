"""``adspend batch``: one record in, one record out, and what people get of it."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from adspend.batch.orders import name_of
from adspend.batch.record import Status
from adspend.checker import check

from .conftest import SHOPS, write_small_shops

DATE = "2026-06-10"
HOSTILE = "=1+1</script><b>x"  # a shop's name must stay a name


def adspend(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    code = "import sys; from adspend.app.cli import main; sys.exit(main())"
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", code, "batch", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A run over good shops and one of each kind of bad one; the run's folder and what it printed."""
    folder = tmp_path_factory.mktemp("mixed")
    write_small_shops(folder)
    shops, reports = folder / "shops", folder / "reports"
    good = (shops / "shop-00000.toml").read_text(encoding="utf-8")
    report = (reports / "shop-00000.csv").read_bytes()
    (shops / "hostile.toml").write_text(good.replace("stationary:0", HOSTILE), encoding="utf-8")
    (reports / "hostile").mkdir()
    (reports / "hostile" / "any name.csv").write_bytes(report)
    (shops / "no-report.toml").write_text(good, encoding="utf-8")
    (shops / "bad-shop.toml").write_text(good.replace("gross_margin = 0.54", "gross_margin = 54"), encoding="utf-8")
    (reports / "bad-shop.csv").write_bytes(report)
    (shops / "bad-report.toml").write_text(good, encoding="utf-8")
    (reports / "bad-report.csv").write_bytes(report.replace(b"\n2026-06-03", b"\n2026-06-33"))
    impossible = good + '[[locks]]\nsegment = "人群01"\nslot = "10:00-12:00"\nbudget = 99900\n'
    (shops / "no-plan.toml").write_text(impossible.replace("max = 6000", "max = 99900"), encoding="utf-8")
    (reports / "no-plan.csv").write_bytes(report)
    out = folder / "out"
    done = adspend(shops, "--reports", reports, "--date", DATE, "--out", out, "--agency-budget", "9000", "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return out, json.loads(done.stdout)


def test_every_shop_has_one_record_and_the_sums_agree(mixed: tuple[Path, dict[str, object]]) -> None:
    """In = ok + skipped + failed + quarantined, in what is printed, in summary.json and in the folders."""
    out, printed = mixed
    assert printed["counts"] == {"ok": SHOPS + 1, "skipped": 1, "failed": 3, "quarantined": 0}
    assert printed["shops"] == SHOPS + 5
    document = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert document["counts"] == printed["counts"]
    for record in document["records"]:
        assert record == json.loads((out / record["name"] / "record.json").read_text(encoding="utf-8"))
        files = {path.name for path in (out / record["name"]).iterdir()}
        assert files == {"record.json"} | ({"plan.json", "plan.csv"} if record["status"] == "ok" else set())
    plans = [json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*/plan.json")]
    assert len(plans) == SHOPS + 1
    assert not any(check(plan) for plan in plans)
    assert sum(plan["planned_fen"] for plan in plans) == printed["planned_fen"]
    assert max(plan["certificate"]["gap"] for plan in plans) < 0.001


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("no-report", Status.SKIPPED, "E-NO-REPORT"),
        ("bad-shop", Status.FAILED, "E-VALUE"),
        ("bad-report", Status.FAILED, "E-DATE"),
        ("no-plan", Status.FAILED, "E-"),
    ],
)
def test_a_bad_shop_is_a_record_with_its_reason(
    mixed: tuple[Path, dict[str, object]], name: str, status: Status, code: str
) -> None:
    """Code, place and words of the fault, in both languages."""
    record = json.loads((mixed[0] / name / "record.json").read_text(encoding="utf-8"))
    assert record["status"] == status
    first = record["remarks"][0]
    assert first["code"].startswith(code), first
    assert first["code"] != "E-INTERNAL"
    assert first["text"]["zh"]
    assert first["text"]["en"]
    assert record["shop"] == "stationary:0", "its file says its name, whatever else is wrong"


def test_a_name_is_read_from_any_bytes_or_missing() -> None:
    """Laws of other keys do not matter; a name that is no text, or a file that is no TOML, names nothing."""
    named = '[shop]\nname = "旗舰店"\n[economics]\ngross_margin = 54\n'.encode()
    assert name_of(named) == name_of(b"\xef\xbb\xbf" + named) == "旗舰店"
    for bad in (b"", b"[shop", b"\xff", b"[shop]\nname = 5", b'shop = "a"', b"[shop]", b"[[shop]]"):
        assert name_of(bad) == ""


def test_a_script_is_told_which_shops_have_no_plan_and_why(mixed: tuple[Path, dict[str, object]]) -> None:
    """Each with the codes of its record, those first that need a person."""
    out, printed = mixed
    told = printed["without_plan"]
    assert isinstance(told, list)
    assert [each["status"] for each in told] == ["failed"] * 3 + ["skipped"]
    assert {each["name"] for each in told} == {"bad-shop", "bad-report", "no-plan", "no-report"}
    for each in told:
        record = json.loads((out / each["name"] / "record.json").read_text(encoding="utf-8"))
        assert each["codes"] == list(dict.fromkeys(remark["code"] for remark in record["remarks"]))


def test_a_run_without_any_plan_is_published_and_no_success(tmp_path: Path) -> None:
    """Exit code 3, so that a nightly job notices; the summary says why, and a script is told of a hundred shops."""
    write_small_shops(tmp_path, 1)
    shop = (tmp_path / "shops" / "shop-00000.toml").read_bytes()
    for number in range(1, 120):
        (tmp_path / "shops" / f"shop-{number:05d}.toml").write_bytes(shop)
    done = adspend(tmp_path / "shops", "--date", DATE, "--out", tmp_path / "out", "--json")
    assert done.returncode == 3
    assert done.stderr.startswith("E-BATCH-NO-PLAN ")
    assert "summary.html" in done.stderr
    printed = json.loads(done.stdout)
    assert (printed["shops"], printed["counts"]["skipped"]) == (120, 120)
    assert [each["codes"] for each in printed["without_plan"]] == [["E-NO-REPORT"]] * 100
    assert (tmp_path / "out" / "summary.json").is_file()


def test_the_tables_put_those_first_that_need_a_person(mixed: tuple[Path, dict[str, object]]) -> None:
    """CSV and workbook, read with other libraries: same rows, failed before skipped before planned, names as texts."""
    out, _ = mixed
    rows = list(csv.DictReader(io.StringIO((out / "summary.csv").read_text(encoding="utf-8-sig"))))
    assert [row["status"] for row in rows] == ["failed"] * 3 + ["skipped"] + ["ok"] * (SHOPS + 1)
    reviews = [int(row["to_approve"]) for row in rows[4:]]
    assert reviews == sorted(reviews, reverse=True)
    assert all(row["reason"] for row in rows[:4])
    sheet = openpyxl.load_workbook(out / "summary.xlsx").active
    *lines, total = sheet.iter_rows(min_row=2)
    assert [line[1].value for line in lines] == [row["name"] for row in rows]
    planned = {row["name"]: float(row["planned"]) for row in rows if row["status"] == "ok"}
    assert (total[0].value, total[7].value) == ("合计", pytest.approx(sum(planned.values())))
    assert total[16].value == pytest.approx(sum(float(row["recommended"] or 0) for row in rows))
    for line in lines:
        assert line[7].value is None or line[7].value == pytest.approx(planned[line[1].value])
    hostile = next(line for line in lines if line[1].value == "hostile")
    assert (hostile[2].value, hostile[2].data_type) == (HOSTILE, "s")
    assert next(row["shop"] for row in rows if row["name"] == "hostile") == f"'{HOSTILE}"


def test_the_page_says_the_same_and_runs_nothing_foreign(mixed: tuple[Path, dict[str, object]]) -> None:
    """One row per shop in the same order, every link leads to a file, and names are escaped."""
    out, _ = mixed
    page = (out / "summary.html").read_text(encoding="utf-8")
    assert page.count("<tr data-status=") == SHOPS + 5
    assert page.index('data-status="failed"') < page.index('data-status="skipped"') < page.index('data-status="ok"')
    assert HOSTILE not in page
    links = [part.split('"')[0] for part in page.split('<a href="')[1:]]
    assert len(links) == SHOPS + 1
    assert all((out / link).is_file() for link in links)
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_the_agencys_budget_is_split_within_its_sum(mixed: tuple[Path, dict[str, object]]) -> None:
    """Recommended budgets sum to at most the agency's, and only shops with a plan have one."""
    document = json.loads((mixed[0] / "summary.json").read_text(encoding="utf-8"))
    recommended = document["agency"]["recommended_fen"]
    assert sum(value or 0 for value in recommended.values()) <= 900_000
    assert {name for name, value in recommended.items() if value is None} == {
        "bad-report",
        "bad-shop",
        "no-plan",
        "no-report",
    }


def test_the_same_command_again_keeps_everything(mixed: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    """A second run plans nothing, and publishes the same bytes."""
    out = tmp_path / "out"
    shutil.copytree(mixed[0], out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file() and "batch." not in path.name}
    folder = mixed[0].parent
    done = adspend(
        folder / "shops", "--reports", folder / "reports", "--date", DATE, "--out", out, "--agency-budget", "9000"
    )
    assert done.returncode == 0, done.stderr
    assert f"其中 {SHOPS + 5} 家此前已完成" in done.stdout
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("nowhere",), "E-FILE-MISSING", 2),
        ((".",), "E-ROSTER-EMPTY", 2),
        ((".", "--reports", "nowhere"), "E-FOLDER-MISSING", 2),
        (("twice.csv",), "E-ROSTER-TWICE", 4),
        (("upwards.csv",), "E-ROSTER-NAME", 4),
        (("headless.csv",), "E-ROSTER-HEADER", 4),
        ((".", "--shop-minutes", "inf"), "E-MINUTES", 2),
        ((".", "--shop-minutes", "1e300"), "E-MINUTES", 2),
        ((".", "--shop-minutes", "1440.1"), "E-MINUTES", 2),
        ((".", "--shop-minutes", "nan"), "E-MINUTES", 2),
        ((".", "--shop-minutes", "0"), "E-MINUTES", 2),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str, exit_code: int
) -> None:
    """Usage and rosters, each with its code; nothing is written."""
    from typer.testing import CliRunner

    from adspend.app.cli import app

    monkeypatch.chdir(tmp_path)
    Path("twice.csv").write_text("name,shop\na,a.toml\na,b.toml\n", encoding="utf-8")
    Path("upwards.csv").write_text("name,shop\n../a,a.toml\n", encoding="utf-8")
    Path("headless.csv").write_text("a,a.toml\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["batch", *arguments, "--date", DATE, "--out", "out"])
    assert result.exit_code == exit_code
    assert code in result.stderr
    assert not Path("out").exists()
