"""Groups of rows as pandas' own group-by finds them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from adspend_datasets.row_codes import row_codes


@pytest.mark.parametrize("sort", [False, True])
@pytest.mark.parametrize("rows", [0, 1, 2, 7, 60])
def test_groups_agree_with_a_group_by(rows: int, sort: bool) -> None:
    """Few rows are apart after some of the columns, many after none."""
    rng = np.random.default_rng(rows)
    for _ in range(40):
        levels = rng.integers(1, 6)
        texts = np.array(["乙", "甲", "", "b", "a"])[:levels]
        numbers = pd.array(rng.integers(0, levels, rows), dtype="Int64")
        numbers[rng.random(rows) < 0.2] = pd.NA
        frame = pd.DataFrame(
            {
                "segment": pd.array(rng.choice(texts, rows), dtype="str"),
                "minute": numbers,
                "date": np.datetime64("2026-11-20", "us") + rng.integers(0, levels, rows).astype("timedelta64[D]"),
                "origin": 0,
            }
        )
        names = rng.permutation(frame.columns)[: rng.integers(1, 5)].tolist()
        expected = frame.groupby(names, sort=sort, dropna=False).ngroup().to_numpy()
        assert row_codes(frame, names, sort=sort).tolist() == expected.tolist()
