"""Pooling against the same model written as one large Gaussian, and EM against its own objective."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from adspend_datasets.cell import Cell
from adspend_models.block_inverse import inverse_without_cross_terms
from adspend_models.draws import draw_curves
from adspend_models.effects import CELL_SD, CELL_WEIGHT, FACTOR_SD, Effects, lay_out_effects
from adspend_models.pooling import (
    FACTOR_WEIGHT,
    Spread,
    Summary,
    pool,
    reestimate_spread,
    starting_spread,
)
from adspend_models.prior import Prior

Floats = NDArray[np.float64]

PRIOR = Prior(reference_cost=300, gmv_return=3, order_value=80)
CELLS = tuple(Cell(f"s{i}", f"t{j}") for i in range(3) for j in range(4))


def made(seed: int) -> tuple[Effects, Spread, Summary]:
    """Twelve cells, one never tried, with arbitrary summaries and spreads."""
    rng = np.random.default_rng(seed)
    effects = lay_out_effects(CELLS, rng.normal(0, 1, 12), PRIOR)
    half = rng.normal(size=(12, 3, 3))
    precision = half @ half.transpose(0, 2, 1) * np.exp(rng.uniform(-2, 4, 12))[:, None, None]
    precision[5] = 0.0
    pull = np.einsum("nij,nj->ni", precision, rng.normal(0, 1, (12, 3)) + np.array([-3, 1, 0.2]))
    cell = np.array([[0.3, 0.05, 0.0], [0.05, 0.2, -0.02], [0.0, -0.02, 0.04]])
    return effects, Spread(cell=cell, factor=rng.uniform(0.02, 0.2, (2, 3))), Summary(pull=pull, precision=precision)


def dense(effects: Effects, spread: Spread, summary: Summary) -> tuple[Floats, Floats, float]:
    """Mean and covariance of (B, theta) stacked, and the log marginal likelihood up to a constant.

    The joint precision is written down entry by entry: prior of B, prior of theta given B, data.
    """
    n, p = effects.design.shape
    prior = effects.precision.copy()
    for column, family in enumerate(effects.family):
        if family >= 0:
            prior[column] = 1.0 / spread.factor[family]
    known = np.linalg.inv(spread.cell)
    size = 3 * (p + n)
    precision, pull = np.zeros((size, size)), np.zeros(size)
    precision[: 3 * p, : 3 * p] = np.diag(prior.ravel())
    pull[: 3 * p] = (prior * effects.centre).ravel()
    for i in range(n):
        to_shared = np.kron(effects.design[i], np.eye(3))  # t_i = to_shared @ B.ravel()
        rows = slice(3 * (p + i), 3 * (p + i) + 3)
        precision[: 3 * p, : 3 * p] += to_shared.T @ known @ to_shared
        precision[: 3 * p, rows] -= to_shared.T @ known
        precision[rows, : 3 * p] -= known @ to_shared
        precision[rows, rows] += known + summary.precision[i]
        pull[rows] += summary.pull[i]
    covariance = np.linalg.inv(precision)
    mean = covariance @ pull
    evidence = (
        0.5 * np.log(prior).sum()
        + 0.5 * n * np.linalg.slogdet(known)[1]
        - 0.5 * np.linalg.slogdet(precision)[1]
        - 0.5 * (prior * effects.centre**2).sum()
        + 0.5 * pull @ mean
    )
    return mean, covariance, float(evidence)


@pytest.mark.parametrize("seed", range(3))
def test_the_posterior_is_that_of_one_large_gaussian(seed: int) -> None:
    effects, spread, summary = made(seed)
    pooled = pool(effects, spread, summary)
    mean, covariance, _ = dense(effects, spread, summary)
    n, p = effects.design.shape
    assert pooled.effect.ravel() == pytest.approx(mean[: 3 * p], abs=1e-8)
    assert pooled.mean.ravel() == pytest.approx(mean[3 * p :], abs=1e-8)
    for i in range(n):
        rows = slice(3 * (p + i), 3 * (p + i) + 3)
        assert pooled.covariance[i] == pytest.approx(covariance[rows, rows], abs=1e-8)
        assert pooled.shared[i] == pytest.approx(np.kron(effects.design[i], np.eye(3)) @ mean[: 3 * p], abs=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_draws_have_the_joint_mean_and_covariance(seed: int) -> None:
    """20,000 draws: standard errors of a covariance entry are about var / 100; 5 of them are allowed."""
    effects, spread, summary = made(seed)
    theta = draw_curves(pool(effects, spread, summary), effects, 20_000, np.random.default_rng(seed))
    mean, covariance, _ = dense(effects, spread, summary)
    p = effects.design.shape[1]
    block = covariance[3 * p :, 3 * p :]
    deviation = np.sqrt(np.diag(block))
    flat = theta.reshape(len(theta), -1)
    assert (
        np.abs((flat.mean(axis=0) - mean[3 * p :]) / deviation).max() < 0.02
    )  # stratified: far below 1 / sqrt(20,000)
    correlation = np.corrcoef(flat.T)
    assert np.abs(correlation - block / np.outer(deviation, deviation)).max() < 0.05


@pytest.mark.parametrize("seed", range(3))
def test_every_em_step_raises_the_penalised_evidence(seed: int) -> None:
    """EM's law. The penalty is the inverse-gamma prior that the step's weights stand for."""
    effects, spread, summary = made(seed)
    tried = np.ones(12, dtype=bool)  # the law holds when all cells enter the spread

    def objective(at: Spread) -> float:
        known = np.linalg.inv(at.cell)
        weak = CELL_WEIGHT * np.diag(np.square(CELL_SD))
        cell = -0.5 * CELL_WEIGHT * np.linalg.slogdet(at.cell)[1] - 0.5 * np.trace(weak @ known)
        factor = -0.5 * FACTOR_WEIGHT * (np.log(at.factor) + np.square(FACTOR_SD) / at.factor).sum()
        return dense(effects, at, summary)[2] + cell + factor

    before = objective(spread)
    for _ in range(10):
        spread = reestimate_spread(effects, pool(effects, spread, summary), tried)
        after = objective(spread)
        assert after >= before - 1e-3, f"{after} after {before}"  # the bound on correlations costs up to 1e-3
        before = after


def test_without_data_the_prior_stands() -> None:
    effects = lay_out_effects(CELLS, np.zeros(12), PRIOR)
    nothing = Summary(pull=np.zeros((12, 3)), precision=np.zeros((12, 3, 3)))
    pooled = pool(effects, starting_spread(effects), nothing)
    assert pooled.mean == pytest.approx(np.tile(effects.centre[0], (12, 1)))
    unchanged = reestimate_spread(effects, pooled, np.zeros(12, dtype=bool))
    assert unchanged.cell == pytest.approx(np.diag(np.square(CELL_SD)))
    assert unchanged.factor == pytest.approx(np.tile(np.square(FACTOR_SD), (2, 1)))


def test_a_factor_that_cannot_teach_gets_no_columns() -> None:
    """One slot for all, and one segment per cell: nothing is shared by some but not all."""
    cells = [Cell(f"s{i}", "ALL") for i in range(5)]
    assert lay_out_effects(cells, np.zeros(5), PRIOR).factors == ()
    assert lay_out_effects(CELLS, np.zeros(12), PRIOR).factors == ("segment", "slot")


@pytest.mark.parametrize("columns", [6, 24])  # below the size from which levels are eliminated, and above
@pytest.mark.parametrize("levels", [[], [2, 3, 4], [1, 5]])
def test_the_block_inverse_is_the_inverse(levels: list[int], columns: int) -> None:
    """A random precision whose ``levels`` do not touch each other."""
    rng, rows = np.random.default_rng(len(levels)), 3 * columns
    half = rng.normal(size=(rows, rows + 12))
    blocks = (half @ half.T + 20 * np.eye(rows)).reshape(columns, 3, columns, 3)
    for one in levels:
        for other in set(levels) - {one}:
            blocks[one, :, other, :] = 0.0
    exact = np.linalg.inv(blocks.reshape(rows, rows)).reshape(columns, 3, columns, 3)
    assert inverse_without_cross_terms(blocks, np.array(levels, dtype=np.int64)) == pytest.approx(exact, abs=1e-12)
