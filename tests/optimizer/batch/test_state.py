"""The state file: durable, for one run at a time, and no traceback when the disk or another program fails it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adspend.batch import ledger as ledger_module
from adspend.batch.ledger import Ledger
from adspend.batch.record import ShopRecord, Status
from adspend.batch.run import LOCK, STATE, opened
from adspend_datasets.errors import UsageError
from oracles.batch_workers import contents, diary, made_up_shops, run_made_up


def garbage(state: Path) -> None:
    """No database at all."""
    state.write_bytes(b"not a database, but long enough for a header of one hundred bytes" * 9)


def torn(state: Path) -> None:
    """A database that lost a page in the middle."""
    content = bytearray(state.read_bytes())
    content[4096:8192] = bytes(4096)
    state.write_bytes(content)


def a_folder(state: Path) -> None:
    """Something that can never be opened."""
    state.unlink()
    state.mkdir()


@pytest.mark.parametrize(("damage", "remedy"), [(garbage, "Move"), (torn, "Move"), (a_folder, "Check the disk")])
def test_a_damaged_state_is_said_with_its_remedy_and_the_remedy_helps(
    tmp_path: Path, damage: Callable[[Path], None], remedy: str
) -> None:
    """Moved away as told, the run takes all records over from the folders and plans nothing again."""
    made_up_shops(tmp_path, 12)
    out = tmp_path / "out"
    run_made_up(tmp_path, out, 1)
    before, begun = contents(out), len(diary(tmp_path))
    damage(out / STATE)
    with pytest.raises(UsageError, match="E-STATE") as refused:
        run_made_up(tmp_path, out, 1)
    assert remedy in refused.value.faults[0].remedy.en
    assert STATE in refused.value.faults[0].place.file
    shutil.move(out / STATE, tmp_path)
    assert run_made_up(tmp_path, out, 1).kept == 12
    assert contents(out) == before
    assert len(diary(tmp_path)) == begun


@contextmanager
def held(state: Path) -> Iterator[None]:
    """Another program in the middle of a transaction."""
    other = sqlite3.connect(state, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


def write_many(out: Path, pages: int | None = None) -> None:
    """Shops until ``pages`` of the file are full."""
    with opened(out) as ledger:
        if pages is not None:
            ledger._store.execute(f"PRAGMA max_page_count = {pages}")
        for number in range(1 if pages is None else 1_000):
            ledger.start([(f"shop-{number}", "k" * 1_000)])


def test_a_state_that_another_program_holds_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "BUSY_SECONDS", 0.05)
    write_many(tmp_path)
    with held(tmp_path / STATE), pytest.raises(UsageError, match=r"E-STATE.*locked.*Close the program"):
        write_many(tmp_path)


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    """SQLite's own limit stands for the disk's: the write that does not fit is undone, and what was there stays."""
    with pytest.raises(UsageError, match=r"E-STATE.*full.*Check the disk"):
        write_many(tmp_path, pages=10)
    with opened(tmp_path) as ledger:
        assert ledger._store.execute("SELECT count(*) FROM shops").fetchone()[0] > 1


def test_a_file_that_may_not_grow_is_said(tmp_path: Path) -> None:
    """The system's limit on a file's size, met in a process of its own: a sentence, not a traceback."""
    code = """
import resource, signal, sys
from pathlib import Path
from adspend.batch.run import opened
from adspend_datasets.errors import UsageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    with opened(Path(sys.argv[1])) as ledger:
        for number in range(1_000):
            ledger.start([(str(number), "k" * 64)])
except UsageError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "E-STATE" in done.stdout
    assert "Check the disk" in done.stdout


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    """Until the first has ended; then the folder is free."""
    with opened(tmp_path), pytest.raises(UsageError, match="E-BATCH-BUSY"), opened(tmp_path):
        pass
    assert (tmp_path / LOCK).exists()
    with opened(tmp_path):
        pass


def test_what_is_written_is_on_the_disk_before_anyone_is_told(tmp_path: Path) -> None:
    """SQLite syncs the log at every commit (2 is FULL) and never loses it to a killed process (WAL)."""
    with opened(tmp_path) as ledger:
        assert ledger._store.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert ledger._store.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_state_of_another_form_is_emptied(tmp_path: Path) -> None:
    """The tables of the first form, which counted attempts: records come back from the folders."""
    made_up_shops(tmp_path, 3)
    out = tmp_path / "out"
    run_made_up(tmp_path, out, 1)
    for name in (STATE, f"{STATE}-wal", f"{STATE}-shm"):
        (out / name).unlink(missing_ok=True)
    with sqlite3.connect(out / STATE, isolation_level=None) as old:
        for table, last in (("shops", "state TEXT, attempts INTEGER, deaths INTEGER, record TEXT"), ("lessons", "x")):
            old.execute(f"CREATE TABLE {table} (name TEXT PRIMARY KEY, key TEXT, {last})")
    old.close()
    assert run_made_up(tmp_path, out, 1).kept == 3


def test_shops_that_left_the_roster_are_forgotten(tmp_path: Path) -> None:
    """Removed, a shop is neither counted nor listed; added again, it begins anew."""
    with Ledger(tmp_path / STATE) as ledger:
        for name in ("a", "b"):
            ledger.start([(name, "1")])
            ledger.finish([ShopRecord(name=name, key="1", status=Status.SKIPPED)])
            ledger.start_lesson(name, "1")
            ledger.finish_lesson(name, "null")
        ledger.keep_only(["b", "c"])
        assert [record.name for record in ledger.records()] == ["b"]
        assert ledger.counts()[Status.SKIPPED] == 1
        assert (ledger.lesson("a", "1"), ledger.lesson("b", "1")) == (None, "null")


def test_a_shop_removed_and_added_again(tmp_path: Path) -> None:
    """A run without it counts without it, and one with it again has them all."""
    made_up_shops(tmp_path, 3)
    shop, away = tmp_path / "shops" / "shop-001.toml", tmp_path / "shop-001.toml"
    counts = []
    for source, target in ((shop, away), (away, shop)):
        run_made_up(tmp_path, tmp_path / "out", 1)
        source.rename(target)
        counts.append(run_made_up(tmp_path, tmp_path / "out", 1).counts[Status.OK])
    assert counts == [2, 3]


def test_deaths_are_counted_until_the_shop_is_done(tmp_path: Path) -> None:
    """A run that is killed and goes on remembers them; done or changed, a shop begins anew."""
    with Ledger(tmp_path / STATE) as ledger:
        for deaths in (1, 2):
            ledger.start([("a", "1")])
            assert ledger.count_death("shops", "a", 1) == deaths
        ledger.start([("a", "2")])
        assert ledger.count_death("shops", "a", 1) == 1
        ledger.finish([ShopRecord(name="a", key="2", status=Status.QUARANTINED)])
        ledger.start([("a", "2")])
        assert ledger.count_death("shops", "a", 2) == 2
