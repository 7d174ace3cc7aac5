"""Every strategy gets through every kind of market within the shop's rules."""

from __future__ import annotations

import numpy as np
import pytest

from adspend.contest import hold_contest
from adspend.market_shop import market_shop
from adspend.strategies.registry import builtin_strategies
from adspend_datasets.text import Text
from adspend_models.market.families import FAMILIES
from adspend_models.market.presets import preset_18m

MARKETS = {**FAMILIES, "preset_18m": preset_18m}


@pytest.mark.gate
@pytest.mark.parametrize("family", MARKETS)
def test_every_strategy_in_every_market(family: str) -> None:
    case = MARKETS[family](2, segments=3, slots=3)
    contest = hold_contest(
        case.world,
        market_shop(case),
        list(builtin_strategies().values()),
        market=Text(family, family),
        first=case.first,
        days=10,
        seed=3,
        calendar=case.calendar,
    )
    for run in (contest.best, *(entry.run for entry in contest.entries)):
        assert not run.violations.any(), run.name
        assert np.isfinite(run.expected).all()
        assert run.cost.sum() > 0, run.name
    assert contest.best.expected.sum() > 0
