"""Medians of rows with gaps, against NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from adspend_models.medians import row_medians


def test_agrees_with_numpy_where_rows_have_gaps() -> None:
    rng = np.random.default_rng(1)
    values, counted = rng.normal(size=(40, 9)), rng.random((40, 9)) < 0.6
    values[~counted] = np.where(rng.random((40, 9)) < 0.5, np.nan, 1e9)[~counted]
    counted[0] = True
    some = counted.any(axis=1)
    expected = np.nanmedian(np.where(counted, values, np.nan)[some], axis=1)
    assert row_medians(values, counted)[some] == pytest.approx(expected, rel=1e-15)


def test_rows_without_entries_have_no_median() -> None:
    assert np.isnan(row_medians(np.ones((2, 3)), np.zeros((2, 3), dtype=np.bool_))).all()
    assert row_medians(np.empty((2, 0)), np.empty((2, 0), dtype=np.bool_)).shape == (2,)
