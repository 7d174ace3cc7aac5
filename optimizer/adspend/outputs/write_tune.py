"""Writing a tuning: each file whole; a policy only where one is recommended."""

from __future__ import annotations

from pathlib import Path

from adspend.outputs.files import write_file
from adspend.outputs.policy_toml import comments_of, policy_toml
from adspend.outputs.tune_json import tune_json
from adspend.outputs.tune_page import tune_page
from adspend.tuning.provenance import Provenance
from adspend.tuning.tune import Tuned
from adspend_datasets.text import Language

POLICY = "policy.toml"


def write_tuning(tuned: Tuned, provenance: Provenance, directory: Path, *, language: Language) -> tuple[Path, ...]:
    """Writes study.json, tune.html and, where a policy is recommended, policy.toml; removes one that no longer is."""
    files = {
        "study.json": tune_json(tuned, provenance).encode("utf-8"),
        "tune.html": tune_page(tuned, provenance, language).encode("utf-8"),
    }
    if tuned.winner is not None and tuned.verdict is not None:
        comments = comments_of(tuned, tuned.winner, tuned.verdict, provenance)
        files[POLICY] = policy_toml(tuned.winner.policy, comments).encode("utf-8")
    else:
        (directory / POLICY).unlink(missing_ok=True)
    return tuple(write_file(directory / name, content) for name, content in files.items())
