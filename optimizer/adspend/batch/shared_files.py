"""What the pages of a run share: the charting library, once at the run's top, put there before the first shop.

    OUT/batch.assets/echarts.HASH.js     no shop's folder can have this name; a page refers to ../batch.assets

Written by the run itself and never by a worker, whole by a rename; a run that goes on keeps what is there.
"""

from __future__ import annotations

from pathlib import Path

from adspend.batch.folders import WORK
from adspend.outputs.chart_library import library_file
from adspend.outputs.files import sync_folder, write_file

FOLDER = "batch.assets"
FROM_A_SHOP = f"../{FOLDER}"
SUMMARY_FROM_A_SHOP = "../summary.html"


def put_shared_files(out: Path) -> Path:
    """Puts the library in place unless it is there."""
    name, content = library_file()
    place = out / FOLDER / name
    if place.is_file() and place.read_bytes() == content:
        return place
    fresh = write_file(out / WORK / name, content)  # where the next run clears away what a killed one left
    place.parent.mkdir(exist_ok=True)
    fresh.replace(place)
    sync_folder(place.parent)
    sync_folder(out)
    return place
