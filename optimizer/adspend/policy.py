"""The policy (放量策略): when to test, at which levels, how much of the day to set aside for it, and stage by stage.

A policy is data: numbers with units and bounds, and a list of stages (阶段), each a preset of those numbers with the
rule that ends it. ``adspend.exploration`` acts on the numbers, ``adspend.stages`` finds the stage.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationError, model_validator

from adspend.policy_stage import Numbers, StageSection
from adspend.shop import Shop
from adspend.shop_faults import shop_faults
from adspend.toml_faults import read_toml
from adspend_datasets.errors import BadDataError

SCHEMA: Literal["adspend.policy/2"] = "adspend.policy/2"
VERSION_1 = "adspend.policy/1"
PRESETS = ("cold_start_promo_stable", "prep_stable_campaign", "untuned")
DEFAULT, _, UNTUNED = PRESETS


class Policy(Numbers):
    """The numbers of test-then-scale and the stages that change them.

    Attributes:
        schema_: the file's schema, so that old files are recognised.
        stages: presets in the order in which a shop goes through them; none: the numbers hold on every day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_: Literal["adspend.policy/2"] = Field(default=SCHEMA, alias="schema")
    stages: Annotated[tuple[StageSection, ...], Field(max_length=20)] = ()

    @model_validator(mode="before")
    @classmethod
    def _of_version_1(cls, found: Any) -> Any:  # noqa: ANN401  whatever TOML holds
        """Version 1 called ``kill`` ``test_promise``, and tested with a fifth of the day unless it said otherwise."""
        if not isinstance(found, dict) or not (found.get("schema") == VERSION_1 or "test_promise" in found):
            return found
        renamed = {"kill" if key == "test_promise" else key: value for key, value in found.items()}
        return {"test_share": 0.2, **renamed, "schema": SCHEMA}

    def within(self, stage: StageSection | None) -> Policy:
        """The policy with a stage's numbers in place of its own."""
        own = Numbers.model_fields.keys() & stage.model_fields_set if stage else ()
        return self.model_copy(update={name: getattr(stage, name) for name in own})


def default_policy(shop: Shop) -> Policy:
    """The shipped policy, with what the shop file itself says about tests in every stage."""
    return for_shop(bundled_policy(DEFAULT), shop)


def for_shop(policy: Policy, shop: Shop) -> Policy:
    """The policy with the shop file's ``[test]`` wherever that says something."""
    names = {"share": "test_share", "levels": "test_levels"}
    typed = {names[key]: getattr(shop.test, key) for key in names if key in shop.test.model_fields_set}
    stages = tuple(stage.model_copy(update=typed) for stage in policy.stages)
    return policy.model_copy(update={**typed, "stages": stages})


def bundled_policy(name: str) -> Policy:
    """One of ``PRESETS``."""
    file = f"{name}.toml"
    return parse_policy(files("adspend").joinpath("policies", file).read_bytes(), file=file)


def read_policy(path: Path) -> Policy:
    """The policy in a TOML file.

    Raises:
        BadDataError: not TOML, or keys or values outside their laws.
    """
    return parse_policy(path.read_bytes(), file=path.name)


def parse_policy(content: bytes, *, file: str) -> Policy:
    """The policy in a TOML file's bytes, see ``read_policy``."""
    document = read_toml(content, file)
    try:
        return Policy.model_validate(document)
    except ValidationError as error:
        raise BadDataError(shop_faults(error, Policy, file)) from error
