"""``adspend simulate`` writes runs that agree with each other in every format, and says what it cannot do."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adspend.app.run_simulate import run_simulate
from adspend_datasets.errors import UsageError

SAMPLES = Path(__file__).parents[3] / "datasets" / "adspend_datasets" / "samples"
CHEAP = ("--strategy", "even-split", "--strategy", "operators-rule")

ALL_IN_ONE = """
import numpy as np
from adspend_datasets.text import Text

class AllInOne:
    name = "all-in-one"
    label = Text("全押一格", "all in <one>")

    def open(self, shop, seed):
        self.shop = shop
        return self

    def budgets(self, date, report):
        return np.array([self.shop.budget_fen] + [0] * (len(self.shop.grid) - 1))
"""


def adspend(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    code = "import sys; from adspend.app.cli import main; sys.exit(main())"
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", code, "simulate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cheap strategies for nine days."""
    out = tmp_path_factory.mktemp("runs")
    done = adspend("--world", "stationary:3", *CHEAP, "--days", "9", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "先知基线" in done.stdout
    return out


def test_the_files_agree(runs: Path) -> None:
    """JSON and CSV carry the same money; the clairvoyant's rows stand first, the best strategy's next."""
    assert sorted(path.name for path in runs.iterdir()) == ["runs.csv", "runs.json", "simulate.html"]
    document = json.loads((runs / "runs.json").read_text(encoding="utf-8"))
    assert document["schema"] == "adspend.simulation/1"
    rows = list(csv.DictReader(io.StringIO((runs / "runs.csv").read_bytes().decode("utf-8-sig"))))
    assert len(rows) == 3 * 9
    by_name = {"clairvoyant": document["clairvoyant"], **{run["name"]: run for run in document["strategies"]}}
    assert list(dict.fromkeys(row["strategy"] for row in rows)) == list(by_name)
    for name, run in by_name.items():
        own = [row for row in rows if row["strategy"] == name]
        assert [row["date"] for row in own] == document["dates"]
        assert [round(float(row["expected_net"]) * 100) for row in own] == run["expected_net_fen"]
        assert [round(float(row["budget"]) * 100) for row in own] == [sum(day) for day in run["budgets_fen"]]
    nets = [sum(run["expected_net_fen"]) for run in document["strategies"]]
    assert nets == sorted(nets, reverse=True)
    assert document["strategies"][0]["share"] == pytest.approx(
        nets[0] / sum(document["clairvoyant"]["expected_net_fen"]), abs=1e-6
    )


def test_the_same_inputs_give_the_same_bytes(runs: Path, tmp_path: Path) -> None:
    done = adspend("--world", "stationary:3", *CHEAP, "--days", "9", "--out", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["strategies"]["even-split"]["violations"] == 0
    for path in runs.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_twin_of_the_sample_shop_and_a_strategy_from_a_file(tmp_path: Path) -> None:
    """A strategy of one's own that breaks rules is run as it is, and the breaches are counted."""
    (tmp_path / "mine.py").write_text(ALL_IN_ONE, encoding="utf-8")
    done = adspend(
        *("--twin", SAMPLES / "canonical.csv", "--shop", SAMPLES / "shop.toml", "--days", "2", "--json", "--seed", "4"),
        *("--strategy", f"{tmp_path / 'mine.py'}:AllInOne", "--out", tmp_path / "out"),
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert "twin" in found["market"]
    assert found["strategies"]["all-in-one"]["violations"] == 2  # 30,000 in a cell of at most 6,000, twice
    page = (tmp_path / "out" / "simulate.html").read_text(encoding="utf-8")
    assert "all in &lt;one&gt;" in page
    assert "all in <one>" not in page


@pytest.mark.parametrize(
    ("market", "twin", "shop", "names", "says"),
    [
        (None, [], None, [], "exactly one of --world and --twin"),
        ("stationary", ["x.csv"], None, [], "exactly one of --world and --twin"),
        ("stationry", [], None, [], "Choose one of stationary"),
        ("stationary:one", [], None, [], "FAMILY:SEED"),
        ("stationary", [], "shop.toml", [], "brings its own shop"),
        ("stationary", [], None, ["evn-split"], "no such strategy"),
        (None, ["x.csv"], None, [], "--twin needs --shop"),
        (None, ["x.csv"], "none.toml", [], "the file must exist"),
    ],
)
def test_what_cannot_be_run_is_said(
    market: str | None, twin: list[str], shop: str | None, names: list[str], says: str, tmp_path: Path
) -> None:
    reports, file = [tmp_path / name for name in twin], None if shop is None else tmp_path / shop
    with pytest.raises(UsageError, match=says):
        run_simulate(market, reports, file, names, tmp_path, days=3, seed=0, language="en", json_only=True)
    assert not list(tmp_path.iterdir())


def test_a_wrong_command_ends_with_2_and_one_line(tmp_path: Path) -> None:
    done = adspend("--world", "stationary", "--strategy", "evn-split", "--out", tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("E-STRATEGY")
    assert len(done.stderr.strip().splitlines()) == 1
