"""Shops that left the roster: their folders move to OUT/batch.past, so that no older plan lies beside the run's.

OUT/batch.past/NAME, NAME.2, ...     as they were; nothing is lost, and nothing there is read again
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from itertools import count
from pathlib import Path

from adspend.batch.folders import is_ours
from adspend.batch.shared_files import FOLDER
from adspend.outputs.files import sync_folder

PAST = "batch.past"


def move_past(out: Path, names: Collection[str]) -> None:
    """Moves away the folders that a batch has made of shops not in ``names``."""
    gone = [path for path in sorted(out.iterdir()) if path.name not in names and path.is_dir() and is_ours(path)]
    if not gone:
        return
    past = out / PAST
    past.mkdir(exist_ok=True)
    if (out / FOLDER).is_dir():  # which the pages look for beside their folder
        shutil.copytree(out / FOLDER, past / FOLDER, dirs_exist_ok=True)
    for path in gone:
        free = (past / (path.name if turn == 1 else f"{path.name}.{turn}") for turn in count(1))
        path.rename(next(place for place in free if not place.exists()))
    sync_folder(past)
    sync_folder(out)
