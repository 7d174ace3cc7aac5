"""Every point of the space is a policy, and no panel shares a world with another."""

from __future__ import annotations

import itertools

import pytest

from adspend.policy import Policy
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
from adspend.tuning.space import SPACE, Dimension, Kind, policy_of, values_of
from adspend_models.market.families import FAMILIES


def test_every_corner_is_a_policy_and_is_found_again() -> None:
    for corner in itertools.product(*((each.low, each.high) for each in SPACE)):
        values = dict(zip((each.name for each in SPACE), corner, strict=True))
        policy = policy_of(Policy(), values)
        assert list(policy.test_levels) == sorted(policy.test_levels)
        wide = tuple(Dimension(each.name, each.kind, each.low * 0.99, each.high * 1.01) for each in SPACE)
        assert values_of(policy, wide) == pytest.approx(values, rel=2e-3)


def test_the_default_lies_inside_and_is_found_by_its_own_values() -> None:
    values = values_of(Policy())
    assert values is not None
    assert policy_of(Policy(), values) == Policy()


def test_what_lies_outside_has_no_values() -> None:
    assert values_of(Policy(test_share=1.0)) is None
    assert values_of(Policy(test_levels=(0.3, 1.0, 2.0, 3.0))) is None


def test_values_have_four_digits() -> None:
    assert policy_of(Policy(), {"test_share": 0.123456789}).test_share == 0.1235


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
