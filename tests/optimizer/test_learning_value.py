"""Gains read off between the levels at which they are computed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from adspend.learning_value import LEVELS, SPENDS, _between_levels, doubted


def row(least: int, reach: int, own: int) -> np.ndarray:
    """Spends of a cell as ``learning`` lists them, without rounding to a step."""
    grid = (least * (reach / least) ** np.linspace(0, 1, SPENDS)).astype(np.int64)
    return np.concatenate([[0], grid, [own]])[None]


def test_by_hand() -> None:
    """What is linear in the logarithm is read off exactly: 0 at 100 yuan, 14 at 100 x 2^14 yuan."""
    spend = row(10_000, 10_000 * 2**14, 10_000 * 2**5)
    gain = np.arange(0.0, 15.0, 2.0)[None]
    np.testing.assert_allclose(_between_levels(gain, spend)[0, 1:], [*range(15), 5], atol=1e-4)


@given(st.integers(100, 10_000), st.floats(1, 1e4), st.integers(0, 10**8), st.integers(0, 2**32 - 1))
def test_levels_keep_theirs_and_nothing_leaves_their_range(least: int, ratio: float, own: int, seed: int) -> None:
    spend = row(least, int(least * ratio), own)
    gain = np.random.default_rng(seed).exponential(size=(1, (SPENDS + 1) // 2))
    found = _between_levels(gain, spend)
    assert found.min() >= gain.min() - 1e-12
    assert found.max() <= gain.max() + 1e-12
    ends = [0, -1] if int(least * ratio) > least else [0, 0]
    np.testing.assert_allclose(found[:, LEVELS][:, [0, -1]], gain[:, ends])


@given(st.floats(1.1, 5), st.integers(0, 2**32 - 1))
def test_doubt_widens_the_logarithms_and_keeps_the_means(doubt: float, seed: int) -> None:
    draws = np.exp(np.random.default_rng(seed).normal(3, 0.4, (40, 2, 3)))
    wide = doubted(draws, doubt)
    np.testing.assert_allclose(wide.mean(axis=0), draws.mean(axis=0))
    np.testing.assert_allclose(np.log(wide).std(axis=0), doubt * np.log(draws).std(axis=0))
    assert (np.argsort(wide, axis=0) == np.argsort(draws, axis=0)).all()


def test_doubt_by_hand() -> None:
    """Draws 1 and 4 lie a factor 2 around 2; doubled, a factor 4: 1/2 and 8, times 2.5 / 4.25. No value stays none."""
    np.testing.assert_allclose(doubted(np.array([1.0, 4.0]).reshape(2, 1, 1), 2.0).ravel(), [2.5 / 8.5, 8 * 2.5 / 4.25])
    assert not doubted(np.zeros((3, 1, 1)), 2.0).any()
    same = np.ones((2, 1, 1))
    assert doubted(same, 1.0) is same
