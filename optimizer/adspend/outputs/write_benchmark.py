"""Writing a benchmark: each file whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from adspend.outputs.benchmark_csv import results_csv, summary_csv, timings_csv
from adspend.outputs.benchmark_json import benchmark_json
from adspend.outputs.benchmark_page import benchmark_page
from adspend.outputs.files import write_file
from adspend.standings import Group
from adspend.suite import Outcome, Suite
from adspend_datasets.text import Language


def write_benchmark(
    suite: Suite, outcomes: Sequence[Outcome], groups: Sequence[Group], directory: Path, *, language: Language
) -> tuple[Path, ...]:
    """Writes results.json, results.csv, summary.csv, timings.csv and benchmark.html."""
    files = {
        "results.json": benchmark_json(suite, outcomes, groups).encode("utf-8"),
        "results.csv": results_csv(outcomes),
        "summary.csv": summary_csv(groups),
        "timings.csv": timings_csv(outcomes),
        "benchmark.html": benchmark_page(suite, groups, language).encode("utf-8"),
    }
    return tuple(write_file(directory / name, content) for name, content in files.items())
