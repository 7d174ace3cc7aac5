"""policy.toml: the tuned policy as a person reads and edits it, with where it comes from in comments on top."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence

from adspend.outputs.tune_words import gain_words, share_words
from adspend.policy import Policy
from adspend.tuning.panel import Ground
from adspend.tuning.provenance import Provenance
from adspend.tuning.rescore import Paired
from adspend.tuning.tune import Candidate, Tuned


def policy_toml(policy: Policy, comments: Sequence[str]) -> str:
    """The file's text; ``read_policy`` reads the same policy back. A stage holds only what it sets for itself."""
    lines = [f"# {line}".rstrip() for comment in comments for line in comment.splitlines()]
    lines += ["", *_pairs(policy.model_dump(by_alias=True, exclude={"stages"}))]
    for stage in policy.stages:
        lines += ["", "[[stages]]", *_pairs(stage.model_dump(by_alias=True, exclude_unset=True))]
    return "\n".join(lines) + "\n"


def _pairs(fields: Mapping[str, object]) -> list[str]:
    return [f"{name} = {_toml(value)}" for name, value in fields.items() if value is not None]


def comments_of(tuned: Tuned, chosen: Candidate, verdict: Paired, provenance: Provenance) -> tuple[str, ...]:
    """Command, seed, versions, panels and the held-out score, in both languages where it is a sentence."""
    gain = gain_words(verdict)
    importances = ", ".join(f"{name} {share:.0%}" for name, share in tuned.study.importances)
    return (
        "放量策略，由 adspend tune 调出 / test-then-scale policy, found by adspend tune",
        f"command: {provenance.command}",
        f"seed: {tuned.settings.seed}; trial {chosen.number} of {len(tuned.study.trials)}",
        f"versions: {', '.join(' '.join(pair) for pair in provenance.versions)}",
        f"training worlds: {_names(tuned.panels.training)}",
        f"selection worlds: {_names(tuned.panels.selection)}",
        f"held-out worlds: {_names(tuned.panels.held_out)}",
        f"held-out share of the clairvoyant over {tuned.settings.days} days: "
        f"{share_words(verdict.ours)}, the default {share_words(verdict.default)}",
        f"difference: {gain.en}",
        f"差异：{gain.zh}",
        f"importances: {importances or 'unknown'}",
    )


def _names(grounds: Sequence[Ground]) -> str:
    """The worlds, the seeds of a family together: family:1000,1001."""
    seeds: dict[str, list[str]] = {}
    for ground in grounds:
        family, _, seed = ground.name.rpartition(":")
        seeds.setdefault(family, []).append(seed)
    return " ".join(f"{family.replace(' ', '_')}:{','.join(each)}" for family, each in seeds.items())


def _toml(value: object) -> str:
    """A TOML value: numbers (inf among them), words, dates, and lists of them."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # a basic string of TOML is JSON's
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_toml, value))}]"
    raise TypeError(f"a policy's field must be what TOML can hold, but got {value!r}")
