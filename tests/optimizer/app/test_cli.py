"""The command line keeps its contract: files, exit codes, languages, and no traceback whatever is typed."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from adspend.app.cli import app
from adspend.checker import check

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "datasets" / "adspend_datasets" / "samples"
SHOP = SAMPLES / "shop.toml"
REPORT = SAMPLES / "qianchuan_standard.csv"
CSV_HEADER = (
    "date,segment,slot,action,budget,yesterday,expected_orders,expected_gmv,expected_net,p10_net,"
    "marginal_return,limits,reason"
)


def adspend(*arguments: str | Path, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    code = "import sys; from adspend.app.cli import main; sys.exit(main())"
    environment = {"PATH": os.environ["PATH"], "LANG": lang, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


Here = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def here(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """The same command in this process, where how a process starts and ends is not what is asked."""

    def run(*arguments: str | Path, lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
        for name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", lang)
        with pytest.raises(SystemExit) as stopped:
            app(list(map(str, arguments)))
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, int(str(stopped.value.code or 0)), out, err)

    return run


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan directory written by the command from the sample report."""
    out = tmp_path_factory.mktemp("plan")
    done = adspend("plan", REPORT, "--shop", SHOP, "--date", "2026-11-23", "--out", out)
    assert done.returncode == 0, done.stderr
    return out


def test_a_plan_directory_has_its_four_files_and_passes_the_checker(planned: Path) -> None:
    assert sorted(path.name for path in planned.iterdir()) == ["plan.csv", "plan.html", "plan.json", "plan.xlsx"]
    document = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    assert check(document) == ()
    assert document["schema"] == "adspend.plan/2"
    assert {"value", "bound", "gap"} <= document["certificate"].keys()
    assert document["date"] == "2026-11-23"


def test_the_csv_has_the_contract_s_columns_and_never_a_budget_of_zero(planned: Path) -> None:
    content = (planned / "plan.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert ",".join(rows[0]) == CSV_HEADER
    for row in rows:
        assert (row["action"] == "pause") == (row["budget"] == "")
        assert row["budget"] == "" or float(row["budget"]) >= 300


def test_the_same_inputs_give_the_same_bytes(planned: Path, tmp_path: Path) -> None:
    adspend("plan", REPORT, "--shop", SHOP, "--date", "2026-11-23", "--out", tmp_path)
    for path in planned.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_a_rise_stays_within_both_caps_and_a_plan_within_its_shares(planned: Path) -> None:
    """The shop file's limits, recomputed from the printed numbers alone."""
    cells = json.loads((planned / "plan.json").read_text(encoding="utf-8"))["cells"]
    total = sum(cell["budget_fen"] for cell in cells)
    assert total <= 30_000_00
    assert sum(cell["budget_fen"] for cell in cells if cell["segment"] == "新客") * 100 <= 45 * total
    for cell in cells:
        assert cell["budget_fen"] % 100_00 == 0
        if cell["yesterday_fen"]:
            assert cell["budget_fen"] <= max(1.5 * cell["yesterday_fen"], 300_00), cell
        if cell["grade"] == "FAIL":
            assert cell["action"] in ("test", "hold", "cut", "pause")


def test_without_a_report_it_plans_a_test_day_with_three_levels(tmp_path: Path) -> None:
    done = adspend("plan", "--shop", SHOP, "--date", "2026-11-23", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    funded = [cell for cell in document["cells"] if cell["budget_fen"]]
    assert {cell["action"] for cell in funded} == {"test"}
    assert len({cell["budget_fen"] for cell in funded}) >= 3
    assert all("测试" in cell["reason"]["zh"] for cell in funded)
    assert check(document) == ()


def test_a_budget_of_zero_pauses_everything(tmp_path: Path) -> None:
    done = adspend("plan", REPORT, "--shop", SHOP, "--date", "2026-11-23", "--out", tmp_path, "--budget", "0")
    assert done.returncode == 0, done.stderr
    cells = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["cells"]
    assert {(cell["action"], cell["budget_fen"]) for cell in cells} == {("pause", 0)}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["plan", "--shop", "absent.toml", "--date", "2026-11-23"], 2, "文件必须存在"),
        (["plan", "absent.csv", "--shop", SHOP, "--date", "2026-11-23"], 2, "absent.csv"),
        (["plan", REPORT, "--shop", SHOP, "--date", "23.11.2026"], 2, "YYYY-MM-DD"),
        (["plan", REPORT, "--shop", SHOP, "--date", "2026-11-23", "--budget", "-5"], 2, "预算"),
        (["plan", REPORT, "--shop", SHOP, "--date", "2026-11-23", "--budget", "1e999"], 2, "预算"),
        (["plan", REPORT, "--shop", SHOP, "--date", "2026-11-23", "--budget", "12.345"], 2, "预算"),
        (["plan", REPORT, "--shop", REPORT, "--date", "2026-11-23"], 4, "TOML"),
        (["plan", SHOP, "--shop", SHOP, "--date", "2026-11-23"], 4, "shop.toml"),
        (["allocate", "--curves", REPORT, "--shop", SHOP], 4, "segment"),
    ],
)
def test_every_error_has_its_exit_code_and_its_words(
    arguments: list[str | Path], code: int, words: str, tmp_path: Path, here: Here
) -> None:
    done = here(*arguments, "--out", tmp_path / "out", lang="zh_CN.UTF-8")
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_locks_above_the_budget_exit_with_3_and_say_the_smallest_change(tmp_path: Path) -> None:
    shop = tmp_path / "shop.toml"
    locks = "".join(
        f'\n[[locks]]\nsegment = "新客"\nslot = "{slot}"\nbudget = 6000\n' for slot in ("20:00-22:00", "22:00-26:00")
    )
    shop.write_text(SHOP.read_text(encoding="utf-8") + locks, encoding="utf-8")
    arguments = ("plan", REPORT, "--shop", shop, "--date", "2026-11-23", "--out", tmp_path / "out")
    done = adspend(*arguments, "--budget", "10000", "--lang", "en")
    assert done.returncode == 3
    assert "12,000.00 > 10,000.00" in done.stderr
    assert "Short by 2,000.00" in done.stderr
    shop.write_text(shop.read_text(encoding="utf-8").replace("max = 0.45", "max = 1.0"), encoding="utf-8")
    assert adspend(*arguments, "--budget", "12000").returncode == 0


@pytest.mark.parametrize(("chosen", "lang", "words"), [("en", "zh_CN.UTF-8", "must exist"), (None, "C", "必须存在")])
def test_language_is_chosen_or_falls_back_to_chinese(
    chosen: str | None, lang: str, words: str, tmp_path: Path, here: Here
) -> None:
    extra = ["--lang", chosen] if chosen else []
    done = here("verify", tmp_path / "absent.json", *extra, lang=lang)
    assert done.returncode == 2
    assert words in done.stderr


def test_json_prints_one_json_object_and_nothing_else(tmp_path: Path) -> None:
    done = adspend("plan", REPORT, "--shop", SHOP, "--date", "2026-11-23", "--out", tmp_path, "--json")
    summary = json.loads(done.stdout)
    assert summary["planned_fen"] <= summary["budget_fen"] == 30_000_00
    assert done.stderr == ""


def test_verify_says_what_is_no_plan(tmp_path: Path, here: Here) -> None:
    """A design, a list: one sentence that names what was found, not a list of missing fields."""
    for text, found in (('{"schema": "adspend.design/1"}', "adspend.design/1"), ("[1]", "list")):
        (tmp_path / "other.json").write_text(text, encoding="utf-8")
        done = here("verify", tmp_path / "other.json")
        assert (done.returncode, done.stderr.count("E-PLAN-SCHEMA")) == (4, 1)
        assert found in done.stderr


def test_verify_passes_a_good_plan_and_names_the_rule_of_a_bad_one(planned: Path, tmp_path: Path) -> None:
    assert adspend("verify", planned / "plan.json").returncode == 0
    document = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    next(cell for cell in document["cells"] if cell["budget_fen"])["budget_fen"] += 1
    broken = tmp_path / "plan.json"
    broken.write_text(json.dumps(document), encoding="utf-8")
    done = adspend("verify", broken)
    assert done.returncode == 4
    assert "P10" in done.stdout


def test_the_checker_runs_on_its_own(planned: Path, tmp_path: Path) -> None:
    """Nothing but the standard library: the folder alone, copied elsewhere, in an isolated interpreter."""
    shutil.copytree(ROOT / "optimizer" / "adspend" / "checker", tmp_path / "alone")
    start = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import alone; sys.exit(alone.main(sys.argv[1:]))"
    command = [sys.executable, "-I", "-S", "-c", start, str(planned / "plan.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "0 violations")


def test_allocate_solves_a_two_cell_case_by_hand(tmp_path: Path) -> None:
    """Cell a earns 3 per yuan up to 500, b 2 per yuan: with 800, a gets its 500 and b the other 300."""
    shop, curves = tmp_path / "shop.toml", tmp_path / "curves.csv"
    shop.write_text(
        '[shop]\nname="s"\n[economics]\ngross_margin=0.5\n[budget]\ndaily=800\n'
        '[cells]\nsegments=["a","b","c"]\nslots=["ALL"]\nmin_if_active=100\nmax=600\nstep=100\n'
    )
    curves.write_text("segment,slot,cost,value\na,ALL,0,0\na,ALL,500,1500\na,ALL,600,1500\nb,ALL,600,1200\n")
    done = adspend("allocate", "--curves", curves, "--shop", shop, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert [cell["budget_fen"] for cell in document["cells"]] == [500_00, 300_00, 0]
    assert document["certificate"]["value"] == pytest.approx(1500 + 600 - 800)
    assert document["certificate"]["gap"] == 0


def test_fit_writes_a_curve_file_with_a_grade_per_cell(tmp_path: Path, here: Here) -> None:
    out = tmp_path / "curves.json"
    done = here("fit", REPORT, "--shop", SHOP, "--date", "2026-11-23", "--out", out)
    assert done.returncode == 0, done.stderr
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["schema"] == "adspend.curves/1"
    assert len(document["cells"]) == 36


@pytest.mark.parametrize("command", ["plan", "allocate", "fit", "tune", "verify"])
def test_help_has_an_example(command: str, here: Here) -> None:
    assert "Example" in here(command, "--help").stdout


def test_the_example_of_fit_writes_the_page_that_is_promised(tmp_path: Path, here: Here) -> None:
    example = " ".join(here("fit", "--help").stdout.split())
    out = tmp_path / example.split("--out ")[1].split()[0]
    done = here("fit", REPORT, "--shop", SHOP, "--date", "2026-11-23", "--out", out)
    assert done.returncode == 0, done.stderr
    assert {file.name for file in out.iterdir()} == {"curves.json", "curves.csv", "curves.html"}
