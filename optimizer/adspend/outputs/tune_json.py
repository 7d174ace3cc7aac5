"""study.json, schema ``adspend.study/1``: every trial, the candidates and the verdict. Equal inputs, equal bytes."""

from __future__ import annotations

import json

from adspend.outputs.tune_words import verdict_words
from adspend.policy import Policy
from adspend.tuning.provenance import Provenance
from adspend.tuning.rescore import Paired
from adspend.tuning.study import Trial
from adspend.tuning.tune import Tuned

SCHEMA = "adspend.study/1"
Json = dict[str, object]


def tune_json(tuned: Tuned, provenance: Provenance) -> str:
    """The document as text; shares are of the clairvoyant's expected net profit."""
    words, winner = verdict_words(tuned), tuned.winner
    panels, settings = tuned.panels, tuned.settings
    document = {
        "schema": SCHEMA,
        "command": provenance.command,
        "versions": provenance.versions,
        "settings": {"batch": settings.batch, "days": settings.days, "seed": settings.seed, "trials": settings.trials},
        "panels": {
            name: [ground.name for ground in grounds]
            for name, grounds in (
                ("training", panels.training),
                ("selection", panels.selection),
                ("held_out", panels.held_out),
            )
        },
        "space": [
            {"name": each.name, "kind": each.kind, "low": each.low, "high": each.high, "log": each.log}
            for each in tuned.space
        ],
        "default": policy_json(tuned.default),
        "trials": [_trial(trial) for trial in tuned.study.trials],
        "importances": dict(tuned.study.importances),
        "candidates": [
            {"trial": each.number, "share": each.share, "policy": policy_json(each.policy)} for each in tuned.candidates
        ],
        "verdict": None if tuned.verdict is None else verdict_json(tuned.verdict),
        "recommended": None if winner is None else winner.number,
        "words": {"zh": words.zh, "en": words.en},
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def policy_json(policy: Policy) -> Json:
    """What the policy sets; an infinite bound is null, as JSON has no infinity."""
    own: Json = json.loads(policy.model_dump_json(by_alias=True, exclude={"stages"}))
    return {**own, "stages": [json.loads(stage.model_dump_json(exclude_unset=True)) for stage in policy.stages]}


def verdict_json(paired: Paired) -> Json:
    """The paired comparison on the held-out worlds."""
    rows = zip(paired.worlds, paired.ours, paired.default, strict=True)
    return {
        "difference": paired.mean,
        "interval": list(paired.interval),
        "worlds": [{"world": world, "tuned": ours, "default": default} for world, ours, default in rows],
    }


def _trial(trial: Trial) -> Json:
    return {
        "number": trial.number,
        "values": trial.values,
        "value": trial.value,
        "stopped": trial.stopped,
        "shares": {str(world): share for world, share in trial.shares},
    }
