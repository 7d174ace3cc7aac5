"""Writing a designed test: each file whole."""

from __future__ import annotations

from pathlib import Path

from adspend.design import TestDesign
from adspend.outputs.design_csv import design_csv
from adspend.outputs.design_json import design_json
from adspend.outputs.design_workbook import design_workbook
from adspend.outputs.files import write_file
from adspend_datasets.text import Language


def write_design(design: TestDesign, directory: Path, *, language: Language) -> tuple[Path, ...]:
    """Writes design.json, design.csv and design.xlsx."""
    files = {
        "design.json": design_json(design).encode("utf-8"),
        "design.csv": design_csv(design, language),
        "design.xlsx": design_workbook(design, language),
    }
    return tuple(write_file(directory / name, content) for name, content in files.items())
