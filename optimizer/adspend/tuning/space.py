"""The search space (搜索空间): which numbers of a policy are tuned, and between which bounds.

A number is one line of ``SPACE``: ``field``, or ``stageN.field`` for what the N-th stage (from 1) sets for itself.
Three test levels are tuned as three parts, the outer two as ratios to the middle one, so that they stay in order
whatever is drawn. ``step_up`` is not tuned: its default is no bound at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adspend.policy import Policy

Values = Mapping[str, float]

DIGITS = 4  # significant digits of a tuned value: what a person can read, finer than any panel can tell apart
PARTS = ("low", "middle", "high")


class Kind(StrEnum):
    """What a parameter's values are."""

    REAL = "real"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One parameter: its name, what its values are, and its bounds; ``log``: drawn evenly in its logarithm."""

    name: str
    kind: Kind
    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        """Refuses an empty range, and a logarithm of what is not positive."""
        if not self.low < self.high or (self.log and self.low <= 0):
            raise ValueError(f"`low < high` must hold, and `low > 0` with `log`, but got {self}")


SPACE = (
    Dimension("stage1.learning_horizon", Kind.REAL, 3.0, 40.0, log=True),
    Dimension("stage2.learning_horizon", Kind.REAL, 3.0, 40.0, log=True),
    Dimension("stage3.learning_horizon", Kind.REAL, 3.0, 40.0, log=True),
    Dimension("stage1.test_share", Kind.REAL, 0.3, 1.0, log=True),
    Dimension("stage2.test_share", Kind.REAL, 0.2, 1.0, log=True),
    Dimension("stage3.test_share", Kind.REAL, 0.1, 1.0, log=True),
    Dimension("doubt", Kind.REAL, 1.0, 2.5),
    Dimension("first_share", Kind.REAL, 0.4, 1.0),
    Dimension("kill", Kind.REAL, 0.01, 0.3, log=True),
    Dimension("promote", Kind.REAL, 0.5, 0.99),
    Dimension("cool_down", Kind.WHOLE, 0, 3),
    Dimension("tolerance", Kind.REAL, 0.1, 1.0, log=True),
    Dimension("test_levels.low", Kind.REAL, 0.2, 0.8, log=True),  # of the middle level
    Dimension("test_levels.middle", Kind.REAL, 0.6, 2.0, log=True),  # of an even split
    Dimension("test_levels.high", Kind.REAL, 1.5, 5.0, log=True),  # of the middle level
)


@dataclass(frozen=True, slots=True)
class _Name:
    """A parameter's name taken apart: the stage from 0 (None: the policy itself), the field, the part of levels."""

    stage: int | None
    field: str
    part: str

    @staticmethod
    def of(name: str) -> _Name:
        """``[stageN.]field[.part]``."""
        first, _, rest = name.partition(".")
        number = first.removeprefix("stage")
        stage = int(number) - 1 if number.isdecimal() else None
        field, _, part = (name if stage is None else rest).partition(".")
        return _Name(stage, field, part)


def space_of(policy: Policy, space: tuple[Dimension, ...] = SPACE) -> tuple[Dimension, ...]:
    """The dimensions that the policy has: those of its own numbers and of its stages."""
    stages = [(each, _Name.of(each.name).stage) for each in space]
    return tuple(each for each, stage in stages if stage is None or stage < len(policy.stages))


def policy_of(base: Policy, values: Values) -> Policy:
    """``base`` with the values in place, each to four significant digits; what a stage leaves open stays open.

    Raises:
        ValidationError: values that no policy may hold.
    """
    document: dict[str, Any] = {**base.model_dump(by_alias=True, exclude_unset=True), "schema": base.schema_}
    stages = [dict(stage) for stage in document.get("stages", ())]
    for full, value in values.items():
        name = _Name.of(full)
        place = document if name.stage is None else stages[name.stage]
        if not name.part:
            place[name.field] = value if isinstance(value, int) else _rounded(value)
        elif name.part == "middle":
            stem = full.removesuffix("middle")
            low, high = (value * values[stem + part] for part in ("low", "high"))
            place[name.field] = tuple(map(_rounded, (low, value, high)))
    return Policy.model_validate({**document, "stages": stages})


def values_of(policy: Policy, space: tuple[Dimension, ...]) -> dict[str, float] | None:
    """Where the policy lies in the space; None if outside."""
    values = {}
    for dimension in space:
        value = _value(policy, _Name.of(dimension.name))
        if value is None or not dimension.low <= value <= dimension.high:
            return None
        values[dimension.name] = value
    return values


def _value(policy: Policy, name: _Name) -> float | None:
    value = getattr(policy.within(None if name.stage is None else policy.stages[name.stage]), name.field)
    if not name.part:
        return None if value is None else value
    if len(value) != len(PARTS):
        return None
    middle = value[PARTS.index("middle")]
    return float(value[PARTS.index(name.part)] / (1 if name.part == "middle" else middle))


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
