"""Hill stays unless another family's lead is large and sure."""

from __future__ import annotations

import numpy as np
import pytest

from adspend_datasets.text import Text
from adspend_models.shape_choice import choose_shape

NAMES = [Text("Hill", "Hill"), Text("乙", "other"), Text("丙", "third")]


def leads(total: float, noise: float, days: int = 100) -> np.ndarray:
    """Scores whose lead over zero is ``total`` with a standard error of ``noise``."""
    wave = np.resize([1.0, -1.0], days)
    return total / days + noise / np.sqrt(days) * wave


@pytest.mark.parametrize(
    ("lead", "error", "index"),
    [(10.0, 1.0, 1), (3.9, 0.1, 0), (10.0, 6.0, 0), (-10.0, 1.0, 0), (4.1, 2.0, 1)],
)
def test_a_lead_must_be_large_and_sure(lead: float, error: float, index: int) -> None:
    """More than 4 in all, and more than two standard errors."""
    choice = choose_shape(NAMES[:2], [np.zeros(100), leads(lead, error)])
    assert choice.index == index
    assert choice.scores[1].lead == pytest.approx(lead)
    assert choice.scores[1].lead_error == pytest.approx(error)


def test_of_several_leaders_the_first_wins_by_lead_and_the_reason_says_so() -> None:
    """The largest lead, in words with its figures."""
    choice = choose_shape(NAMES, [np.zeros(100), leads(8.0, 1.0), leads(12.0, 1.0)])
    assert choice.index == 2
    assert choice.reason.en == "third: forecasts left-out days clearly better than Hill (+12.0 +- 1.0)"
    kept = choose_shape(NAMES, [np.zeros(100), leads(1.0, 1.0), leads(2.0, 1.5)])
    assert kept.reason.en == "Hill: no family forecasts left-out days clearly better (nearest: third, +2.0 +- 1.5)"


def test_no_days_and_one_family_keep_the_default() -> None:
    """Nothing to score is no reason to change."""
    assert choose_shape(NAMES[:2], [np.empty(0), np.empty(0)]).index == 0
    assert choose_shape(NAMES[:1], [np.empty(0)]).reason.en == "fitted as Hill curves"
