"""The search space (搜索空间): which fields of a policy are tuned, and between which bounds.

A new numeric field of ``Policy`` is one line of ``SPACE``. Three test levels are tuned as three parts, the outer two as
ratios to the middle one, so that they stay in order whatever is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
    """One parameter: ``name`` is a field, or ``field.part`` of three levels; ``log``: drawn evenly in its logarithm."""

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
    Dimension("test_share", Kind.REAL, 0.02, 0.6, log=True),
    Dimension("test_promise", Kind.REAL, 0.01, 0.6, log=True),
    Dimension("test_levels.low", Kind.REAL, 0.1, 0.8, log=True),  # of the middle level
    Dimension("test_levels.middle", Kind.REAL, 0.4, 2.5, log=True),  # of an even split
    Dimension("test_levels.high", Kind.REAL, 1.5, 6.0, log=True),  # of the middle level
)


def policy_of(base: Policy, values: Values) -> Policy:
    """``base`` with the values in place, each to four significant digits.

    Raises:
        ValidationError: values that no policy may hold.
    """
    fields: dict[str, object] = {}
    for name, value in values.items():
        field, _, part = name.partition(".")
        if not part:
            fields[field] = value if isinstance(value, int) else _rounded(value)
        elif field not in fields:
            low, middle, high = (values[f"{field}.{each}"] for each in PARTS)
            fields[field] = tuple(_rounded(level) for level in (low * middle, middle, high * middle))
    return Policy.model_validate({**base.model_dump(by_alias=True), **fields})


def values_of(policy: Policy, space: tuple[Dimension, ...] = SPACE) -> dict[str, float] | None:
    """Where the policy lies in the space; None if outside."""
    values = {}
    for dimension in space:
        value = _value(policy, dimension.name)
        if value is None or not dimension.low <= value <= dimension.high:
            return None
        values[dimension.name] = value
    return values


def _value(policy: Policy, name: str) -> float | None:
    field, _, part = name.partition(".")
    value = getattr(policy, field)
    if not part:
        return None if value is None else value
    if len(value) != len(PARTS):
        return None
    middle = value[PARTS.index("middle")]
    return float(value[PARTS.index(part)] / (1 if part == "middle" else middle))


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
