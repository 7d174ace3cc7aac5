"""``adspend tune``: the same study whatever the workers, killed and resumed, and what it cannot do is said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import nullcontext
from pathlib import Path

import pytest

from adspend.app.run_tune import Size, run_tune, size_of
from adspend.tuning.tune import TuneSettings
from adspend_datasets.errors import UsageError

SAMPLES = Path(__file__).parents[3] / "datasets" / "adspend_datasets" / "samples"
TINY = ("--families", "stationary", "--cells", "2x2", "--days", "3", "--worlds", "2", "--fresh", "1")
SEARCH = ("--trials", "5", "--batch", "3", "--seed", "2", "--candidates", "2")
COMMAND = (sys.executable, "-c", "import sys; from adspend.app.cli import main; sys.exit(main())", "tune")
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUTF8": "1"}


def adspend(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=ENVIRONMENT, check=False)


def runs_of(out: Path) -> list[str]:
    """The journal's lines in an order that does not depend on who finished first."""
    return sorted((out / "study.jsonl").read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of five trials on two worlds of four cells for three days, in one process."""
    out = tmp_path_factory.mktemp("tune") / "out"
    done = adspend(*TINY, *SEARCH, "--out", out, "--json")
    assert done.returncode in (0, 3), done.stderr
    found = json.loads(done.stdout)
    assert found["recommended"] == (done.returncode == 0) == (out / "policy.toml").exists()
    assert found["trials"] == 5
    assert found["importances"]
    return out


def same_files(out: Path, undisturbed: Path) -> None:
    names = sorted(path.name for path in undisturbed.iterdir())
    assert sorted(path.name for path in out.iterdir()) == names
    for name in names:
        if name != "study.jsonl":
            assert (out / name).read_bytes() == (undisturbed / name).read_bytes(), name
    assert runs_of(out) == runs_of(undisturbed)


def test_two_workers_make_the_same_study(undisturbed: Path, tmp_path: Path) -> None:
    done = adspend(*TINY, *SEARCH, "--workers", "2", "--out", tmp_path / "out")
    assert done.returncode in (0, 3), done.stderr
    same_files(tmp_path / "out", undisturbed)


def test_killed_in_the_middle_and_resumed_it_is_the_undisturbed_study(undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    journal = out / "study.jsonl"
    command = [*COMMAND, *TINY, *SEARCH, "--out", str(out)]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        while process.poll() is None and not (journal.exists() and '"trial 1"' in journal.read_text(encoding="utf-8")):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    known = len(runs_of(out))
    assert process.returncode == -signal.SIGKILL
    assert known < len(runs_of(undisturbed))
    refused = adspend(*TINY, *SEARCH, "--out", out, "--lang", "en")
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    other = adspend(*TINY, *SEARCH, "--seed", "3", "--out", out, "--resume", "--lang", "en")
    assert other.returncode == 4
    assert "resumed with the command" in other.stderr
    done = adspend(*TINY, *SEARCH, "--out", out, "--resume")
    assert done.returncode in (0, 3), done.stderr
    same_files(out, undisturbed)


def test_the_twin_of_the_sample_shop(tmp_path: Path) -> None:
    done = adspend(
        *(SAMPLES / "canonical.csv", "--shop", SAMPLES / "shop.toml", "--days", "1", "--worlds", "1", "--fresh", "2"),
        *("--trials", "2", "--batch", "2", "--out", tmp_path / "out", "--json"),
    )
    assert done.returncode in (0, 3), done.stderr
    study = json.loads((tmp_path / "out" / "study.json").read_text(encoding="utf-8"))
    assert study["command"].startswith("adspend tune canonical.csv --shop shop.toml --worlds 1")
    assert study["panels"] == {
        "training": ["twin:1000"],
        "selection": ["twin:1050"],
        "held_out": ["twin:100", "twin:101"],
    }


@pytest.mark.parametrize(
    ("reports", "shop", "families", "says"),
    [
        ([], "shop.toml", None, "reports with --shop"),
        (["report.csv"], None, None, "reports with --shop"),
        (["report.csv"], "shop.toml", "stationary", "reports with --shop"),
        (["report.csv"], "shop.toml", None, "the file must exist"),
        ([], None, "everything", "only the training families"),
    ],
)
def test_what_cannot_be_tuned_is_said(
    reports: list[str], shop: str | None, families: str | None, says: str, tmp_path: Path
) -> None:
    settings = TuneSettings(trials=1, batch=1, seed=0, days=1)
    files, file = [tmp_path / name for name in reports], None if shop is None else tmp_path / shop
    size, out = Size(worlds=1, fresh=2), tmp_path / "out"
    with pytest.raises(UsageError, match=says):
        run_tune(files, file, families, size, settings, out, count=1, resume=False, language="en", json_only=True)
    assert not out.exists()


def test_only_the_numbers_named_are_tuned_from_the_policy_named(tmp_path: Path) -> None:
    done = adspend(
        *(*TINY, "--days", "1", "--trials", "2", "--batch", "2", "--policy", "untuned", "--numbers", "kill,doubt"),
        *("--out", tmp_path / "out", "--json"),
    )
    assert done.returncode in (0, 3), done.stderr
    study = json.loads((tmp_path / "out" / "study.json").read_text(encoding="utf-8"))
    assert "--policy untuned --numbers kill,doubt" in study["command"]
    assert {name for trial in study["trials"] for name in trial["values"]} == {"kill", "doubt"}


def test_an_unknown_number_is_said(tmp_path: Path) -> None:
    settings, size = TuneSettings(trials=1, batch=1, seed=0, days=1), Size(worlds=1, fresh=2)
    with pytest.raises(UsageError, match="there are no such numbers"):
        run_tune(
            [], None, None, size, settings, tmp_path, numbers="luck", count=1, resume=False, language="en",
            json_only=True,
        )  # fmt: skip


@pytest.mark.parametrize("cells", ["48", "6x", "0x8", "6x8x2", "axb"])
def test_cells_are_segments_by_slots(cells: str) -> None:
    with pytest.raises(UsageError, match="SEGMENTSxSLOTS"):
        size_of(None, None, cells, is_twin=False)


def test_a_dead_worker_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal stays, so that the study goes on where it was."""

    class Broken(Executor):
        def submit(self, *_: object, **__: object) -> Future[float]:  # type: ignore[override]
            raise BrokenExecutor

    monkeypatch.setattr("adspend.app.run_tune.workers", lambda _: nullcontext(Broken()))
    settings, size = TuneSettings(trials=1, batch=1, seed=0, days=1), Size(worlds=1, fresh=2)
    with pytest.raises(UsageError, match="Go on with --resume"):
        run_tune([], None, None, size, settings, tmp_path, count=2, resume=False, language="en", json_only=True)
    assert [path.name for path in tmp_path.iterdir()] == ["study.jsonl"]
