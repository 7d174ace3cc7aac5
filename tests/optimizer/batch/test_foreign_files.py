"""Files that the batch did not write are never replaced: the run is refused before it touches anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adspend.app.cli import app
from adspend.batch.foreign import refuse_foreign
from adspend.batch.record import Status
from adspend.batch.roster import read_roster
from adspend_datasets.errors import UsageError
from oracles.batch_workers import contents, made_up_shops, run_made_up


def batch(folder: Path, out: Path) -> tuple[int, str]:
    """Exit code and what was said."""
    arguments = ["batch", str(folder / "shops"), "--reports", str(folder / "reports"), "--date", "2026-07-01"]
    done = CliRunner().invoke(app, [*arguments, "--out", str(out), "--no-pool", "--lang", "en"])
    return done.exit_code, done.stderr


def own_reports(folder: Path) -> Path:
    """Reports in a folder for each shop, which is where plans would go with the same OUT."""
    for name in ("shop-000", "shop-001"):
        (folder / "reports" / name).mkdir()
        (folder / "reports" / name / "june.csv").write_text("of the user", encoding="utf-8")
    return folder / "reports"


def notes(folder: Path) -> Path:
    """A folder of the name of a shop, with something else inside."""
    (folder / "out" / "shop-001").mkdir(parents=True)
    (folder / "out" / "shop-001" / "record.json").write_text('{"name": "another", "key": "1"}', encoding="utf-8")
    return folder / "out"


def file(folder: Path) -> Path:
    """A file of the name of a shop."""
    (folder / "out").mkdir()
    (folder / "out" / "shop-001").write_text("of the user", encoding="utf-8")
    return folder / "out"


def summary(folder: Path) -> Path:
    """A summary of something else."""
    (folder / "out").mkdir()
    (folder / "out" / "summary.xlsx").write_text("of the user", encoding="utf-8")
    return folder / "out"


def no_folder(folder: Path) -> Path:
    """OUT is a file."""
    (folder / "out").write_text("of the user", encoding="utf-8")
    return folder / "out"


@pytest.mark.parametrize(
    ("prepare", "code", "value"),
    [
        (own_reports, "E-OUT-INPUT", "reports"),
        (lambda folder: folder / "shops" / ".." / "shops", "E-OUT-INPUT", "shops"),
        (notes, "E-OUT-FOREIGN", "shop-001"),
        (file, "E-OUT-FOREIGN", "shop-001"),
        (summary, "E-OUT-FOREIGN", "summary.xlsx"),
        (no_folder, "E-OUT-FOREIGN", "out"),
    ],
)
def test_a_run_in_the_way_of_others_files_is_refused(
    tmp_path: Path, prepare: Callable[[Path], Path], code: str, value: str
) -> None:
    """It names what is in the way, and every byte stays where it was."""
    made_up_shops(tmp_path, 2)
    out = prepare(tmp_path)
    before = contents(tmp_path)
    exit_code, said = batch(tmp_path, out)
    assert exit_code == 2, said
    assert said.startswith(code)
    assert f"{value}'" in said
    assert contents(tmp_path) == before
    assert not list(tmp_path.rglob("batch.*"))


def test_a_runs_own_folders_and_summaries_are_no_hindrance(tmp_path: Path) -> None:
    """Nor are an empty folder, and what others keep beside."""
    made_up_shops(tmp_path, 2)
    (tmp_path / "out" / "shop-000").mkdir(parents=True)
    (tmp_path / "out" / "letters").mkdir()
    (tmp_path / "out" / "letters" / "1.txt").write_text("of the user", encoding="utf-8")
    jobs = read_roster(tmp_path / "shops", tmp_path / "reports")
    refuse_foreign(tmp_path / "out", jobs, (tmp_path / "shops", None))
    assert run_made_up(tmp_path, tmp_path / "out", 1).counts[Status.OK] == 2
    (tmp_path / "out" / "summary.csv").write_text("published by a run", encoding="utf-8")
    refuse_foreign(tmp_path / "out", jobs, (tmp_path / "shops", None))
    assert (tmp_path / "out" / "letters" / "1.txt").read_text(encoding="utf-8") == "of the user"


def test_every_file_in_the_way_is_named_at_once(tmp_path: Path) -> None:
    made_up_shops(tmp_path, 3)
    for name in ("shop-000", "shop-002"):
        (tmp_path / "out" / name).mkdir(parents=True)
        (tmp_path / "out" / name / "x").write_text("", encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        refuse_foreign(tmp_path / "out", read_roster(tmp_path / "shops", None), ())
    assert [Path(fault.value).name for fault in refused.value.faults] == ["shop-000", "shop-002"]
