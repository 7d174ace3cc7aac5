"""Small real shops of a batch: two segments by two slots, nine days."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.batch.make_shops import write_shop

SEGMENTS, SLOTS, DAYS, SHOPS = 2, 2, 9, 5


def write_small_shops(folder: Path, count: int = SHOPS) -> None:
    """Shops 0 to ``count`` - 1, with reports up to the day before 2026-06-10."""
    for part in ("shops", "reports"):
        (folder / part).mkdir(parents=True)
    for number in range(count):
        write_shop(folder, number, SEGMENTS, SLOTS, DAYS)


@pytest.fixture(scope="package")
def small_shops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``shops`` and ``reports``."""
    folder = tmp_path_factory.mktemp("small")
    write_small_shops(folder)
    return folder
