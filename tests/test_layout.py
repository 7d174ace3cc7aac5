"""The house's layout: one package in each source root, files and functions of readable size."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"optimizer": "adspend", "models": "adspend_models", "datasets": "adspend_datasets"}
SOURCES = sorted(path for folder in (*PACKAGES, "benchmarks") for path in (ROOT / folder).rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES, SHORT_FUNCTION_LINES, SHORT_SHARE = 300, 60, 25, 0.75


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function's name and length in lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


@pytest.mark.parametrize(("folder", "package"), PACKAGES.items())
def test_a_source_root_holds_one_package_and_no_loose_module(folder: str, package: str) -> None:
    """A wheel that installed top-level `models` or `datasets` would overwrite other people's packages."""
    assert [path.name for path in (ROOT / folder).glob("*.py")] == []
    inside = {path.name for path in (ROOT / folder).iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert inside == {package}
    assert (ROOT / folder / package / "py.typed").exists()


def test_files_are_short_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): n for path in SOURCES if (n := len(path.read_text().splitlines())) > MOST_LINES
    }
    assert long == {}


def test_functions_are_short_enough_to_read() -> None:
    lengths = dict(item for path in SOURCES for item in functions(path))
    assert {name: n for name, n in lengths.items() if n > MOST_FUNCTION_LINES} == {}
    share = sum(n <= SHORT_FUNCTION_LINES for n in lengths.values()) / len(lengths)
    assert share >= SHORT_SHARE, f"only {share:.0%} of {len(lengths)} functions fit in {SHORT_FUNCTION_LINES} lines"


def test_every_module_says_what_it_is() -> None:
    silent = [str(path.relative_to(ROOT)) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []
