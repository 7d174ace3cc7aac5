"""Shops' folders and the summary: whole, durable, of this run, and never both places empty."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from adspend.app import run_batch as run_batch_module
from adspend.app.run_batch import run_batch
from adspend.batch import publish as publish_module
from adspend.batch.folders import WORK, put_folder
from adspend.batch.past import PAST
from adspend.batch.publish import FILES, publish, withdraw
from adspend.batch.record import ShopRecord, Status
from adspend.batch.run import opened
from adspend.batch.summary import summarise
from oracles.batch_runs import DATE
from oracles.batch_workers import contents, diary, made_up_shops, run_made_up

SKIPPED = ShopRecord(name="a", key="1", status=Status.SKIPPED)


def delete(folder: Path) -> None:
    """The plan is gone."""
    (folder / "plan.csv").unlink()


def edit(folder: Path) -> None:
    """A plan of the same length, with another amount."""
    content = (folder / "plan.csv").read_bytes()
    (folder / "plan.csv").write_bytes(b"9" + content[1:])


@pytest.mark.parametrize("change", [delete, edit])
def test_a_plan_deleted_or_edited_by_hand_is_made_anew(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """And only that one."""
    made_up_shops(tmp_path, 3)
    run_made_up(tmp_path, tmp_path / "out", 1)
    before, begun = contents(tmp_path / "out"), len(diary(tmp_path))
    change(tmp_path / "out" / "shop-002")
    assert run_made_up(tmp_path, tmp_path / "out", 1).kept == 2
    assert {name for _, name, _ in diary(tmp_path)[begun:]} == {"shop-002"}
    assert contents(tmp_path / "out") == before


def test_a_shop_off_the_roster_leaves_no_plan_beside_the_run(tmp_path: Path) -> None:
    """Its folder lies whole in batch.past, as often as it leaves; folders of others stay where they are."""
    made_up_shops(tmp_path, 3)
    out, shop = tmp_path / "out", tmp_path / "shops" / "shop-001.toml"
    other = out / "letters"
    other.mkdir(parents=True)
    (other / "record.json").write_text("of the user", encoding="utf-8")
    text, left = shop.read_bytes(), []
    for _ in range(2):
        run_made_up(tmp_path, out, 1)
        left.append({path.name: path.read_bytes() for path in (out / "shop-001").iterdir()})
        shop.unlink()
        run_made_up(tmp_path, out, 1)
        assert not (out / "shop-001").exists()
        shop.write_bytes(text)
    places = [out / PAST / "shop-001", out / PAST / "shop-001.2"]
    assert [{path.name: path.read_bytes() for path in place.iterdir()} for place in places] == left
    assert (other / "record.json").read_text(encoding="utf-8") == "of the user"


def test_killed_between_the_renames_the_old_folder_comes_back(tmp_path: Path) -> None:
    """Old moved out of the way, new not in place: the next run finds the old one, whole."""
    made_up_shops(tmp_path, 2)
    out = tmp_path / "out"
    run_made_up(tmp_path, out, 1)
    before = contents(out)
    code = """
import os, sys
from pathlib import Path
from adspend.batch.folders import put_folder
from adspend.batch.record import ShopRecord, Status
real = Path.rename
def rename(self, target):
    real(self, target)
    if str(target).endswith(".old"):
        os.kill(os.getpid(), 9)
Path.rename = rename
put_folder(Path(sys.argv[1]), ShopRecord(name="shop-001", key="new", status=Status.FAILED), {})
"""
    killed = subprocess.run([sys.executable, "-c", code, str(out)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (out / "shop-001").exists()
    with opened(out):
        assert contents(out) == before
    assert run_made_up(tmp_path, out, 1).kept == 2


def test_what_a_killed_run_left_half_written_is_cleared(tmp_path: Path) -> None:
    """A folder that was being written, an old one whose place is taken, a summary's temporary file."""
    put_folder(tmp_path, SKIPPED, {})
    before = contents(tmp_path)
    for name in ("b.x3f9", "a.x3f9.old"):
        (tmp_path / WORK / name).mkdir(parents=True)
        (tmp_path / WORK / name / "record.json").write_text("{}", encoding="utf-8")
    (tmp_path / ".summary.csv.x3f9").write_text("half", encoding="utf-8")
    with opened(tmp_path):
        assert contents(tmp_path) == before


def test_files_and_folders_are_synced_before_the_folder_is_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file and the new folder before the rename, OUT after it: what a power cut may undo is the whole exchange."""
    put_folder(tmp_path, SKIPPED, {})  # so that there is an old one to move away
    steps: list[str] = []
    sync, rename = os.fsync, Path.rename

    def noted_sync(handle: int) -> None:
        steps.append("sync " + Path(f"/proc/self/fd/{handle}").readlink().name.split(".")[0])
        sync(handle)

    def noted_rename(path: Path, target: Path) -> Path:
        steps.append("away" if target.name.endswith(".old") else "in place")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    put_folder(tmp_path, SKIPPED, {"plan.csv": b"1", "error.txt": b"2"})
    syncs = ["sync plan", "sync error", "sync record", "sync a"]
    assert steps == [*syncs, "away", "in place", f"sync {tmp_path.name}"]


def test_the_json_is_published_last_and_withdrawn_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sees summary.json may believe the other files; withdrawing is durable before shops are planned."""
    steps: list[str] = []
    write, unlink, sync = publish_module.write_file, Path.unlink, publish_module.sync_folder

    def noted_write(path: Path, content: bytes) -> Path:
        steps.append(path.name)
        return write(path, content)

    def noted_unlink(path: Path, missing_ok: bool = False) -> None:
        steps.append(path.name)
        unlink(path, missing_ok=missing_ok)

    def noted_sync(folder: Path) -> None:
        steps.append("sync")
        sync(folder)

    monkeypatch.setattr(publish_module, "write_file", noted_write)
    publish(summarise(DATE, [SKIPPED], ()), tmp_path, "en", full=False)
    assert steps[-1] == "summary.json"
    assert sorted(steps) == sorted(FILES)
    steps.clear()
    monkeypatch.setattr(Path, "unlink", noted_unlink)
    monkeypatch.setattr(publish_module, "sync_folder", noted_sync)
    withdraw(tmp_path)
    assert steps[0] == "summary.json"
    assert steps[-1] == "sync"
    assert contents(tmp_path) == {}


def test_no_summary_stands_while_shops_are_planned(
    small_shops: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would speak of plans that are no more: gone before any work, and not there when a run breaks off."""

    def run() -> None:
        shops, reports = small_shops / "shops", small_shops / "reports"
        run_batch(
            shops,
            reports,
            DATE.isoformat(),
            tmp_path,
            workers=1,
            dask=None,
            pool=True,
            policy=None,
            calendar=None,
            agency_budget=None,
            agency_rebate=[],
            shop_minutes=15.0,
            full=False,
            language="zh",
            json_only=True,
        )

    def stop(*_: object, **__: object) -> tuple[()]:
        assert not any((tmp_path / name).exists() for name in FILES)
        raise KeyboardInterrupt

    run()
    assert all((tmp_path / name).is_file() for name in FILES)
    monkeypatch.setattr(run_batch_module, "learn_categories", stop)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert not any((tmp_path / name).exists() for name in FILES)
