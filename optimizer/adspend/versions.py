"""The versions a plan was made with, so that it can be made again."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version

PACKAGES = ("adspend", "highspy", "numpy", "pandas", "pulp", "scipy")


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """Name and version of the engine, of what its numbers depend on, and of Python."""
    return (*((name, version(name)) for name in PACKAGES), ("python", platform.python_version()))
