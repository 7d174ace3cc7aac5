"""Real Facebook ads in cells of three or fewer: every cell is pooled, and none is trusted on approved conversions.

The data are not part of the project; the tests are skipped where they are absent.
"""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from adspend_datasets.report import TrafficReport
from adspend_models.bank import Grade
from adspend_models.posterior import PosteriorBank
from benchmarks.curves.crossfit_kag_facebook import DATA, FEW, LAST_DAY, METHODS, fit_ads, read_ads, report_of_ads

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"real data are not here: {DATA.name}")

Fitted = tuple[pd.DataFrame, PosteriorBank]


@pytest.fixture(scope="module", params=["all conversions", "approved"])
def fitted(request: pytest.FixtureRequest) -> Fitted:
    ads = read_ads(request.param)
    return ads, fit_ads(ads)


def few(fitted: Fitted) -> list[int]:
    """Which cells of the bank have at most three ads."""
    ads, bank = fitted
    size = ads.groupby(["segment", "slot"]).size()
    return [index for index, cell in enumerate(bank.cells) if size[cell.segment, cell.slot] <= FEW]


def test_the_ads_are_a_report_whose_cells_end_together() -> None:
    """Every ad is a day of its own in its cell, so that nothing is summed, and the last of each is the last day."""
    ads = read_ads("approved")
    report = report_of_ads(ads)
    assert isinstance(report, TrafficReport)
    days = report.rows.groupby(["segment", "slot"])["date"]
    assert (len(report.rows), len(report.cells)) == (936, 281)
    assert (days.nunique() == days.size()).all()
    assert (days.max() == pd.Timestamp(LAST_DAY)).all()
    assert int(report.rows["cost_fen"].sum()) == round(100 * float(ads["cost"].sum()))
    assert int(report.rows["orders"].sum()) == int(ads["count"].sum())


def test_cells_of_three_ads_are_refused_unless_they_carry_orders(fitted: Fitted) -> None:
    """Of 184 cells at most one passes, and only one whose three ads brought 30 conversions, the engine's own law."""
    _, bank = fitted
    grades = {index: bank.gradings[index].grade for index in few(fitted)}
    assert len(grades) == 184
    passed = [index for index, grade in grades.items() if grade is Grade.PASS]
    assert len(passed) <= 1
    assert all(np.nansum(bank.observations[index].orders) >= 30 for index in passed)


def test_a_cell_of_one_or_two_ads_fails(fitted: Fitted) -> None:
    """Two points cannot hold a curve of three parameters, whatever they are."""
    _, bank = fitted
    for index in few(fitted):
        if len(bank.observations[index].day) < 3:
            assert bank.gradings[index].grade is Grade.FAIL, bank.cells[index].label
            assert any("usable days; at least 3 are needed" in why.en for why in bank.gradings[index].reasons)


def test_their_curves_are_pooled(fitted: Fitted) -> None:
    """A cell's own fit would return its own sum; these stay within two thirds of that way from one power law for all.

    The power law, fitted to all ads by likelihood with SciPy, is the oracle of what complete pooling says.
    """
    ads, bank = fitted
    shared = ads.assign(law=METHODS["one power law for all"](ads, ads))
    own, made = [], []
    for index in few(fitted):
        seen = bank.observations[index]
        cell = bank.cells[index]
        law = float(shared.loc[(shared["segment"] == cell.segment) & (shared["slot"] == cell.slot), "law"].sum())
        grid = np.zeros((len(bank.cells), seen.cost.size))
        grid[index] = seen.cost
        expected = float(bank.mean_orders(grid)[index].sum()) / bank.hyper.plan_day
        own.append(float(np.nansum(seen.orders)) / law)
        made.append(expected / law)
    assert np.std(made) < 2 / 3 * np.std(own), (np.std(made), np.std(own))


def test_an_ad_of_an_unseen_cell_is_forecast_by_the_pool() -> None:
    """Ads of the segment's other interests speak for an interest never shown: no zero, no return of its own."""
    ads = read_ads("approved")
    unseen = (ads["segment"] == "30-34 M") & (ads["slot"] == "interest 16")
    made = METHODS["pooled curves"](ads[~unseen], ads[unseen])
    assert made.shape == (int(unseen.sum()),)
    assert np.all(made > 0)
    assert np.all(np.diff(made[np.argsort(ads.loc[unseen, "cost"].to_numpy())]) >= 0), "rising in cost"


def test_the_pseudo_days_need_no_clock() -> None:
    assert report_of_ads(read_ads("approved")).last_date == LAST_DAY == datetime.date(2017, 1, 1)
