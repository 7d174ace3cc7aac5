"""Every point of the space is a policy, and no panel shares a world with another."""

from __future__ import annotations

import numpy as np
import pytest

from adspend.policy import Policy
from adspend.tuning.journal import digest
from adspend.tuning.panel import (
    HELD_OUT_FAMILIES,
    HELD_OUT_SEEDS,
    SELECTION_SEEDS,
    TRAINING_FAMILIES,
    TRAINING_SEEDS,
    TWIN_DRAWS,
    Panels,
    market_panels,
)
from adspend.tuning.space import SPACE, Dimension, Kind, policy_of, space_of, values_of
from adspend_models.market.families import FAMILIES
from oracles.formula_runs import DEFAULT


def test_every_corner_is_a_policy_and_is_found_again() -> None:
    """Both ends of every dimension, and corners drawn at random; rounding may move a value by a thousandth."""
    rng = np.random.default_rng(1)
    wide = tuple(Dimension(each.name, each.kind, each.low * 0.99 - 1e-9, each.high * 1.01) for each in SPACE)
    for is_high in (np.zeros(len(SPACE)), np.ones(len(SPACE)), *rng.integers(2, size=(40, len(SPACE)))):
        values = {each.name: each.high if high else each.low for each, high in zip(SPACE, is_high, strict=True)}
        policy = policy_of(DEFAULT, values)
        assert list(policy.test_levels) == sorted(policy.test_levels)
        assert values_of(policy, wide) == pytest.approx(values, rel=2e-3)


def test_the_default_lies_inside_and_is_found_by_its_own_values() -> None:
    values = values_of(DEFAULT, SPACE)
    assert values is not None
    again = policy_of(DEFAULT, values)
    assert digest(again) == digest(DEFAULT)
    for before, after in zip(DEFAULT.stages, again.stages, strict=True):
        assert again.within(after).model_dump() | {"stages": ()} == DEFAULT.within(before).model_dump() | {"stages": ()}


def test_a_stage_s_number_moves_that_stage_alone() -> None:
    """And what a stage leaves open still follows the policy."""
    policy = policy_of(DEFAULT, {"stage2.test_share": 0.3, "kill": 0.05})
    first, _, third = (DEFAULT.within(stage).test_share for stage in DEFAULT.stages)
    assert [policy.within(stage).test_share for stage in policy.stages] == [first, 0.3, third]
    assert [policy.within(stage).kill for stage in policy.stages] == [0.05] * 3
    assert digest(policy) != digest(policy_of(DEFAULT, {"kill": 0.05}))


def test_a_policy_without_stages_has_no_stage_to_tune() -> None:
    names = [each.name for each in space_of(Policy())]
    assert "kill" in names
    assert not any(name.startswith("stage") for name in names)


def test_what_lies_outside_has_no_values() -> None:
    assert values_of(DEFAULT.model_copy(update={"kill": 1.0}), SPACE) is None
    assert values_of(DEFAULT.model_copy(update={"test_levels": (0.3, 1.0, 2.0, 3.0)}), SPACE) is None


def test_values_have_four_digits() -> None:
    assert policy_of(DEFAULT, {"kill": 0.123456789}).kill == 0.1235


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="low < high"):
        Dimension("test_share", Kind.REAL, 0.5, 0.5)
    with pytest.raises(ValueError, match="low > 0"):
        Dimension("test_share", Kind.REAL, 0.0, 0.5, log=True)


def test_training_and_held_out_share_neither_family_nor_seed_nor_draw() -> None:
    assert sorted((*TRAINING_FAMILIES, *HELD_OUT_FAMILIES)) == sorted(FAMILIES)
    seeds = [*TRAINING_SEEDS, *SELECTION_SEEDS, *HELD_OUT_SEEDS]
    assert len({seed % TWIN_DRAWS for seed in seeds}) == len(seeds)


def test_panels_that_share_a_world_are_refused() -> None:
    panels = market_panels(worlds=2, fresh=3)
    assert (len(panels.training), len(panels.selection), len(panels.held_out)) == (12, 12, 18)
    with pytest.raises(ValueError, match="disjoint"):
        Panels(training=panels.training, selection=panels.training, held_out=panels.held_out)
