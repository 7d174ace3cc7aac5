"""A fit ends near its fixed point: where the loop would stand after as many rounds as anybody cares to wait."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from adspend_models import empirical_bayes
from adspend_models.calendar_effects import lay_out_calendar
from adspend_models.effects import lay_out_effects
from adspend_models.empirical_bayes import Learned, learn
from adspend_models.market.case import MarketCase
from adspend_models.market.day_report import report_of
from adspend_models.market.families import FAMILIES
from adspend_models.market.operator_rule import OperatorRule, run
from adspend_models.panel import read_panel
from adspend_models.prior import Prior
from adspend_models.sample import take_sample

DAYS = 30
NEAR, NEAR_ALL = 0.2, 0.6  # posterior standard deviations: the median cell, and every cell


def fitted(case: MarketCase, *, rounds: int) -> Learned:
    """The fit to an operator's month in a market."""
    rule = OperatorRule(
        budget_fen=case.daily_budget * 100,
        minimum_fen=case.min_if_active * 100,
        maximum_fen=case.max * 100,
        step_fen=10_000,
        levels_fen=(30_000, 50_000, 90_000),
        start_fen=50_000,
        test_days=6,
        target_roi=1 / case.net_rate,
        seed=case.seed,
    )
    date = case.first + datetime.timedelta(days=DAYS)
    report = report_of(run(case.world, rule, first=case.first, days=DAYS), date)
    panel = read_panel(report, report.cells, date)
    prior = Prior(reference_cost=500, gmv_return=1 / case.net_rate, order_value=80)
    sample = take_sample(panel, panel.usable, prior.reference_cost)
    effects = lay_out_effects(panel.cells, np.log(sample.reference / prior.reference_cost), prior)
    calendar = lay_out_calendar(panel, panel.usable, date.toordinal())
    return learn(sample, effects, calendar, rounds=rounds)


@pytest.mark.parametrize("family", ["stationary", "sparse"])
def test_a_fit_stops_near_its_fixed_point(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On months of an operator's own spend, which say little of saturation: what all cells share creeps there."""
    case = FAMILIES[family](3, 6, 8)
    usual = fitted(case, rounds=empirical_bayes.ROUNDS)
    monkeypatch.setattr(empirical_bayes, "SETTLED", 0.0)
    settled = fitted(case, rounds=150)
    sd = np.sqrt(np.einsum("nii->ni", settled.pooled.covariance))
    short = (np.abs(usual.pooled.mean - settled.pooled.mean) / sd).max(axis=1)
    assert usual.rounds < settled.rounds == 150
    assert np.median(short) < NEAR
    assert short.max() < NEAR_ALL
