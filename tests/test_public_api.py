"""The public surface is small, sorted, importable, and costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import adspend

HEAVY = ("numpy", "pandas", "scipy", "pulp", "highspy", "pandera", "pydantic", "jinja2", "xlsxwriter", "optuna")


def test_public_names_are_sorted() -> None:
    classes = [name for name in adspend.__all__ if name[0].isupper()]
    functions = [name for name in adspend.__all__ if name[0].islower()]
    assert adspend.__all__ == sorted(classes) + sorted(functions)


@pytest.mark.parametrize("name", adspend.__all__)
def test_every_public_name_is_what_its_module_defines(name: str) -> None:
    assert getattr(adspend, name).__name__ == name


def test_an_unknown_name_says_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'alocate'"):
        adspend.alocate  # noqa: B018


@pytest.mark.parametrize("code", ["import adspend", "from adspend.app.cli import app"])
def test_heavy_modules_wait_until_they_are_used(code: str) -> None:
    """`adspend --help` imports only these: the command line must answer at once."""
    heavy = f"{code}; import sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    loaded = done.stdout.strip()
    assert loaded in ("[]", "['pydantic']"), loaded  # typer itself needs pydantic
