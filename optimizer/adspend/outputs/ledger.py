"""The ledger (jobs.jsonl): one line per finished job, appended and synced, so that a killed suite goes on where it was.

A line is written whole or torn; a torn last line is dropped when the ledger is opened again, and its job runs again.
Numbers are written to the last bit: what is read back is what was computed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, final

from adspend.suite import Job, Outcome
from adspend_datasets.text import Text

COLUMNS = ("expected", "realised", "cost", "violations")


@final
class Ledger:
    """An open ledger: ``done`` holds the outcomes by job key, those just recorded among them."""

    def __init__(self, handle: int, done: dict[str, Outcome]) -> None:
        self.done = done
        self._handle = handle

    def record(self, outcome: Outcome) -> None:
        """Keeps an outcome; when this returns it is on disk."""
        line = json.dumps(asdict(outcome), ensure_ascii=False, allow_nan=False) + "\n"
        os.write(self._handle, line.encode("utf-8"))
        os.fsync(self._handle)
        self.done[outcome.job.key] = outcome


@contextmanager
def open_ledger(path: Path) -> Iterator[Ledger]:
    """The ledger at ``path``, made if there is none; lines that cannot be read are cut off or left out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = path.read_bytes() if path.exists() else b""
    whole = content[: content.rfind(b"\n") + 1]
    done = {outcome.job.key: outcome for outcome in map(_outcome, whole.splitlines()) if outcome is not None}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.ftruncate(handle, len(whole))
        os.lseek(handle, 0, os.SEEK_END)
        yield Ledger(handle, done)
    finally:
        os.close(handle)


def _outcome(line: bytes) -> Outcome | None:
    """A line's outcome; None for a line of another form, whose job is then run again."""
    try:
        fields: dict[str, Any] = json.loads(line)
        fields |= {name: tuple(fields[name]) for name in COLUMNS}
        return Outcome(**{**fields, "job": Job(**fields["job"]), "label": Text(**fields["label"])})
    except (ValueError, TypeError, KeyError):
        return None
