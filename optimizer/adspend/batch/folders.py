"""A shop's folder: put in place whole, by a rename, with the record of what it was made from inside.

    OUT/NAME/record.json, plan.json, plan.csv      of one piece: the plan of the record's key, or no plan at all
    OUT/NAME/record.json, error.txt                after a fault of the engine: where it came from
    OUT/.work/NAME.x3f9/                           being written; nothing there counts

The record is the worker's word that a shop is done. It outlives the worker, the scheduler and the run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from adspend.batch.record import ShopRecord, from_json, to_json
from adspend.batch.turn import NO_RUN, turn_of
from adspend.outputs.files import sync_folder

WORK = ".work"
RECORD = "record.json"
OLD = ".old"


def put_folder(out: Path, record: ShopRecord, files: Mapping[str, bytes], *, run: str = NO_RUN) -> ShopRecord:
    """Puts ``OUT/NAME`` in place: all files and the record, durable before they are seen; the record with the files.

    What comes from a ``run`` that another has followed is dropped.
    """
    record = replace(record, files=tuple((name, _digest(content)) for name, content in files.items()))
    work = out / WORK
    work.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=work, prefix=f"{record.name}."))
    fresh.chmod(0o755)  # mkdtemp's folders are private; a plan is meant to be read
    for name, content in (*files.items(), (RECORD, (to_json(record) + "\n").encode("utf-8"))):
        with (fresh / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    sync_folder(fresh)
    with turn_of(out, run) as present:
        if present:
            _exchange(fresh, out / record.name)
    shutil.rmtree(fresh, ignore_errors=True)  # there only where it came too late
    sync_folder(out)
    return record


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _exchange(fresh: Path, place: Path) -> None:
    """Renames ``fresh`` to ``place``; what was there is moved out of sight first, and removed."""
    old = fresh.with_name(fresh.name + OLD)
    with contextlib.suppress(FileNotFoundError):
        place.rename(old)
    fresh.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def is_ours(folder: Path) -> bool:
    """Whether a batch made this folder, whatever from: its record bears its name."""
    try:
        value = json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.get("name") == folder.name and "key" in value


def found_record(out: Path, name: str, key: str) -> ShopRecord | None:
    """The record in the shop's folder, if it is of this key, its files are as they were written, and it is final."""
    try:
        record = from_json((out / name / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    fits = record.key == key and record.name == name and record.is_final
    return record if fits and _is_whole(out / name, record) else None


def _is_whole(folder: Path, record: ShopRecord) -> bool:
    """Whether nobody has deleted or edited one of the files."""
    try:
        return all(_digest((folder / name).read_bytes()) == digest for name, digest in record.files)
    except OSError:
        return False


def clear_work(out: Path) -> None:
    """Removes what an interrupted run left half-written; a folder that it had moved out of the way goes back."""
    for old in (out / WORK).glob(f"*{OLD}"):
        place = out / old.name.removesuffix(OLD).rpartition(".")[0]  # NAME.x3f9.old
        if not place.exists():
            old.rename(place)
            sync_folder(out)
    shutil.rmtree(out / WORK, ignore_errors=True)
    for temporary in out.glob(".summary.*.*"):
        temporary.unlink()
