"""The policy (放量策略): when to test, at which levels, and how much of the day to set aside for it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, ValidationError

from adspend.shop import Shop
from adspend.shop_faults import shop_faults, toml_fault
from adspend.shop_sections import Levels, Section
from adspend_datasets.errors import BadDataError


class Policy(Section):
    """Named parameters of test-then-scale.

    Attributes:
        schema_: the file's schema, so that old files are recognised.
        test_share: most of the day's budget that goes to tests once there is history (share, 0-1).
        test_levels: spend levels of a test day as multiples of an even split; three wide levels teach more than one.
        test_promise: a cell is tested again only while at least this share of the posterior earns money at the test
            spend (probability, 0-1); the rest of the cells are left alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_: Literal["adspend.policy/1"] = Field(default="adspend.policy/1", alias="schema")
    test_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    test_levels: Levels = (0.3, 1.0, 3.0)
    test_promise: Annotated[float, Field(ge=0, le=1)] = 0.1


def default_policy(shop: Shop) -> Policy:
    """The policy that a shop file alone asks for."""
    return Policy(test_share=shop.test.share, test_levels=shop.test.levels)


def read_policy(path: Path) -> Policy:
    """The policy in a TOML file.

    Raises:
        BadDataError: not TOML, or keys or values outside their laws.
    """
    try:
        return Policy.model_validate(tomllib.loads(path.read_bytes().decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadDataError([toml_fault(error, path.name)]) from error
    except ValidationError as error:
        raise BadDataError(shop_faults(error, Policy, path.name)) from error
