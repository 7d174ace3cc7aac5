"""The misfit check against worlds whose shape is known, and the rising line that replaces a curve that misses."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from adspend_datasets.cell import Cell
from adspend_models.bank import Grade
from adspend_models.bank_json import curves_to_json
from adspend_models.fit import fit_curves
from adspend_models.misfit import spend_bands
from adspend_models.monotone import MonotoneCurves
from adspend_models.posterior import PosteriorBank
from adspend_models.prior import Prior
from adspend_models.sample import Sample
from oracles.known_worlds import EVEN, sell
from oracles.made_reports import cell_rows, day_after, grid_cells, report_from_arrays, report_of

Floats = np.ndarray
CELLS = grid_cells(6, 8)
DAYS = 60
PRIOR = Prior(reference_cost=EVEN, gmv_return=8, order_value=80)


def concave(cost: Floats, _: Floats) -> Floats:
    return 60 * cost / (2 * EVEN + cost)


def threshold(cost: Floats, place: Floats) -> Floats:
    """Nearly nothing below a cost of the cell's own, as where an auction asks for a least bid."""
    return np.where(cost < place, 0.15, 1.0) * concave(cost, place)


def falling(cost: Floats, place: Floats) -> Floats:
    """Past that cost more brings less."""
    return np.where(cost < place, concave(cost, place), concave(place, place) * np.maximum(cost / place, 1.0) ** -0.9)


def found(truth: Callable[[Floats, Floats], Floats], worlds: int) -> float:
    """Share of the cells said to be misfits."""
    hits = 0
    for seed in range(worlds):
        rng = np.random.default_rng([71, seed])
        level, place = np.exp([[0.4], [0.5]] * rng.standard_normal((2, len(CELLS))))[:, :, None]
        spread = np.tile(np.geomspace(0.3, 3, DAYS), (len(CELLS), 1))
        cost = EVEN * rng.permuted(spread, axis=1)
        report = report_from_arrays(CELLS, cost, sell(rng, level * truth(cost, EVEN * place)), 80.0)
        bank = fit_curves(report, CELLS, plan_date=day_after(DAYS), prior=PRIOR, rng=rng, draws=100)
        hits += len(bank.monotone)
    return hits / (worlds * len(CELLS))


def test_few_sound_cells_are_called_misfits_and_many_unsound_ones() -> None:
    """192 sound cells at a rate of 1 %: more than 8 has a chance below 1 in 5,000. Bent ones of 60 days are found."""
    assert found(concave, 4) <= 8 / 192
    assert found(threshold, 2) > 0.3
    assert found(falling, 2) > 0.3


def test_bands_by_hand() -> None:
    """Nine days in three bands of three; equal costs share a band; under six days nothing is split."""
    cost = np.array([[1.0, 2, 3, 4, 5, 6, 7, 8, 9], [1.0, 3, 3, 3, 3, 3, 9, 9, 9], [1.0, 2, 3, 4, 5, 0, 0, 0, 0]])
    ok = cost > 0
    sample = Sample(
        ok=ok, orders=np.zeros(cost.shape), log_ratio=np.log(np.where(ok, cost, 1.0)), reference=np.ones(3),
        usual=np.ones(3), natural=np.zeros((3, 1)), factor=np.ones(cost.shape),
    )  # fmt: skip
    assert spend_bands(sample).tolist() == [
        [0, 0, 0, 1, 1, 1, 2, 2, 2],
        [0, 0, 0, 0, 0, 0, 2, 2, 2],
        [-1] * 9,
    ]


def test_a_line_by_hand() -> None:
    """Through (100, 2) and (300, 4): 1 at 50, 3 at 200, 4 for ever after."""
    line = MonotoneCurves(cost=np.array([0.0, 100, 300]), orders=np.array([[0.0, 2, 4]]))
    assert line.value(np.array([0.0, 50, 100, 200, 300, 9000])).tolist() == [[0, 1, 2, 3, 4, 4]]
    for cost, orders in (([0.0, 100], [0.0, -1]), ([1.0, 100], [0.0, 1]), ([0.0, 0], [0.0, 1])):
        with pytest.raises(ValueError, match="must"):
            MonotoneCurves(cost=np.array(cost), orders=np.array([orders]))


def stepped() -> PosteriorBank:
    """A cell that sells 2 orders a day below 300 yuan and 80 above, in every pass through the levels."""
    cost = [100.0, 150, 200, 250, 290, 310, 350, 400, 450, 500] * 6
    rows = cell_rows(cost, [2 if c < 300 else 80 for c in cost])
    cells = (Cell("never", "ALL"), Cell("新客", "20:00-22:00"))
    return fit_curves(report_of(rows), cells, plan_date=day_after(60), prior=PRIOR, rng=np.random.default_rng(2))


def test_a_step_is_named_and_followed() -> None:
    """Means of 2 and 80 orders are what the line must say well inside either side of the step."""
    bank = stepped()
    assert list(bank.monotone) == [1]
    assert bank.gradings[1].grade is Grade.REVIEW
    reason = next(text for text in bank.gradings[1].reasons if text.en.startswith("curve misses"))
    assert "曲线与实际数据不符" in reason.zh
    cost = np.tile([0.0, 150, 450, 5000], (2, 1))
    mean, draws = bank.mean_orders(cost), bank.order_draws(cost)
    assert mean == pytest.approx(draws.mean(axis=0))
    assert mean[1] == pytest.approx([0, 2, 80, 80], rel=0.3, abs=2)
    assert np.all(np.diff(draws, axis=2) >= 0)
    assert np.all(draws[:, :, 0] == 0)


def test_the_file_has_the_corners_of_the_line() -> None:
    """A stranger who joins the corners gets the table; a cell with a line has no parameters."""
    never, cell = json.loads(curves_to_json(stepped()))["cells"]
    assert (never["line"], cell["parameters"]) == (None, None)
    table, line = cell["curve"], cell["line"]
    assert table["orders"] == pytest.approx(np.interp(table["cost"], line["cost"], line["orders"]), rel=1e-4)


def test_a_check_moves_no_curve_that_passes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bank = stepped()
    monkeypatch.setattr("adspend_models.fit.UNLIKELY", 0.0)
    unchecked = stepped()
    assert np.array_equal(bank.curves.level, unchecked.curves.level)
    assert not unchecked.monotone
