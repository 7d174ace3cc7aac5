"""A run with a workbook and a page for each shop: the pages share one library, which only the run itself writes."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adspend.app.run_batch import load
from adspend.batch.orders import Orders
from adspend.batch.roster import read_roster
from adspend.batch.run import opened, run_shops
from adspend.batch.shared_files import FOLDER, put_shared_files
from adspend.batch.shop_work import plan_shop
from adspend.engine import LocalEngine
from adspend.outputs.chart_library import library_file
from adspend_datasets.errors import BadDataError
from oracles.batch_workers import contents

from .conftest import SHOPS

DATE = datetime.date(2026, 6, 10)
LIBRARY = f"{FOLDER}/{library_file()[0]}"


def full_run(folder: Path, out: Path, workers: int) -> dict[str, bytes]:
    """Plans the shops with all their files; what was written."""
    jobs = read_roster(folder / "shops", folder / "reports")
    orders = Orders(date=DATE, out=out, language="zh", full=True)
    with opened(out) as ledger, LocalEngine(workers, load) as engine:
        run_shops(jobs, orders, ledger, engine, work=plan_shop)
    return contents(out)


def test_the_library_is_there_once_and_every_page_refers_to_it(small_shops: Path, tmp_path: Path) -> None:
    """And two processes write what one does, and the same command again changes no file."""
    found = full_run(small_shops, tmp_path / "one", 1)
    own = {"plan.csv", "plan.html", "plan.json", "plan.xlsx", "record.json"}
    assert set(found) == {LIBRARY} | {f"shop-{n:05d}/{name}" for n in range(SHOPS) for name in own}
    for name, content in found.items():
        if name.endswith("plan.html"):
            assert f'"../{LIBRARY}"'.encode() in content
            assert len(content) < 100_000, f"{name} has {len(content)} bytes"
    assert full_run(small_shops, tmp_path / "two", 2) == found
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "one").glob("*/*")}
    assert full_run(small_shops, tmp_path / "one", 1) == found
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_a_torn_library_is_written_again_and_a_whole_one_is_kept(tmp_path: Path) -> None:
    content = library_file()[1]
    place = put_shared_files(tmp_path)
    assert place.read_bytes() == content
    place.write_bytes(content[:-1])
    assert put_shared_files(tmp_path).read_bytes() == content
    os.utime(place, ns=(1, 1))
    put_shared_files(tmp_path)
    assert place.stat().st_mtime_ns == 1


def test_a_run_killed_while_it_writes_the_library_leaves_no_half_of_it(tmp_path: Path) -> None:
    """Killed before the rename: nothing has the library's name, and the next run clears what is left."""
    code = "import os, sys, pathlib; from adspend.batch.shared_files import put_shared_files as put"
    die = "pathlib.Path.replace = lambda *_: os.kill(os.getpid(), 9); put(pathlib.Path(sys.argv[1]))"
    assert subprocess.run([sys.executable, "-c", f"{code}; {die}", str(tmp_path)], check=False).returncode == -9
    assert contents(tmp_path)
    assert not (tmp_path / LIBRARY).exists()
    with opened(tmp_path):
        assert contents(tmp_path) == {}
        put_shared_files(tmp_path)
    assert list(contents(tmp_path)) == [LIBRARY]


def test_no_shop_can_take_the_library_s_folder(tmp_path: Path) -> None:
    (tmp_path / f"{FOLDER}.toml").write_text("", encoding="utf-8")
    with pytest.raises(BadDataError, match="E-ROSTER-NAME"):
        read_roster(tmp_path, None)
