"""Writing a simulation: each file whole."""

from __future__ import annotations

from pathlib import Path

from adspend.contest import Contest
from adspend.outputs.files import write_file
from adspend.outputs.simulate_csv import simulate_csv
from adspend.outputs.simulate_json import simulate_json
from adspend.outputs.simulate_page import simulate_page
from adspend_datasets.text import Language


def write_simulation(contest: Contest, directory: Path, *, language: Language) -> tuple[Path, ...]:
    """Writes runs.json, runs.csv and simulate.html."""
    files = {
        "runs.json": simulate_json(contest).encode("utf-8"),
        "runs.csv": simulate_csv(contest),
        "simulate.html": simulate_page(contest, language).encode("utf-8"),
    }
    return tuple(write_file(directory / name, content) for name, content in files.items())
