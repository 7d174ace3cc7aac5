"""Where a tuned policy comes from: the command that finds it again, and the versions it was found with."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from adspend.versions import versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """``command`` leaves out what changes nothing: workers, the folder, resuming, the language."""

    command: str
    versions: tuple[tuple[str, str], ...]


def provenance_of(command: str) -> Provenance:
    """The command with the versions of now."""
    return Provenance(command=command, versions=tuple(sorted((*versions(), ("optuna", version("optuna"))))))
