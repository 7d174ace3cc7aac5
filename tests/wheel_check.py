"""Builds the wheel and looks inside: only our packages at the top, and the files that the engine reads at run time."""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

PACKAGES = {"adspend", "adspend_models", "adspend_datasets"}
NEEDED = (
    "adspend/py.typed",
    "adspend_models/py.typed",
    "adspend_datasets/py.typed",
    "adspend_datasets/samples/shop.toml",
    "adspend_datasets/profiles/qianchuan_standard.toml",
    "adspend/outputs/page_files/page.html.jinja",
    "adspend/outputs/page_files/page.css",
    "adspend/outputs/page_files/page.js",
    "adspend/outputs/vendor/echarts/echarts.min.js",
    "adspend/outputs/vendor/echarts/NOTICE",
)


def main() -> int:
    """Prints what is wrong and returns how many things are."""
    root = Path(__file__).parent.parent
    with tempfile.TemporaryDirectory() as folder:
        wheel = next(WheelBuilder(str(root)).build(directory=folder, versions=["standard"]))
        names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names if not name.split("/")[0].endswith(".dist-info")}
    faults = [f"unexpected top-level name: {name}" for name in sorted(top - PACKAGES)]
    faults += [f"missing: {name}" for name in NEEDED if name not in names]
    for fault in faults:
        print(fault)
    print(f"wheel: {len(names)} files, {len(faults)} faults")
    return len(faults)


if __name__ == "__main__":
    sys.exit(main())
