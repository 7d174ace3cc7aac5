"""``adspend design-test`` writes a sheet that agrees with itself in every format and language."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

SAMPLES = Path(__file__).parents[3] / "datasets" / "adspend_datasets" / "samples"
SHOP, REPORT = SAMPLES / "shop.toml", SAMPLES / "qianchuan_standard.csv"


def adspend(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    code = "import sys; from adspend.app.cli import main; sys.exit(main())"
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", code, "design-test", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sheet of the bundled sample."""
    out = tmp_path_factory.mktemp("design")
    done = adspend(REPORT, "--shop", SHOP, "--date", "2026-11-23", "--test-budget", "6000", "--days", "2", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "11-23" in done.stdout
    assert "回本" in done.stdout
    return out


def test_the_files_agree(sheet: Path) -> None:
    """JSON, CSV and workbook carry the same budgets on the same days."""
    assert sorted(path.name for path in sheet.iterdir()) == ["design.csv", "design.json", "design.xlsx"]
    document = json.loads((sheet / "design.json").read_text(encoding="utf-8"))
    assert document["schema"] == "adspend.design/1"
    expected = {
        (date, cell["segment"], cell["slot"]): cell["schedule_fen"][day]
        for day, date in enumerate(document["dates"])
        for cell in document["cells"]
        if cell["schedule_fen"][day]
    }
    rows = list(csv.DictReader(io.StringIO((sheet / "design.csv").read_bytes().decode("utf-8-sig"))))
    found = {(row["date"], row["segment"], row["slot"]): round(float(row["budget"]) * 100) for row in rows}
    assert found == expected
    assert {row["phase"] for row in rows} == {"test"}
    assert sum(found.values()) == document["cost_fen"] <= 6000_00
    book = openpyxl.load_workbook(sheet / "design.xlsx")["测试表"]
    days = [[cell.value for cell in row[2:4]] for row in book.iter_rows(min_row=2, max_row=1 + len(document["cells"]))]
    assert days == [[level / 100 or None for level in cell["schedule_fen"]] for cell in document["cells"]]


def test_the_same_inputs_give_the_same_bytes(sheet: Path, tmp_path: Path) -> None:
    """Clock and machine leave no trace."""
    adspend(REPORT, "--shop", SHOP, "--date", "2026-11-23", "--test-budget", "6000", "--days", "2", "--out", tmp_path)
    for path in sheet.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_a_cold_start_in_english_and_json(tmp_path: Path) -> None:
    """Without a report the test's default money is the policy's share of the days' budgets."""
    arguments = ("--shop", SHOP, "--date", "2026-11-23", "--days", "1", "--out", tmp_path)
    done = adspend(*arguments, "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "of at most 6,000.00 yuan" in done.stdout
    summary = json.loads(adspend(*arguments, "--json").stdout)
    assert summary["budget_fen"] == 6000_00
    assert summary["cells"] > 5


def test_bad_arguments_are_told_apart(tmp_path: Path) -> None:
    """Usage faults exit 2 with a remedy; nothing is written."""
    out = tmp_path / "none"
    bad = adspend("--shop", SHOP, "--date", "2026-11-23", "--test-budget", "1.234", "--out", out, "--lang", "en")
    assert bad.returncode == 2
    assert "--test-budget" in bad.stderr
    assert "at most 2 decimals" in bad.stderr
    assert adspend("--shop", SHOP, "--date", "2026-11-23", "--days", "0", "--out", out).returncode == 2
    assert not out.exists()


def test_help_has_an_example() -> None:
    """With the line to copy."""
    assert "--test-budget 6000" in adspend("--help").stdout
