"""A curve profile says, as data, how another tool lays out the response curves it exports.

A tool is one TOML file under ``curve_profiles/``; it is recognised by its columns. Sources of the layouts: the
documented columns of Meridian's ``response_curves``, of pymc-marketing's ``summary.saturation_curves`` and of Robyn's
plot data. What a file does not say of itself (the days a row covers, what its outcome is) is asked for, never guessed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from functools import cache
from importlib import resources
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, model_validator

from adspend_datasets.errors import Fault, Place
from adspend_datasets.text import Text

Outcome = Literal["gmv", "orders"]  # what a tool modelled


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Strict):
    """A phrase in both languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The phrase as what operators read."""
        return Text(self.zh, self.en)


class CurveProfile(_Strict):
    """One tool's layout: one row per point of a channel's curve.

    Attributes:
        name: Of the file, for messages and tests.
        title: What a person calls it.
        channel: The column of the channel's name.
        cost: The column of the spend, over ``span``.
        outcome: The column of the expected outcome at that spend, over ``span``.
        marks: Further columns that only this layout has.
        keep: Rows kept: column -> value. A column that the file lacks keeps every row.
        scaled_by: The column by which ``cost`` must be multiplied to become yuan.
        from_cost: The column of the spend at which new money starts, if that is not 0.
        from_outcome: The column of the outcome there.
        span: The time that one row's spend and outcome cover.
        span_example: How to state that time on the command line.
    """

    name: str
    title: Words
    channel: str = "channel"
    cost: str
    outcome: str
    marks: tuple[str, ...] = ()
    keep: dict[str, str] = {}
    scaled_by: str = ""
    from_cost: str = ""
    from_outcome: str = ""
    span: Words
    span_example: Words

    @model_validator(mode="after")
    def _starts_once(self) -> CurveProfile:
        if bool(self.from_cost) != bool(self.from_outcome):
            raise ValueError(f"{self.name}: from_cost and from_outcome must be given together")
        return self

    @property
    def required(self) -> tuple[str, ...]:
        """The columns by which the layout is recognised."""
        start = (self.from_cost, self.from_outcome) if self.from_cost else ()
        return (self.channel, self.cost, self.outcome, *self.marks, *start)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is read, those of ``keep`` aside."""
        return (*self.required, self.scaled_by) if self.scaled_by else self.required


@cache
def curve_profiles() -> tuple[CurveProfile, ...]:
    """The bundled profiles, those with most columns first: a special layout is tried before a general one."""
    folder = resources.files("adspend_datasets") / "curve_profiles"
    texts = [entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")]
    profiles = [CurveProfile.model_validate(tomllib.loads(text)) for text in texts]
    return tuple(sorted(profiles, key=lambda profile: (-len(profile.required), profile.name)))


def recognised(header: Collection[str]) -> CurveProfile | None:
    """The layout whose columns the lower-case ``header`` has, or None.

    >>> recognised(["channel", "spend", "response"]).name
    'robyn'
    """
    return next((profile for profile in curve_profiles() if set(profile.required) <= set(header)), None)


def unsaid(file: str, profile: CurveProfile, days: int | None, outcome: Outcome | None) -> Iterator[Fault]:
    """What a tool's file does not say of itself; a guess could be wrong sevenfold or by an order's value."""
    title, span, example = profile.title.text, profile.span.text, profile.span_example.text
    if days is None:
        law = Text(
            f"{title.zh}一行是{span.zh}，必须用 --curve-days 写明是几天",
            f"a row of {title.en} covers {span.en}: --curve-days must say how many days that is",
        )
        remedy = Text(f"例如{example.zh}", f"For example, {example.en}")
        yield Fault(code="E-CURVE-DAYS", law=law, place=Place(file, column="--curve-days"), remedy=remedy)
    if outcome is None:
        law = Text(
            f"必须用 --curve-outcome 写明 {profile.outcome} 是成交额还是订单数",
            f"--curve-outcome must say whether {profile.outcome} is GMV or orders",
        )
        remedy = Text(*(f"--curve-outcome {' | '.join(get_args(Outcome))}",) * 2)
        yield Fault(code="E-CURVE-OUTCOME", law=law, place=Place(file, column="--curve-outcome"), remedy=remedy)
