"""The run's state in SQLite: which shops are being worked on or done, how often each was tried, and its record.

One process writes, the run's own. Every change is one ``BEGIN IMMEDIATE`` transaction in WAL mode with
``synchronous=FULL``: what is written here is written. Workers never open the file; their word is the record in the
shop's folder (``folders``), which the run takes over when it finds one that is not in here yet.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from adspend.batch.record import ShopRecord, Status, from_json, to_json

SCHEMA = """
CREATE TABLE IF NOT EXISTS shops (
    name TEXT PRIMARY KEY,
    key TEXT NOT NULL,              -- of the inputs that the rest of the row belongs to
    state TEXT NOT NULL,            -- running, or how it ended
    attempts INTEGER NOT NULL,      -- times handed to a worker
    deaths INTEGER NOT NULL,        -- times its process died while it was worked on alone
    record TEXT                     -- JSON, of a shop that is done
) STRICT;
CREATE TABLE IF NOT EXISTS lessons (
    name TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    lesson TEXT                     -- JSON; 'null' where the shop's data teach nothing
) STRICT;
"""
BUSY_SECONDS = 10.0


class Ledger:
    """The state file; use as a context."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file."""
        self._store = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        self._store.execute("PRAGMA journal_mode=WAL")
        self._store.execute("PRAGMA synchronous=FULL")
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
        except BaseException:
            self._store.execute("ROLLBACK")
            raise
        self._store.execute("COMMIT")

    def keep_only(self, names: Iterable[str]) -> None:
        """Forgets shops that are not of this run."""
        with self._writing() as store:
            store.execute("CREATE TEMP TABLE roster (name TEXT PRIMARY KEY)")
            store.executemany("INSERT INTO roster VALUES (?)", ((name,) for name in names))
            for table in ("shops", "lessons"):
                store.execute(f"DELETE FROM {table} WHERE name NOT IN (SELECT name FROM roster)")
            store.execute("DROP TABLE roster")

    def is_done(self, name: str, key: str) -> bool:
        """Whether the shop has a record of this key."""
        rows = self._store.execute("SELECT 1 FROM shops WHERE name = ? AND key = ? AND record IS NOT NULL", (name, key))
        return rows.fetchone() is not None

    def start(self, shops: Sequence[tuple[str, str]]) -> None:
        """Shops (name, key) are handed to a worker; with a new key, or when it was done, a shop begins anew."""
        with self._writing() as store:
            store.executemany(
                "INSERT INTO shops VALUES (?, ?, 'running', 1, 0, NULL) ON CONFLICT (name) DO UPDATE SET "
                "attempts = CASE WHEN key = excluded.key THEN attempts + 1 ELSE 1 END, "
                "deaths = CASE WHEN key = excluded.key AND record IS NULL THEN deaths ELSE 0 END, "
                "key = excluded.key, state = 'running', record = NULL",
                shops,
            )

    def finish(self, records: Iterable[ShopRecord]) -> None:
        """Shops are done."""
        with self._writing() as store:
            store.executemany(
                "INSERT INTO shops VALUES (?, ?, ?, 0, 0, ?) ON CONFLICT (name) DO UPDATE SET "
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
                "INSERT INTO lessons VALUES (?, ?, 1, 0, NULL) ON CONFLICT (name) DO UPDATE SET "
                "attempts = CASE WHEN key = excluded.key THEN attempts + 1 ELSE 1 END, "
                "deaths = CASE WHEN key = excluded.key THEN deaths ELSE 0 END, key = excluded.key, lesson = NULL",
                (name, key),
            )

    def finish_lesson(self, name: str, lesson: str | None) -> None:
        """A shop's lesson is known; None: it could not be taken, so the next run tries again."""
        with self._writing() as store:
            store.execute("UPDATE lessons SET lesson = ?, deaths = 0 WHERE name = ?", (lesson, name))
