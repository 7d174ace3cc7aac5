"""``adspend benchmark``: files that agree, a killed run that goes on, and words for what cannot be run."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adspend.app.code_digest import code_digest
from adspend.app.run_benchmark import LEDGER, Choice, chosen_suite
from adspend.suite import PUBLISHED
from adspend_datasets.errors import UsageError

CODE = "import sys; from adspend.app.cli import main; sys.exit(main())"
MARKETS = ("--families", "stationary,sparse", "--seeds", "2", "--days", "8")
CHEAP = (*MARKETS, "--strategies", "even-split,operators-rule")
JOBS = 2 * 2 * 3

MINE = """
import numpy as np
from adspend_datasets.text import Text

class Mine:
    name = "mine"
    label = Text("我的", "mine")

    def open(self, shop, seed):
        self.shop = shop
        return self

    def budgets(self, date, report):
        return np.array([self.shop.minimum_fen] + [0] * (len(self.shop.grid) - 1))
"""


def started(*arguments: str | Path, workers: int = 1) -> subprocess.Popen[str]:
    """The real command in a process of its own."""
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", CODE, "benchmark", *map(str, arguments), "--workers", str(workers)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    )


def run(*arguments: str | Path, workers: int = 1) -> tuple[int, str, str]:
    process = started(*arguments, workers=workers)
    out, err = process.communicate()
    return process.returncode, out, err


def files_of(folder: Path) -> dict[str, bytes]:
    """What must be the same again: all but seconds and the order in which jobs finished."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in (LEDGER, "timings.csv")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An undisturbed run."""
    out = tmp_path_factory.mktemp("whole")
    code, said, complained = run(*CHEAP, "--out", out)
    assert code == 0, complained
    assert "占先知" in said
    return out


def test_the_files_agree(whole: Path) -> None:
    assert sorted(files_of(whole)) == ["benchmark.html", "results.csv", "results.json", "summary.csv"]
    document = json.loads((whole / "results.json").read_text(encoding="utf-8"))
    assert document["schema"] == "adspend.benchmark/1"
    assert {name for name, _ in document["versions"]} >= {"adspend", "numpy", "python"}
    rows = list(csv.DictReader(io.StringIO((whole / "results.csv").read_bytes().decode("utf-8-sig"))))
    assert len(rows) == len(document["jobs"]) == JOBS
    for row, job in zip(rows, document["jobs"], strict=True):
        assert (row["family"], int(row["seed"]), row["strategy"]) == (job["family"], job["seed"], job["strategy"])
        assert float(row["net"]) == pytest.approx(sum(job["expected_net_fen"]) / 100, abs=0.05)
        if row["strategy"] != "clairvoyant":
            assert float(row["share"]) == pytest.approx(float(row["net"]) / float(row["clairvoyant_net"]), abs=1e-5)
    summary = list(csv.DictReader(io.StringIO((whole / "summary.csv").read_bytes().decode("utf-8-sig"))))
    assert [row["worlds_of"] for row in summary[::2]] == ["all markets", "stationary (48 cells)", "sparse (48 cells)"]
    for row in summary[:2]:
        own = [float(job["share"]) for job in rows if job["strategy"] == row["strategy"]]
        assert float(row["share"]) == pytest.approx(sum(own) / 4, abs=1e-5)


def test_a_killed_run_goes_on_and_ends_in_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    """Killed with SIGKILL after some jobs, its last line torn: the rest is run, the finished jobs are not."""
    process = started(*CHEAP, "--out", tmp_path, workers=2)
    ledger = tmp_path / LEDGER
    until = time.monotonic() + 60
    while time.monotonic() < until and (not ledger.exists() or ledger.read_bytes().count(b"\n") < 3):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()  # returns once the workers, who hold its pipes, have ended too
    kept = ledger.read_bytes()
    lines = kept.splitlines(keepends=True)
    assert 3 <= len(lines) < JOBS
    assert not (tmp_path / "results.csv").exists()
    ledger.write_bytes(kept + b'{"job": {"family": "spar')
    code, _, complained = run(*CHEAP, "--out", tmp_path)
    assert code == 0, complained
    assert files_of(tmp_path) == files_of(whole)
    assert ledger.read_bytes().startswith(b"".join(line for line in lines if line.endswith(b"\n")))
    assert ledger.read_bytes().count(b"\n") == JOBS


def test_a_strategy_in_a_file_joins_and_a_changed_file_runs_again(whole: Path, tmp_path: Path) -> None:
    """What the suite had finished is kept; the new strategy's jobs are added."""
    mine, out = tmp_path / "mine.py", tmp_path / "out"
    mine.write_text(MINE, encoding="utf-8")
    out.mkdir()
    (out / LEDGER).write_bytes((whole / LEDGER).read_bytes())
    command = (*MARKETS, "--strategies", f"even-split,{mine}:Mine", "--out", out, "--json")
    code, said, complained = run(*command)
    assert code == 0, complained
    found = json.loads(said)
    assert list(found["strategies"]) == ["mine", "even-split"] or list(found["strategies"]) == ["even-split", "mine"]
    assert complained == ""
    assert (out / LEDGER).read_bytes().count(b"\n") == JOBS + 4
    before = code_digest(f"{mine}:Mine")
    mine.write_text(MINE + "\n# changed\n", encoding="utf-8")
    assert code_digest(f"{mine}:Mine") != before
    assert code_digest("even-split") == code_digest("engine")


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (Choice(families="stationry"), "Choose from stationary"),
        (Choice(families=" , "), "no such family"),
        (Choice(strategies="evn-split"), "no such strategy"),
    ],
)
def test_what_cannot_be_run_is_said(choice: Choice, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        chosen_suite(choice)


def test_what_is_typed_takes_the_suite_s_place() -> None:
    suite = chosen_suite(Choice(suite="published", cells=96, seeds=3, days=5, strategies="engine, engine"))
    assert {shops.segments * shops.slots for shops in suite.shops} == {96}
    assert len(suite.shops) == len(PUBLISHED)  # the published 96-cell family is one of them now
    assert {shops.seeds for shops in suite.shops} == {3}
    assert (suite.days, suite.strategies) == (5, ("engine",))
    assert chosen_suite(Choice()).shops != chosen_suite(Choice(suite="published")).shops


def test_a_wrong_command_ends_with_2_and_one_line(tmp_path: Path) -> None:
    code, _, complained = run("--families", "nowhere", "--out", tmp_path)
    assert code == 2
    assert complained.startswith("E-BENCHMARK")
    assert len(complained.strip().splitlines()) == 1
