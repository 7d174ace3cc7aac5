"""Which code computes: a digest of every source that can move a result, for telling old results from current ones."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from adspend.strategies.registry import GROUP
from adspend.versions import versions

PACKAGES = ("adspend_datasets", "adspend_models", "adspend")
SHOWS_ONLY = ("app", "outputs")  # of adspend: what reads, writes and draws decides nothing


def code_digest(strategy: str) -> str:
    """A digest of the project's code and versions, and of the strategy's own file or package, if it has one."""
    return hashlib.sha256(f"{_project()} {_own(strategy)}".encode()).hexdigest()[:16]


def _own(strategy: str) -> str:
    path, colon, _ = strategy.rpartition(":")
    if colon and Path(path).is_file():
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    made = [entry.dist for entry in entry_points(group=GROUP) if entry.name == strategy and entry.dist is not None]
    return " ".join(f"{package.name} {package.version}" for package in made)


@cache
def _project() -> str:
    """Files as they are on disk: a change that has no version yet counts too."""
    digest = hashlib.sha256(repr(versions()).encode())
    for package in PACKAGES:
        root = Path(str(files(package)))
        for path in sorted(root.rglob("*.py")):
            place = path.relative_to(root)
            if not (package == "adspend" and place.parts[0] in SHOWS_ONLY):
                digest.update(f"{package}/{place.as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()
