"""The run's state in SQLite: which shops are being worked on or done, how often they cost a process, and their records.

One process writes, the run's own. Every change is one ``BEGIN IMMEDIATE`` transaction in WAL mode with
``synchronous=FULL``: what is written here is written. Workers never open the file; their word is the record in the
shop's folder (``folders``), which the run takes over when it finds one that is not in here yet. So the file can be lost
without losing a plan, and one of another ``FORM`` is simply emptied.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from adspend.batch.record import ShopRecord, Status, from_json, to_json
from adspend_datasets.errors import Fault, Place, UsageError
from adspend_datasets.text import Text

FORM = 2  # of the tables, the file's user_version
SCHEMA = f"""
DROP TABLE IF EXISTS shops;
DROP TABLE IF EXISTS lessons;
CREATE TABLE shops (
    name TEXT PRIMARY KEY,
    key TEXT NOT NULL,              -- of the inputs that the rest of the row belongs to
    state TEXT NOT NULL,            -- running, or how it ended
    deaths INTEGER NOT NULL,        -- times its process died while it was worked on alone
    record TEXT                     -- JSON, of a shop that is done
) STRICT;
CREATE TABLE lessons (
    name TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    deaths INTEGER NOT NULL,
    lesson TEXT                     -- JSON; 'null' where the shop's data teach nothing
) STRICT;
PRAGMA user_version = {FORM};
"""
BUSY_SECONDS = 10.0


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """What SQLite says of the file, in words for people.

    Raises:
        UsageError: the file is damaged, locked, or cannot be written.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise UsageError([_fault(path, error)]) from error


class Ledger:
    """The state file; use as a context, in ``explained``."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file.

        Raises:
            sqlite3.Error: it is damaged, locked, or cannot be written.
        """
        self._store = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            self._open()
        except BaseException:
            self._store.close()
            raise

    def _open(self) -> None:
        self._store.execute("PRAGMA journal_mode=WAL")
        self._store.execute("PRAGMA synchronous=FULL")
        found = self._store.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        if self._store.execute("PRAGMA user_version").fetchone()[0] != FORM:
            self._store.executescript(SCHEMA)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._store.execute("BEGIN IMMEDIATE")
        try:
            yield self._store
            self._store.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # a full disk has rolled back already
                self._store.execute("ROLLBACK")
            raise

    def keep_only(self, names: Iterable[str]) -> None:
        """Forgets shops that are not of this run."""
        with self._writing() as store:
            store.execute("CREATE TEMP TABLE roster (name TEXT PRIMARY KEY)")
            store.executemany("INSERT INTO roster VALUES (?)", ((name,) for name in names))
            for table in ("shops", "lessons"):
                store.execute(f"DELETE FROM {table} WHERE name NOT IN (SELECT name FROM roster)")
            store.execute("DROP TABLE roster")

    def holds(self, record: ShopRecord) -> bool:
        """Whether this is the shop's record here."""
        row = self._store.execute("SELECT record FROM shops WHERE name = ?", (record.name,)).fetchone()
        return row is not None and row[0] == to_json(record)

    def start(self, shops: Sequence[tuple[str, str]]) -> None:
        """Shops (name, key) are handed to a worker; with a new key, or when it was done, a shop begins anew."""
        with self._writing() as store:
            store.executemany(
                "INSERT INTO shops VALUES (?, ?, 'running', 0, NULL) ON CONFLICT (name) DO UPDATE SET "
                "deaths = CASE WHEN key = excluded.key AND record IS NULL THEN deaths ELSE 0 END, "
                "key = excluded.key, state = 'running', record = NULL",
                shops,
            )

    def finish(self, records: Iterable[ShopRecord]) -> None:
        """Shops are done."""
        with self._writing() as store:
            store.executemany(
                "INSERT INTO shops VALUES (?, ?, ?, 0, ?) ON CONFLICT (name) DO UPDATE SET "
                "key = excluded.key, state = excluded.state, record = excluded.record",
                ((record.name, record.key, record.status, to_json(record)) for record in records),
            )

    def count_death(self, table: str, name: str, by: int) -> int:
        """A process died while it worked on this shop alone; how often in all."""
        with self._writing() as store:
            counted = store.execute(
                f"UPDATE {table} SET deaths = deaths + ? WHERE name = ? RETURNING deaths", (by, name)
            )
            return int(counted.fetchone()[0])

    def records(self) -> Iterator[ShopRecord]:
        """The records of the shops that are done, by name, one at a time."""
        for (line,) in self._store.execute("SELECT record FROM shops WHERE record IS NOT NULL ORDER BY name"):
            yield from_json(line)

    def counts(self) -> dict[Status, int]:
        """How many shops ended how."""
        found = dict(self._store.execute("SELECT state, count(*) FROM shops WHERE record IS NOT NULL GROUP BY state"))
        return {status: int(found.get(status.value, 0)) for status in Status}

    def lesson(self, name: str, key: str) -> str | None:
        """The lesson (JSON) of this shop and key, None where it has not been taken."""
        row = self._store.execute("SELECT lesson FROM lessons WHERE name = ? AND key = ?", (name, key)).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def start_lesson(self, name: str, key: str) -> None:
        """A shop is handed to a worker for its lesson."""
        with self._writing() as store:
            store.execute(
                "INSERT INTO lessons VALUES (?, ?, 0, NULL) ON CONFLICT (name) DO UPDATE SET "
                "deaths = CASE WHEN key = excluded.key THEN deaths ELSE 0 END, key = excluded.key, lesson = NULL",
                (name, key),
            )

    def finish_lesson(self, name: str, lesson: str | None) -> None:
        """A shop's lesson is known; None: it could not be taken, so the next run tries again."""
        with self._writing() as store:
            store.execute("UPDATE lessons SET lesson = ?, deaths = 0 WHERE name = ?", (lesson, name))


DAMAGED = Text(
    "请先移走 batch.sqlite 及其 -wal、-shm 文件，再运行同一命令：已完成的店铺会从各自文件夹读回，不会重算",
    "Move batch.sqlite with its -wal and -shm files away, then run the same command: shops that are done are taken "
    "over from their folders, not planned again",
)
BUSY = Text("请关闭打开它的程序，再运行同一命令", "Close the program that has it open, then run the same command")
UNWRITABLE = Text(
    "请检查磁盘空间与写权限，再运行同一命令：已完成的店铺不会重算",
    "Check the disk's free space and the right to write, then run the same command: shops that are done are kept",
)


def _fault(path: Path, error: sqlite3.Error) -> Fault:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF  # the primary one; ours has none
    remedies = {sqlite3.SQLITE_BUSY: BUSY, sqlite3.SQLITE_LOCKED: BUSY}
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
        remedies[code] = UNWRITABLE
    return Fault(
        code="E-STATE",
        law=Text("批次的状态文件须能读写", "the state file of the batch must be readable and writable"),
        value=str(error),
        place=Place(file=str(path)),
        remedy=remedies.get(code, DAMAGED),
    )
